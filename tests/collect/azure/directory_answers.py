"""Hand-made answers of Microsoft Graph, in the shapes of its reference."""

from __future__ import annotations

from typing import Any

from tests.collect.azure.answers import PRINCIPAL, TENANT

TEAM, NESTED = "11110000-aaaa-4bbb-8ccc-000000000001", "11110000-aaaa-4bbb-8ccc-000000000002"
GUEST = "22220000-aaaa-4bbb-8ccc-000000000001"
APPLICATION, PROGRAM = "33330000-aaaa-4bbb-8ccc-000000000001", "44440000-aaaa-4bbb-8ccc-000000000001"
GRAPH, UNIT = "44440000-aaaa-4bbb-8ccc-000000000002", "55550000-aaaa-4bbb-8ccc-000000000001"
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"
GRANT_ROLES = "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8"
"""Id of the permission RoleManagement.ReadWrite.Directory of Microsoft Graph."""
KEY: Any = {
    "customKeyIdentifier": None,
    "displayName": "pipeline",
    "endDateTime": "2027-01-01T00:00:00Z",
    "hint": "abc",
    "keyId": "66660000-AAAA-4bbb-8ccc-000000000001",
    "secretText": None,
    "startDateTime": "2025-01-01T00:00:00Z",
}


def page(*items: Any) -> Any:
    return {"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#x", "value": list(items)}


ORGANIZATION: Any = {
    "id": TENANT,
    "displayName": "Shop",
    "verifiedDomains": [{"name": "shop.example", "isDefault": True, "isInitial": False, "type": "Managed"}],
}
USER: Any = {
    "id": PRINCIPAL,
    "displayName": "Anna",
    "userPrincipalName": "anna@shop.example",
    "accountEnabled": True,
    "userType": "Member",
    "mail": "anna@shop.example",
}
OUTSIDER: Any = {
    "id": GUEST,
    "displayName": "Bob",
    "userPrincipalName": "bob_other.example#EXT#@shop.example",
    "accountEnabled": True,
    "userType": "Guest",
    "mail": None,
}
GROUP: Any = {
    "id": TEAM,
    "displayName": "Operations",
    "securityEnabled": True,
    "isAssignableToRole": True,
    "groupTypes": ["DynamicMembership"],
    "membershipRule": 'user.department -eq "Operations"',
    "onPremisesSyncEnabled": True,
}
INNER: Any = {
    "id": NESTED,
    "displayName": "Night shift",
    "securityEnabled": True,
    "isAssignableToRole": None,
    "groupTypes": [],
    "membershipRule": None,
    "onPremisesSyncEnabled": None,
}
UNIT_ANSWER: Any = {"id": UNIT, "displayName": "Shops", "isMemberManagementRestricted": True, "visibility": None}
APPLICATION_ANSWER: Any = {
    "id": APPLICATION,
    "displayName": "deployer",
    "appId": "77770000-AAAA-4bbb-8ccc-000000000001",
    "signInAudience": "AzureADMyOrg",
    "passwordCredentials": [KEY],
    "keyCredentials": [KEY | {"type": "AsymmetricX509Cert", "usage": "Verify"}],
    "servicePrincipalLockConfiguration": {
        "isEnabled": True,
        "allProperties": False,
        "credentialsWithUsageVerify": True,
        "credentialsWithUsageSign": False,
        "tokenEncryptionKeyId": False,
    },
}
PROGRAM_ANSWER: Any = {
    "id": PROGRAM,
    "displayName": "deployer",
    "appId": "77770000-AAAA-4bbb-8ccc-000000000001",
    "servicePrincipalType": "Application",
    "accountEnabled": True,
    "appOwnerOrganizationId": TENANT,
    "passwordCredentials": [KEY],
    "keyCredentials": [KEY],
    "appRoles": [],
}
GRAPH_ANSWER: Any = PROGRAM_ANSWER | {
    "id": GRAPH,
    "displayName": "Microsoft Graph",
    "appId": "00000003-0000-0000-c000-000000000000",
    "passwordCredentials": [],
    "keyCredentials": [],
    "appRoles": [
        {"id": GRANT_ROLES, "value": "RoleManagement.ReadWrite.Directory", "allowedMemberTypes": ["Application"]}
    ],
}
SHOP_ROLE = "99990000-aaaa-4bbb-8ccc-000000000001"
SHOP_API: Any = PROGRAM_ANSWER | {
    "id": "44440000-aaaa-4bbb-8ccc-000000000003",
    "displayName": "shop api",
    "appId": "77770000-aaaa-4bbb-8ccc-000000000003",
    "appRoles": [{"id": SHOP_ROLE.upper(), "value": "Orders.Write", "allowedMemberTypes": ["Application"]}],
}
GRANT: Any = {
    "id": "AbC-dEf_1",
    "appRoleId": GRANT_ROLES,
    "createdDateTime": "2025-01-01T00:00:00Z",
    "principalDisplayName": "deployer",
    "principalId": PROGRAM,
    "principalType": "ServicePrincipal",
    "resourceDisplayName": "Microsoft Graph",
    "resourceId": GRAPH,
}
SHOP_GRANT: Any = GRANT | {
    "id": "AbC-dEf_2",
    "appRoleId": SHOP_ROLE,
    "resourceDisplayName": "shop api",
    "resourceId": SHOP_API["id"],
}
MAY_JOIN: Any = {
    "id": f"{NESTED}_member_77770000-aaaa-4bbb-8ccc-000000000009",
    "scheduleInfo": {
        "startDateTime": "2026-04-12T14:44:50.287Z",
        "recurrence": None,
        "expiration": {"type": "afterDateTime", "endDateTime": "2027-04-10T00:00:00Z", "duration": None},
    },
    "createdUsing": "77770000-aaaa-4bbb-8ccc-00000000000a",
    "createdDateTime": "2026-04-12T14:44:50.287Z",
    "modifiedDateTime": "0001-01-01T08:00:00Z",
    "status": "Provisioned",
    "memberType": "Direct",
    "accessId": "member",
    "principalId": GUEST.upper(),
    "groupId": NESTED,
}
SECOND_FACTOR: Any = {
    "id": "AAAA0000-aaaa-4bbb-8ccc-000000000001",
    "displayName": "Second factor for everybody",
    "createdDateTime": "2026-04-12T14:44:50.287Z",
    "modifiedDateTime": None,
    "state": "enabled",
    "sessionControls": None,
    "conditions": {
        "signInRiskLevels": [],
        "clientAppTypes": ["all"],
        "platforms": None,
        "locations": None,
        "applications": {"includeApplications": ["All"], "excludeApplications": [], "includeUserActions": []},
        "users": {"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": []},
    },
    "grantControls": {"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": []},
}
ROLE: Any = {
    "id": GLOBAL_ADMINISTRATOR,
    "displayName": "Global Administrator",
    "isBuiltIn": True,
    "isEnabled": True,
    "templateId": GLOBAL_ADMINISTRATOR,
    "rolePermissions": [{"allowedResourceActions": ["microsoft.directory/applications/create"], "condition": None}],
}
HOLDS: Any = {
    "id": "lAPpYvVpN0KRkAEhdxReEJC2sEqbR_9Hr48lds9SGHI-1",
    "principalId": PRINCIPAL,
    "roleDefinitionId": GLOBAL_ADMINISTRATOR,
    "directoryScopeId": "/",
    "appScopeId": None,
}
MAY_HOLD: Any = HOLDS | {
    "id": "8MYkhImhnkm70CbBdTyW1BbHHAdHgZdDpbqyEFlRzAs-1-e",
    "principalId": GUEST,
    "directoryScopeId": f"/administrativeUnits/{UNIT}",
    "startDateTime": "2026-01-01T00:00:00Z",
    "endDateTime": "2027-01-01T00:00:00Z",
    "memberType": "Direct",
    "roleEligibilityScheduleId": "s",
}
TRUST: Any = {
    "id": "88880000-aaaa-4bbb-8ccc-000000000001",
    "name": "main",
    "issuer": "https://token.actions.githubusercontent.com",
    "subject": "repo:shop/site:ref:refs/heads/main",
    "description": None,
    "audiences": ["api://AzureADTokenExchange"],
}


