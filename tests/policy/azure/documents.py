"""Documents as ARM returns them, in short."""

from poise.policy.azure.assignments import Assignment, DenyAssignment, Lock, by_principal
from poise.policy.azure.definitions import roles_of
from poise.policy.azure.permissions import Inputs, Request, evaluate

SUB = "/subscriptions/11111111-1111-1111-1111-111111111111"
GROUP = f"{SUB}/resourceGroups/app"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/books"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/ledgers"
MANAGEMENT = "/providers/Microsoft.Management/managementGroups"
ME = "aaaaaaaa-0000-0000-0000-000000000001"
TEAM = "bbbbbbbb-0000-0000-0000-000000000002"
OTHER = "cccccccc-0000-0000-0000-000000000003"
BLOB_READ = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
ASSIGN = "Microsoft.Authorization/roleAssignments/write"


def role(name, *actions, but=(), data=(), not_data=(), condition=None):
    entry = {
        "actions": list(actions),
        "notActions": list(but),
        "dataActions": list(data),
        "notDataActions": list(not_data),
    }
    return {"name": name, "roleName": name, "permissions": [entry | {"condition": condition}]}


def given(name, scope=SUB, to=ME, kind="User", eligible=False, **more):
    definition = f"{SUB}/providers/Microsoft.Authorization/roleDefinitions/{name}"
    of = "roleEligibilityScheduleInstances" if eligible else "roleAssignments"
    fields = {"principalId": to, "roleDefinitionId": definition, "scope": scope, "principalType": kind, **more}
    return {"id": f"{scope}/{of}/{name}-{to}", "type": f"Microsoft.Authorization/{of}", "properties": fields}


def denied(scope=SUB, principals=(ME,), excluded=(), actions=(), but=(), data=(), kind="User", **more):
    permissions = [{"actions": list(actions), "notActions": list(but), "dataActions": list(data), "notDataActions": []}]
    fields = {
        "denyAssignmentName": "shield",
        "scope": scope,
        "permissions": permissions,
        "principals": [{"id": one, "type": kind} for one in principals],
        "excludePrincipals": [{"id": one, "type": kind} for one in excluded],
        **more,
    }
    return {"id": f"{scope}/denyAssignments/shield", "properties": fields}


def lock(level, scope=GROUP):
    return {"id": f"{scope}/providers/Microsoft.Authorization/locks/keep", "properties": {"level": level}}


def inputs(roles, assignments, denies=(), locks=(), **more):
    return Inputs(
        roles=roles_of(roles),
        assignments=by_principal(map(Assignment.of, assignments)),
        denies=tuple(map(DenyAssignment.of, denies)),
        locks=tuple(map(Lock.of, locks)),
        **more,
    )


def ask(action, known, scope=GROUP, who=ME, is_data=False, **more):
    return evaluate(Request(principal=who, action=action, scope=scope, is_data=is_data, **more), known)
