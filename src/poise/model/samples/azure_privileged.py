"""An ordinary lock, eligible role, its activation, a managed identity, and a classic administrator."""

from poise.model.azure.identities import FederatedCredential, UserAssignedIdentity
from poise.model.azure.locks import ManagementLock
from poise.model.azure.privileged import (
    ClassicAdministratorRecord,
    RoleActivation,
    RoleEligibility,
    RoleManagementPolicy,
)
from poise.model.samples.azure_authorization import OWNER
from poise.model.samples.azure_subscription import GROUP, HOME, REGION, SUBSCRIPTION

AUTHORIZATION = f"{HOME}/providers/microsoft.authorization"
PERSON = "12121212-3434-5656-7878-909090909090"
MANAGEMENT_LOCK = ManagementLock(
    id=f"{GROUP}/providers/microsoft.authorization/locks/keep",
    name="keep",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    level="CanNotDelete",
    locked=GROUP,
    notes=None,
)
ROLE_ELIGIBILITY = RoleEligibility(
    id=f"{AUTHORIZATION}/roleeligibilityscheduleinstances/00000000-0000-0000-0000-00000000000e",
    name="00000000-0000-0000-0000-00000000000e",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    role_definition=OWNER,
    principal_id=PERSON,
    principal_type="User",
    assigned_at=HOME,
    condition=None,
    starts="2026-01-01T09:00:00Z",
    ends="2027-01-01T09:00:00Z",
    member_type="Direct",
)
ROLE_MANAGEMENT_POLICY = RoleManagementPolicy(
    id=f"{AUTHORIZATION}/rolemanagementpolicyassignments/00000000-0000-0000-0000-00000000000d",
    name="00000000-0000-0000-0000-00000000000d",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    role_definition=OWNER,
    assigned_at=HOME,
    approval_required=True,
    enabled_rules=("MultiFactorAuthentication", "Justification"),
)
ROLE_ACTIVATION = RoleActivation(
    id=f"{AUTHORIZATION}/roleassignmentscheduleinstances/00000000-0000-0000-0000-00000000000f",
    name="00000000-0000-0000-0000-00000000000f",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    assignment=f"{AUTHORIZATION}/roleassignments/00000000-0000-0000-0000-00000000000a",
    assignment_type="Activated",
    role_definition=OWNER,
    principal_id=PERSON,
    assigned_at=HOME,
    ends="2026-11-25T20:00:00Z",
)
CLASSIC_ADMINISTRATOR = ClassicAdministratorRecord(
    id=f"{AUTHORIZATION}/classicadministrators/10030000801cc0da",
    name="old@shop.example",
    scope=SUBSCRIPTION,
    region="global",
    tags={},
    email="old@shop.example",
    roles=("AccountAdministrator",),
)
USER_ASSIGNED_IDENTITY = UserAssignedIdentity(
    id=f"{GROUP}/providers/microsoft.managedidentity/userassignedidentities/deployer",
    name="deployer",
    scope=SUBSCRIPTION,
    region=REGION,
    tags={},
    principal_id="56565656-7878-9090-1212-343434343434",
    client_id="78787878-9090-1212-3434-565656565656",
    federated_credentials=(
        FederatedCredential(
            name="main",
            issuer="https://token.actions.githubusercontent.com",
            subject="repo:shop/site:ref:refs/heads/main",
            audiences=("api://AzureADTokenExchange",),
        ),
    ),
)
