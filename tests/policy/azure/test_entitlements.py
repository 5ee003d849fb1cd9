"""From Azure records to answers. The rules are Azure's own (Microsoft Learn, "Understand scope for Azure RBAC", "Azure
RBAC vs. access policies", "Prevent Shared Key authorization")."""

import pytest
from msgspec import structs

from poise.model import replace
from poise.model.azure.entra import GroupEligibility
from poise.model.azure.keyvault import AccessPolicy
from poise.model.inventory import ListInventory
from poise.model.samples.azure_authorization import OWNER, ROLE_ASSIGNMENT, ROLE_DEFINITION
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_deny import DENY_ASSIGNMENT, MANAGED
from poise.model.samples.azure_entra import ENTRA_GROUP
from poise.model.samples.azure_keyvault import KEY_VAULT
from poise.model.samples.azure_privileged import MANAGEMENT_LOCK, ROLE_ELIGIBILITY, ROLE_MANAGEMENT_POLICY
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION, HOME, SUBSCRIPTION, TENANT
from poise.policy.answer import Decision
from poise.policy.as_read import as_far_as_read
from poise.policy.azure.entitlements import ask, ask_anonymous, inputs_of, principals_of

ANNA, TEAM = "12121212-3434-5656-7878-909090909090", "56565656-3434-5656-7878-909090909090"
NOT_LISTED = {
    ("Microsoft.Authorization/denyAssignments", SUBSCRIPTION): "they are not collected",
    ("Microsoft.Authorization/locks", SUBSCRIPTION): "they are not collected",
    ("Microsoft.Graph/groups", TENANT): "GroupMember.Read.All is missing",
}
RESTART = "Microsoft.Compute/virtualMachines/restart/action"
SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"
OWNS = replace(
    ROLE_DEFINITION,
    id=OWNER,
    name="Owner",
    guid=OWNER.rpartition("/")[2],
    permissions=(structs.replace(ROLE_DEFINITION.permissions[0], actions=("*",)),),
)


def given(role, principal=ANNA, kind="User", at=HOME, **more):
    return replace(
        ROLE_ASSIGNMENT,
        id=f"{ROLE_ASSIGNMENT.id}-{principal}",
        role_definition=role.id,
        principal_id=principal,
        principal_type=kind,
        assigned_at=at,
        **more,
    )


def asked(action, asset, *others, principal=ANNA, subscription=AZURE_SUBSCRIPTION):
    known = ListInventory([subscription, ROLE_DEFINITION, OWNS, asset, *others], NOT_LISTED)
    return ask(principal, action, asset, inputs_of(SUBSCRIPTION, known))


def test_an_allow_that_a_deny_assignment_or_lock_could_stop_is_allowed_as_far_as_read():
    answer = asked(RESTART, VIRTUAL_MACHINE, given(ROLE_DEFINITION))
    assert answer.decision is Decision.UNKNOWN
    assert {gap.input for gap in answer.unread} == {"locks", "deny assignments"}
    assert as_far_as_read(answer) == (Decision.ALLOW, None)


def test_reading_is_stopped_by_no_lock():
    answer = asked("Microsoft.Compute/virtualMachines/read", VIRTUAL_MACHINE, given(ROLE_DEFINITION))
    assert [gap.input for gap in answer.unread] == ["deny assignments"]


def test_nothing_that_allows_is_a_no():
    answer = asked("Microsoft.Compute/virtualMachines/delete", VIRTUAL_MACHINE, given(ROLE_DEFINITION))
    assert answer.decision is Decision.DENY


def test_a_role_of_a_group_may_be_the_principals_too():
    answer = asked(RESTART, VIRTUAL_MACHINE, given(ROLE_DEFINITION, TEAM, "Group"))
    assert answer.decision is Decision.UNKNOWN
    assert any(gap.input.startswith("group memberships") for gap in answer.unread)
    assert as_far_as_read(answer)[0] is Decision.UNKNOWN
    assert f"if it is in group {TEAM}" in answer.because[0].text


def test_a_role_of_another_user_is_not_the_principals():
    assert asked(RESTART, VIRTUAL_MACHINE, given(ROLE_DEFINITION, TEAM)).decision is Decision.DENY


def test_a_role_on_a_management_group_above_counts():
    above = replace(AZURE_SUBSCRIPTION, management_groups=("root", "shops"))
    role = given(ROLE_DEFINITION, at="/providers/microsoft.management/managementgroups/root")
    beside = given(ROLE_DEFINITION, at="/providers/microsoft.management/managementgroups/other")
    assert as_far_as_read(asked(RESTART, VIRTUAL_MACHINE, role, subscription=above))[0] is Decision.ALLOW
    assert asked(RESTART, VIRTUAL_MACHINE, beside, subscription=above).decision is Decision.DENY


