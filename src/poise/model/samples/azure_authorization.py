"""An ordinary role assignment and a role of one's own, as they should be."""

from poise.model.azure.authorization import Permission, RoleAssignment, RoleDefinition
from poise.model.samples.azure_subscription import GROUP, HOME, SUBSCRIPTION

ROLES = f"{HOME}/providers/microsoft.authorization/roledefinitions"
READER = f"{ROLES}/acdd72a7-3385-48ef-bd42-f606fba81ae7"
OWNER = f"{ROLES}/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"

ROLE_ASSIGNMENT = RoleAssignment(
    id=f"{GROUP}/providers/microsoft.authorization/roleassignments/00000000-0000-0000-0000-00000000000a",
    name="00000000-0000-0000-0000-00000000000a",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    role_definition=READER,
    principal_id="12121212-3434-5656-7878-909090909090",
    principal_type="Group",
    assigned_at=GROUP,
    condition=None,
    created="2024-03-01T09:00:00.0000000Z",
    created_by="34343434-5656-7878-9090-121212121212",
)
ROLE_DEFINITION = RoleDefinition(
    id=f"{ROLES}/99999999-8888-7777-6666-555544443333",
    name="Shop restarter",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    guid="99999999-8888-7777-6666-555544443333",
    role_type="CustomRole",
    description="Restarts the shop's machines",
    assignable_scopes=(GROUP,),
    permissions=(
        Permission(
            actions=("Microsoft.Compute/virtualMachines/read", "Microsoft.Compute/virtualMachines/restart/action"),
            not_actions=(),
            data_actions=(),
            not_data_actions=(),
            condition=None,
        ),
    ),
)