def directory_answers() -> dict[str, Any]:
    """Return path of the call -> answer, for a tenant in which everything can be read."""
    roles, program = "/v1.0/roleManagement/directory", {"id": PROGRAM}
    return {
        "/v1.0/organization": page(ORGANIZATION),
        "/v1.0/directory/administrativeUnits": page(UNIT_ANSWER),
        f"/v1.0/directory/administrativeUnits/{UNIT}/members": page({"id": GUEST}),
        "/v1.0/users": page(USER, OUTSIDER),
        "/v1.0/groups": page(GROUP, INNER),
        f"/beta/groups/{TEAM}/members": page({"id": NESTED}),
        f"/beta/groups/{NESTED}/members": page({"id": PRINCIPAL}, program),
        f"/v1.0/groups/{TEAM}/owners": page({"id": GUEST}),
        f"/v1.0/groups/{NESTED}/owners": page(),
        "/v1.0/applications": page(APPLICATION_ANSWER),
        f"/v1.0/applications/{APPLICATION}/owners": page({"id": GUEST}),
        f"/v1.0/applications/{APPLICATION}/federatedIdentityCredentials": page(TRUST),
        "/v1.0/identityGovernance/privilegedAccess/group/eligibilitySchedules": page(MAY_JOIN),
        "/v1.0/identity/conditionalAccess/policies": page(SECOND_FACTOR),
        "/v1.0/servicePrincipals": page(PROGRAM_ANSWER, GRAPH_ANSWER, SHOP_API),
        f"/v1.0/servicePrincipals/{PROGRAM}/owners": page({"id": GUEST}),
        f"/v1.0/servicePrincipals/{GRAPH}/owners": page(),
        f"/v1.0/servicePrincipals/{SHOP_API['id']}/owners": page(),
        f"/v1.0/servicePrincipals/{SHOP_API['id']}/appRoleAssignedTo": page(SHOP_GRANT),
        "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo": page(GRANT),
        f"{roles}/roleDefinitions": page(ROLE),
        f"{roles}/roleAssignments": page(HOLDS),
        f"{roles}/roleEligibilityScheduleInstances": page(MAY_HOLD),
    }
