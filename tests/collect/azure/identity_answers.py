"""Hand-made answers about who may do what: deny assignments, locks, eligible roles, identities, the directory."""

from __future__ import annotations

from typing import Any

from tests.collect.azure.answers import GROUP, HOME, OWNER, PRINCIPAL

AUTHORIZATION = f"{HOME}/providers/Microsoft.Authorization"
ROLE = f"{AUTHORIZATION}/roleDefinitions/{OWNER}"
DENY: Any = {
    "id": f"{GROUP}/providers/Microsoft.Authorization/denyAssignments/dddd1111-2222-3333-4444-555566667777",
    "name": "dddd1111-2222-3333-4444-555566667777",
    "type": "Microsoft.Authorization/denyAssignments",
    "properties": {
        "denyAssignmentName": "Deny assignment of a deployment stack",
        "description": "Created by Deployment Stack",
        "permissions": [{"actions": ["*/delete"], "notActions": [], "dataActions": [], "notDataActions": []}],
        "scope": GROUP,
        "doNotApplyToChildScopes": False,
        "principals": [{"id": "00000000-0000-0000-0000-000000000000", "type": "SystemDefined"}],
        "excludePrincipals": [{"id": PRINCIPAL, "type": "User"}],
        "isSystemProtected": True,
    },
}
LOCK: Any = {
    "id": f"{GROUP}/providers/Microsoft.Authorization/locks/keep",
    "name": "keep",
    "type": "Microsoft.Authorization/locks",
    "properties": {"level": "CanNotDelete", "notes": "The shop's data"},
}
INSTANCE: Any = {
    "scope": HOME,
    "roleDefinitionId": ROLE,
    "principalId": PRINCIPAL,
    "principalType": "User",
    "status": "Provisioned",
    "startDateTime": "2026-01-01T09:00:00.0Z",
    "endDateTime": "2027-01-01T09:00:00.0Z",
    "memberType": "Direct",
    "createdOn": "2026-01-01T09:00:00.0Z",
    "condition": "((!(ActionMatches{'x'})))",
    "conditionVersion": "2.0",
}
ELIGIBLE: Any = {
    "id": f"{AUTHORIZATION}/roleEligibilityScheduleInstances/aaaa1111-2222-3333-4444-555566667777",
    "name": "aaaa1111-2222-3333-4444-555566667777",
    "type": "Microsoft.Authorization/roleEligibilityScheduleInstances",
    "properties": INSTANCE | {"roleEligibilityScheduleId": f"{AUTHORIZATION}/roleEligibilitySchedules/s"},
}
POLICY: Any = {
    "id": f"{AUTHORIZATION}/roleManagementPolicyAssignments/99991111-2222-3333-4444-555566667777_{ROLE[-36:]}",
    "name": f"99991111-2222-3333-4444-555566667777_{ROLE[-36:]}",
    "type": "Microsoft.Authorization/RoleManagementPolicyAssignment",
    "properties": {
        "scope": HOME,
        "roleDefinitionId": ROLE,
        "policyId": f"{AUTHORIZATION}/roleManagementPolicies/99991111-2222-3333-4444-555566667777",
        "effectiveRules": [
            {
                "id": "Enablement_Admin_Eligibility",
                "ruleType": "RoleManagementPolicyEnablementRule",
                "enabledRules": [],
                "target": {"caller": "Admin", "operations": ["All"], "level": "Eligibility"},
            },
            {
                "id": "Enablement_EndUser_Assignment",
                "ruleType": "RoleManagementPolicyEnablementRule",
                "enabledRules": ["MultiFactorAuthentication", "Justification"],
                "target": {"caller": "EndUser", "operations": ["All"], "level": "Assignment"},
            },
            {
                "id": "Approval_EndUser_Assignment",
                "ruleType": "RoleManagementPolicyApprovalRule",
                "setting": {"isApprovalRequired": True, "approvalMode": "SingleStage", "approvalStages": []},
                "target": {"caller": "EndUser", "operations": ["All"], "level": "Assignment"},
            },
        ],
    },
}
ACTIVE: Any = {
    "id": f"{AUTHORIZATION}/roleAssignmentScheduleInstances/bbbb1111-2222-3333-4444-555566667777",
    "name": "bbbb1111-2222-3333-4444-555566667777",
    "type": "Microsoft.Authorization/roleAssignmentScheduleInstances",
    "properties": INSTANCE
    | {
        "assignmentType": "Assigned",
        "originRoleAssignmentId": f"{AUTHORIZATION}/roleAssignments/eeee1111-2222-3333-4444-555566667777",
        "roleAssignmentScheduleId": f"{AUTHORIZATION}/roleAssignmentSchedules/s",
    },
}
CLASSIC: Any = {
    "id": f"{AUTHORIZATION}/classicAdministrators/10030000801CC0DA",
    "name": "10030000801CC0DA",
    "type": "Microsoft.Authorization/classicAdministrators",
    "properties": {"emailAddress": "old@shop.example", "role": "ServiceAdministrator;AccountAdministrator"},
}
IDENTITY: Any = {
    "id": f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deployer",
    "name": "deployer",
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "location": "westeurope",
    "tags": {},
    "properties": {
        "tenantId": "aaaabbbb-cccc-dddd-eeee-ffff00001111",
        "principalId": "77778888-1111-2222-3333-444455556666",
        "clientId": "99990000-1111-2222-3333-444455556666",
    },
}
FEDERATED: Any = {
    "id": f"{IDENTITY['id']}/federatedIdentityCredentials/pipeline",
    "name": "pipeline",
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    "properties": {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": "repo:shop/site:ref:refs/heads/main",
        "audiences": ["api://AzureADTokenExchange"],
    },
}


def identity_answers() -> dict[str, Any]:
    """Return path of the call -> answer, for a subscription."""
    return {
        f"{AUTHORIZATION}/denyAssignments": {"value": [DENY]},
        f"{AUTHORIZATION}/locks": {"value": [LOCK]},
        f"{AUTHORIZATION}/roleEligibilityScheduleInstances": {"value": [ELIGIBLE]},
        f"{AUTHORIZATION}/roleManagementPolicyAssignments": {"value": [POLICY]},
        f"{AUTHORIZATION}/roleAssignmentScheduleInstances": {"value": [ACTIVE]},
        f"{AUTHORIZATION}/classicAdministrators": {"value": [CLASSIC]},
        f"{HOME}/providers/Microsoft.ManagedIdentity/userAssignedIdentities": {"value": [IDENTITY]},
        f"{IDENTITY['id']}/federatedIdentityCredentials": {"value": [FEDERATED]},
    }
