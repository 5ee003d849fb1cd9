"""An ordinary deny assignment: a managed application keeps others from its own group."""

from poise.model.azure.deny import DenyAssignmentRecord
from poise.model.samples.azure_subscription import HOME, SUBSCRIPTION

MANAGED = f"{HOME}/resourcegroups/managed-app"
DENY_ASSIGNMENT = DenyAssignmentRecord(
    id=f"{MANAGED}/providers/microsoft.authorization/denyassignments/00000000-0000-0000-0000-00000000000d",
    name="System deny assignment created by managed application",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    document={
        "id": f"{MANAGED}/providers/Microsoft.Authorization/denyAssignments/00000000-0000-0000-0000-00000000000d",
        "properties": {
            "denyAssignmentName": "System deny assignment created by managed application",
            "scope": MANAGED,
            "doNotApplyToChildScopes": False,
            "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
            "excludePrincipals": [{"id": "abababab-0000-0000-0000-000000000001", "type": "ServicePrincipal"}],
            "permissions": [{"actions": ["*"], "notActions": ["*/read"], "dataActions": [], "notDataActions": []}],
        },
    },
)