def test_assignments_that_were_not_read_are_named():
    inventory = ListInventory([VIRTUAL_MACHINE], {(ROLE_ASSIGNMENT.KIND, SUBSCRIPTION): "AuthorizationFailed"})
    answer = ask(ANNA, RESTART, VIRTUAL_MACHINE, inputs_of(SUBSCRIPTION, inventory))
    assert answer.decision is Decision.UNKNOWN
    assert ("role assignments", "AuthorizationFailed") in [(gap.input, gap.reason) for gap in answer.unread]


def test_a_star_of_actions_reaches_no_data():
    assert asked(BLOB, STORAGE_ACCOUNT, given(OWNS)).decision is Decision.DENY
    assert asked(SECRET, KEY_VAULT, given(OWNS)).decision is Decision.DENY


def test_keys_of_the_account_are_a_way_to_the_data_where_they_work():
    for works in (True, None):
        account = replace(STORAGE_ACCOUNT, allow_shared_key_access=works)
        assert as_far_as_read(asked(BLOB, account, given(OWNS)))[0] is Decision.ALLOW
    unread = replace(STORAGE_ACCOUNT, unread={"allow_shared_key_access": "AuthorizationFailed"})
    assert asked(BLOB, unread, given(OWNS)).decision is Decision.UNKNOWN


def test_access_policies_decide_where_roles_do_not():
    policy = AccessPolicy(tenant_id=TENANT, object_id=ANNA, keys=(), secrets=("get",), certificates=())
    vault = replace(KEY_VAULT, rbac_authorization=False, access_policies=(policy,))
    assert asked(SECRET, vault).decision is Decision.ALLOW
    assert asked(SECRET, replace(vault, rbac_authorization=True)).decision is Decision.DENY


def test_anonymous_readers_depend_on_containers_that_are_not_collected():
    assert ask_anonymous(BLOB, STORAGE_ACCOUNT).decision is Decision.DENY
    for permits in (True, None):
        account = replace(STORAGE_ACCOUNT, allow_blob_public_access=permits)
        assert ask_anonymous(BLOB, account).decision is Decision.UNKNOWN
    assert ask_anonymous(SECRET, KEY_VAULT).decision is Decision.DENY


def test_principals_are_those_that_hold_a_role_or_an_access_policy():
    policy = AccessPolicy(tenant_id=TENANT, object_id=TEAM.upper(), keys=(), secrets=("get",), certificates=())
    vault = replace(KEY_VAULT, rbac_authorization=False, access_policies=(policy,))
    inputs = inputs_of(SUBSCRIPTION, ListInventory([AZURE_SUBSCRIPTION, given(OWNS), ROLE_DEFINITION, OWNS]))
    assert set(principals_of(inputs, (vault,))) == {ANNA, TEAM}


def decided(action, *others, asset=VIRTUAL_MACHINE, principal=ANNA):
    """Ask where everything was listed."""
    known = ListInventory([AZURE_SUBSCRIPTION, ROLE_DEFINITION, OWNS, asset, *others])
    return ask(principal, action, asset, inputs_of(SUBSCRIPTION, known))


def test_with_everything_read_a_role_is_an_allow_and_none_a_deny():
    assert decided(RESTART, given(ROLE_DEFINITION)).decision is Decision.ALLOW
    assert decided(RESTART, given(ROLE_DEFINITION, TEAM)).decision is Decision.DENY


def test_a_deny_assignment_takes_what_the_role_gives_but_not_from_whom_it_spares():
    machine = replace(VIRTUAL_MACHINE, id=f"{MANAGED}/providers/microsoft.compute/virtualmachines/m")
    spared = DENY_ASSIGNMENT.document["properties"]["excludePrincipals"][0]["id"]

    denied = decided(RESTART, given(ROLE_DEFINITION), DENY_ASSIGNMENT, asset=machine)
    assert denied.decision is Decision.DENY
    assert DENY_ASSIGNMENT.name in denied.because[0].text
    assert decided(
        RESTART, given(ROLE_DEFINITION, spared), DENY_ASSIGNMENT, asset=machine, principal=spared
    ).decision is (Decision.ALLOW)


def test_a_lock_stops_what_it_is_for_and_no_more():
    read_only = replace(MANAGEMENT_LOCK, level="ReadOnly", locked=HOME)
    assert decided(RESTART, given(ROLE_DEFINITION), read_only).decision is Decision.DENY
    assert decided(RESTART, given(ROLE_DEFINITION), replace(read_only, level="CanNotDelete")).decision is Decision.ALLOW


