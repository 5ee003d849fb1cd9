"""An ordinary directory: tenant, user, group, administrative unit, program, role."""

from poise.model.azure.entra import AdministrativeUnit, EntraGroup, EntraTenant, EntraUser
from poise.model.azure.entra_access import ConditionalAccessPolicy
from poise.model.azure.entra_applications import (
    ApplicationCredential,
    AppRoleAssignment,
    EntraApplication,
    EntraServicePrincipal,
)
from poise.model.azure.entra_roles import DirectoryRoleAssignment, DirectoryRoleDefinition, DirectoryRoleEligibility
from poise.model.samples.azure_subscription import TENANT

HOME = f"/tenants/{TENANT}"
PERSON = "12121212-3434-5656-7878-909090909090"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
APP_ID = "13131313-3434-5656-7878-909090909090"
CREDENTIAL = ApplicationCredential(
    key="14141414-3434-5656-7878-909090909090",
    name="pipeline",
    starts="2026-10-01T00:00:00Z",
    ends="2027-03-01T00:00:00Z",
)
ENTRA_TENANT = EntraTenant(
    id=HOME, name="Shop", scope=TENANT, region="global", tags={}, verified_domains=("shop.example",)
)
ENTRA_USER = EntraUser(
    id=PERSON,
    name="Anna",
    scope=TENANT,
    region="global",
    tags={},
    user_principal_name="anna@shop.example",
    enabled=True,
    user_type="Member",
    mail="anna@shop.example",
)
ENTRA_GROUP = EntraGroup(
    id="15151515-3434-5656-7878-909090909090",
    name="Operations",
    scope=TENANT,
    region="global",
    tags={},
    members=(PERSON,),
    owners=(),
    eligible=(),
    security_enabled=True,
    role_assignable=None,
    group_types=(),
    membership_rule=None,
    synchronized=None,
)
ADMINISTRATIVE_UNIT = AdministrativeUnit(
    id="16161616-3434-5656-7878-909090909090",
    name="Shops",
    scope=TENANT,
    region="global",
    tags={},
    members=(PERSON,),
    restricted=None,
)
ENTRA_APPLICATION = EntraApplication(
    id="17171717-3434-5656-7878-909090909090",
    name="deployer",
    scope=TENANT,
    region="global",
    tags={},
    app_id=APP_ID,
    owners=(PERSON,),
    secrets=(),
    certificates=(CREDENTIAL,),
    federated_credentials=(),
    sign_in_audience="AzureADMyOrg",
    instance_lock=("allProperties",),
)
ENTRA_SERVICE_PRINCIPAL = EntraServicePrincipal(
    id="18181818-3434-5656-7878-909090909090",
    name="deployer",
    scope=TENANT,
    region="global",
    tags={},
    app_id=APP_ID,
    principal_type="Application",
    enabled=True,
    home_tenant=TENANT,
    owners=(),
    secrets=(),
    certificates=(),
    published_roles=(),
    assigned_roles=(),
)
APP_ROLE_ASSIGNMENT = AppRoleAssignment(
    id="AbC-dEf_1",
    name="deployer",
    scope=TENANT,
    region="global",
    tags={},
    principal_id=ENTRA_SERVICE_PRINCIPAL.id,
    principal_type="ServicePrincipal",
    resource_id="19191919-3434-5656-7878-909090909090",
    role_id="9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
)
DIRECTORY_ROLE_DEFINITION = DirectoryRoleDefinition(
    id=f"{HOME}/roleDefinitions/{GLOBAL_ADMINISTRATOR}",
    name="Global Administrator",
    scope=TENANT,
    region="global",
    tags={},
    document={
        "id": GLOBAL_ADMINISTRATOR,
        "templateId": GLOBAL_ADMINISTRATOR,
        "displayName": "Global Administrator",
        "isBuiltIn": True,
        "isEnabled": True,
        "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/applications/allProperties/allTasks"]}],
    },
)
DIRECTORY_ROLE_ASSIGNMENT = DirectoryRoleAssignment(
    id=f"{HOME}/roleAssignments/lAPp-1",
    name="lAPp-1",
    scope=TENANT,
    region="global",
    tags={},
    role_definition=GLOBAL_ADMINISTRATOR,
    principal_id=PERSON,
    assigned_at="/",
)
DIRECTORY_ROLE_ELIGIBILITY = DirectoryRoleEligibility(
    id=f"{HOME}/roleEligibilityScheduleInstances/8MYk-1-e",
    name="8MYk-1-e",
    scope=TENANT,
    region="global",
    tags={},
    role_definition=GLOBAL_ADMINISTRATOR,
    principal_id=PERSON,
    assigned_at="/",
    ends=None,
)
CONDITIONAL_ACCESS_POLICY = ConditionalAccessPolicy(
    id="20202020-3434-5656-7878-909090909090",
    name="Second factor for Azure",
    scope=TENANT,
    region="global",
    tags={},
    state="enabled",
    document={
        "conditions": {
            "applications": {"includeApplications": ["All"], "excludeApplications": []},
            "clientAppTypes": ["all"],
            "users": {"includeUsers": ["All"], "excludeUsers": []},
        },
        "grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
        "sessionControls": None,
    },
)