def test_an_eligible_role_is_conditional_and_unread_eligibility_makes_a_no_unknown():
    eligible = replace(ROLE_ELIGIBILITY, principal_id=ANNA, role_definition=ROLE_DEFINITION.id, assigned_at=HOME)
    answer = decided(RESTART, eligible)
    assert answer.decision is Decision.CONDITIONAL
    assert "is activated (whether another must agree was not read)" in str(answer.residual)
    policy = replace(ROLE_MANAGEMENT_POLICY, role_definition=ROLE_DEFINITION.id, assigned_at=HOME)
    asked = str(decided(RESTART, eligible, replace(policy, approval_required=True)).residual)
    unasked = str(decided(RESTART, eligible, replace(policy, approval_required=False)).residual)
    assert "is activated with the approval of another and before" in asked
    assert "is activated and before" in unasked

    blind = ListInventory([AZURE_SUBSCRIPTION, ROLE_DEFINITION], {(ROLE_ELIGIBILITY.KIND, SUBSCRIPTION): "403"})
    unsure = ask(ANNA, RESTART, VIRTUAL_MACHINE, inputs_of(SUBSCRIPTION, blind))
    assert unsure.decision is Decision.UNKNOWN
    assert [gap.input for gap in unsure.unread] == ["eligible role assignments"]


def test_a_role_of_a_group_reaches_members_of_groups_in_it():
    inner = replace(ENTRA_GROUP, id="inner", members=(ANNA,))
    outer = replace(ENTRA_GROUP, id=TEAM, members=("inner",))
    answer = decided(RESTART, given(ROLE_DEFINITION, TEAM, "Group"), inner, outer)
    assert answer.decision is Decision.ALLOW
    assert f"through group {TEAM}" in answer.because[0].text
    assert decided(RESTART, given(ROLE_DEFINITION, TEAM, "Group"), inner).decision is Decision.DENY


def test_a_group_whose_members_are_unread_leaves_only_its_own_roles_unknown():
    hidden = replace(ENTRA_GROUP, id=TEAM, unread={"members": "groups_ListMembers: 403"})
    assert decided(RESTART, given(ROLE_DEFINITION), hidden).decision is Decision.ALLOW
    answer = decided(RESTART, given(ROLE_DEFINITION, TEAM, "Group"), hidden)
    assert answer.decision is Decision.UNKNOWN
    assert "groups_ListMembers" in answer.unread[0].reason


UPDATE, ROTATION = (
    "Microsoft.KeyVault/vaults/secrets/update/action",
    "Microsoft.KeyVault/vaults/keyrotationpolicies/read",
)


@pytest.mark.parametrize(("action", "right"), [(UPDATE, ("secrets", "set")), (ROTATION, ("keys", "getrotationpolicy"))])
def test_data_actions_of_roles_do_nothing_in_a_vault_with_access_policies(action, right):
    """Microsoft Learn, "Azure RBAC vs. access policies": one model at a time, for every data action. "Assign a Key
    Vault access policy" names the right behind each."""
    data = structs.replace(
        ROLE_DEFINITION.permissions[0], actions=(), data_actions=("Microsoft.KeyVault/vaults/*", action)
    )
    officer = replace(ROLE_DEFINITION, permissions=(data,))
    rights = {"keys": (), "secrets": (), "certificates": ()} | {right[0]: (right[1],)}
    policy = AccessPolicy(tenant_id=TENANT, object_id=ANNA, **rights)
    for by_role, policies, expected in (
        (True, (), Decision.ALLOW),
        (False, (), Decision.DENY),
        (None, (policy,), Decision.ALLOW),
    ):
        vault = replace(KEY_VAULT, rbac_authorization=by_role, access_policies=policies)
        known = ListInventory([AZURE_SUBSCRIPTION, officer, vault, given(officer)])
        assert ask(ANNA, action, vault, inputs_of(SUBSCRIPTION, known)).decision is expected


def may_join(access):
    return replace(
        ENTRA_GROUP,
        id=TEAM,
        members=(),
        eligible=(GroupEligibility(principal_id=ANNA, access=access, starts=None, ends=None),),
    )


def test_a_role_of_a_group_that_one_may_join_for_a_while_is_conditional():
    """Microsoft Learn, "Privileged Identity Management (PIM) for Groups": a member once activated; an owner is none."""
    role = given(ROLE_DEFINITION, TEAM, "Group")
    answer = decided(RESTART, role, may_join("member"))
    assert answer.decision is Decision.CONDITIONAL
    assert "is activated" in str(answer.residual)
    assert decided(RESTART, role, may_join("owner")).decision is Decision.DENY
    hidden = replace(may_join("member"), unread={"eligible": "PrivilegedEligibilitySchedule.Read.AzureADGroup"})
    assert decided(RESTART, role, hidden).decision is Decision.UNKNOWN
