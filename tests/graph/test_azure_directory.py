"""Entra as edges: members, owners, directory roles and permissions of programs, and what must not become an edge.

The rules are Microsoft's own: managed identities take no credentials, a role on an administrative unit reaches its
members alone, a restricted unit keeps roles on the tenant out, a disabled program cannot sign in."""

import pytest

from poise.graph.build import build
from poise.graph.estate import Estate
from poise.model import replace
from poise.model.azure import entra as entra_groups
from poise.model.azure.entra_applications import AssignedRole
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.samples import azure_entra as entra
from poise.model.samples.azure_authorization import OWNER, ROLE_ASSIGNMENT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION, HOME, TENANT
from tests.graph.estates import between

ANNA, BOB, GRAPH = entra.PERSON, "bbbbbbbb-0000-4000-8000-000000000001", "00000003-0000-0000-c000-000000000000"
APP, PROGRAM, GROUP = entra.ENTRA_APPLICATION, entra.ENTRA_SERVICE_PRINCIPAL, entra.ENTRA_GROUP
ESCALATES = EdgeKind.CAN_ESCALATE_TO
ROLE_ID = "dddddddd-0000-4000-8000-000000000001"


def owns(principal):
    return replace(
        ROLE_ASSIGNMENT, id=f"x-{principal}", role_definition=OWNER, principal_id=principal, assigned_at=HOME
    )


def may(*actions, at="/", kind=entra.DIRECTORY_ROLE_ASSIGNMENT, who=BOB):
    document = {
        "id": ROLE_ID,
        "displayName": "Some role",
        "rolePermissions": [{"allowedResourceActions": list(actions)}],
    }
    role = replace(entra.DIRECTORY_ROLE_DEFINITION, id="role", document=document)
    return role, replace(kind, role_definition=ROLE_ID, principal_id=who, assigned_at=at)


def graph_of(*assets):
    return build(Estate((AZURE_SUBSCRIPTION, entra.ENTRA_TENANT, *assets)))


def rows(graph, source, target):
    return {one.rule for one in between(graph, source, target, ESCALATES)}


def test_members_are_in_their_group_and_the_tenant_holds_its_subscription():
    graph = graph_of(GROUP, entra.ENTRA_USER)
    assert between(graph, ANNA, GROUP.id, EdgeKind.MEMBER_OF)
    assert between(graph, entra.ENTRA_TENANT.id, AZURE_SUBSCRIPTION.id, EdgeKind.CONTAINS)


def test_an_owner_of_an_application_acts_as_its_program():
    graph = graph_of(APP, PROGRAM, owns(PROGRAM.id))
    assert rows(graph, ANNA, PROGRAM.id) == {"add_application_secret"}


def test_an_owner_of_a_program_adds_a_secret_unless_its_application_locks_that():
    owned = replace(PROGRAM, owners=(BOB,))
    free = replace(APP, instance_lock=None)
    assert rows(graph_of(free, owned, owns(PROGRAM.id)), BOB, PROGRAM.id) == {"add_service_principal_secret"}
    assert rows(graph_of(APP, owned, owns(PROGRAM.id)), BOB, PROGRAM.id) == set()


def test_whether_an_application_of_another_tenant_locks_secrets_is_a_condition():
    graph = graph_of(replace(PROGRAM, owners=(BOB,)), owns(PROGRAM.id))
    (edge,) = between(graph, BOB, PROGRAM.id, ESCALATES)
    assert edge.state is EdgeState.CONDITIONAL


@pytest.mark.parametrize("change", [{"principal_type": "ManagedIdentity"}, {"enabled": False}], ids=["managed", "off"])
def test_nobody_adds_a_secret_to_a_managed_identity_or_signs_in_as_a_disabled_program(change):
    program = replace(PROGRAM, owners=(BOB,), **change)
    administrator = may("microsoft.directory/servicePrincipals/credentials/update")
    graph = graph_of(replace(APP, instance_lock=None), program, owns(PROGRAM.id), *administrator)
    assert rows(graph, BOB, PROGRAM.id) == set()
    assert rows(graph, ANNA, PROGRAM.id) == set()


def test_a_program_without_rights_is_no_target():
    assert rows(graph_of(APP, PROGRAM), ANNA, PROGRAM.id) == set()


def test_a_directory_role_adds_secrets_to_all_programs():
    graph = graph_of(APP, PROGRAM, owns(PROGRAM.id), *may("microsoft.directory/applications/credentials/update"))
    assert rows(graph, BOB, PROGRAM.id) == {"add_application_secret"}


def test_an_eligible_directory_role_must_be_activated():
    role = may("microsoft.directory/applications/credentials/update", kind=entra.DIRECTORY_ROLE_ELIGIBILITY)
    (edge,) = between(graph_of(APP, PROGRAM, owns(PROGRAM.id), *role), BOB, PROGRAM.id, ESCALATES)
    assert edge.state is EdgeState.CONDITIONAL
    assert "is activated" in edge.condition


def test_a_role_on_an_administrative_unit_reaches_its_members_alone():
    unit = replace(entra.ADMINISTRATIVE_UNIT, members=(GROUP.id,))
    other = replace(unit, members=())
    role = may("microsoft.directory/groups/members/update", at=f"/administrativeunits/{unit.id}")
    assert rows(graph_of(GROUP, owns(GROUP.id), unit, *role), BOB, GROUP.id) == {"add_group_member"}
    assert rows(graph_of(GROUP, owns(GROUP.id), other, *role), BOB, GROUP.id) == set()


def test_a_restricted_unit_keeps_roles_on_the_tenant_out():
    unit = replace(entra.ADMINISTRATIVE_UNIT, members=(GROUP.id,), restricted=True)
    role = may("microsoft.directory/groups/members/update")
    assert rows(graph_of(GROUP, owns(GROUP.id), unit, *role), BOB, GROUP.id) == set()


def test_a_group_for_role_assignment_needs_a_right_of_its_own():
    guarded = replace(GROUP, role_assignable=True)
    weak, strong = "groups/members/update", "groupsAssignableToRoles/members/update"
    assert rows(graph_of(guarded, owns(GROUP.id), *may(f"microsoft.directory/{weak}")), BOB, GROUP.id) == set()
    graph = graph_of(guarded, owns(GROUP.id), *may(f"microsoft.directory/{strong}"))
    assert rows(graph, BOB, GROUP.id) == {"add_assignable_group_member"}


def test_an_owner_joins_its_group_unless_a_rule_fills_it():
    owned = replace(GROUP, owners=(BOB,))
    assert rows(graph_of(owned, owns(GROUP.id)), BOB, GROUP.id) == {"add_group_member"}
    dynamic = replace(owned, group_types=("DynamicMembership",))
    assert rows(graph_of(dynamic, owns(GROUP.id)), BOB, GROUP.id) == set()


def test_a_program_that_may_grant_directory_roles_has_the_tenant():
    published = ({"id": entra.APP_ROLE_ASSIGNMENT.role_id, "value": "RoleManagement.ReadWrite.Directory"},)
    api = replace(PROGRAM, id=entra.APP_ROLE_ASSIGNMENT.resource_id, app_id=GRAPH, published_roles=_roles(published))
    graph = graph_of(APP, PROGRAM, api, entra.APP_ROLE_ASSIGNMENT)
    (edge,) = between(graph, PROGRAM.id, entra.ENTRA_TENANT.id, ESCALATES)
    assert (edge.rule, edge.capability) == ("graph_grant_directory_role", Capability.ADMIN)
    assert TENANT in edge.target


def may_activate(access, who=BOB):
    return entra_groups.GroupEligibility(principal_id=who, access=access, starts=None, ends=None)


def test_whoever_may_activate_membership_is_a_member_under_that_condition():
    """Microsoft Learn, "Privileged Identity Management (PIM) for Groups": eligible, and a member once activated."""
    group = replace(GROUP, eligible=(may_activate("member"),))
    graph = graph_of(group, owns(GROUP.id))
    (edge,) = between(graph, BOB, GROUP.id, EdgeKind.MEMBER_OF)
    assert edge.state is EdgeState.CONDITIONAL
    assert "is activated" in edge.condition
    assert rows(graph, BOB, GROUP.id) == set()


def test_whoever_may_activate_ownership_joins_under_that_condition_unless_nobody_is_added_by_hand():
    group = replace(GROUP, eligible=(may_activate("owner"),))
    (edge,) = between(graph_of(group, owns(GROUP.id)), BOB, GROUP.id, ESCALATES)
    assert (edge.rule, edge.state) == ("add_group_member", EdgeState.CONDITIONAL)
    for shut in ({"group_types": ("DynamicMembership",)}, {"synchronized": True}):
        assert rows(graph_of(replace(group, **shut), owns(GROUP.id)), BOB, GROUP.id) == set()


def test_each_membership_is_one_edge():
    assert len(between(graph_of(GROUP, entra.ENTRA_USER), ANNA, GROUP.id, EdgeKind.MEMBER_OF)) == 1


def test_a_synchronized_group_takes_no_member_by_a_role():
    """Microsoft Learn, "Group writeback and synchronized groups": they are changed where they come from alone."""
    group, role = replace(GROUP, synchronized=True), may("microsoft.directory/groups/members/update")
    assert rows(graph_of(group, owns(GROUP.id), *role), BOB, GROUP.id) == set()


def test_owners_do_not_reach_a_group_under_restricted_management():
    """Microsoft Learn, "Restricted management administrative units": owners of groups in it are blocked."""
    group = replace(GROUP, owners=(BOB,))
    unit = replace(entra.ADMINISTRATIVE_UNIT, members=(GROUP.id,), restricted=True)
    assert rows(graph_of(group, owns(GROUP.id), unit), BOB, GROUP.id) == set()
    hidden = replace(unit, unread={"members": "denied"})
    (edge,) = between(graph_of(group, owns(GROUP.id), hidden), BOB, GROUP.id, ESCALATES)
    assert edge.state is EdgeState.UNKNOWN


def api(name, **more):
    published = _roles(({"id": entra.APP_ROLE_ASSIGNMENT.role_id, "value": name},))
    defaults = {"id": entra.APP_ROLE_ASSIGNMENT.resource_id, "app_id": GRAPH, "assigned_roles": None}
    return replace(PROGRAM, published_roles=published, **(defaults | more))


HOLDER = replace(PROGRAM, id=entra.APP_ROLE_ASSIGNMENT.principal_id, app_id="dddddddd-0000-4000-8000-000000000009")
OTHER = replace(PROGRAM, id="eeeeeeee-0000-4000-8000-000000000001")


@pytest.mark.parametrize(
    ("permission", "row"),
    [
        ("Group.ReadWrite.All", "graph_add_member_group"),
        ("GroupMember.ReadWrite.All", "graph_add_member"),
        ("Directory.ReadWrite.All", "graph_write_directory"),
    ],
)
def test_a_program_that_writes_groups_joins_those_that_are_not_for_role_assignment(permission, row):
    """Microsoft Graph permissions reference: these do not reach role-assignable groups; permissions of applications do
    not apply under restricted management ("Restricted management administrative units")."""
    held = (HOLDER, api(permission), entra.APP_ROLE_ASSIGNMENT, owns(GROUP.id))
    assert rows(graph_of(GROUP, *held), HOLDER.id, GROUP.id) == {row}
    assert rows(graph_of(replace(GROUP, role_assignable=True), *held), HOLDER.id, GROUP.id) == set()
    unit = replace(entra.ADMINISTRATIVE_UNIT, members=(GROUP.id,), restricted=True)
    assert rows(graph_of(GROUP, unit, *held), HOLDER.id, GROUP.id) == set()


def test_a_program_that_writes_applications_signs_in_as_others():
    held = (HOLDER, api("Application.ReadWrite.All"), entra.APP_ROLE_ASSIGNMENT, owns(OTHER.id), OTHER)
    (edge,) = between(graph_of(APP, *held), HOLDER.id, OTHER.id, ESCALATES)
    assert (edge.rule, edge.state) == ("graph_add_secret", EdgeState.CERTAIN)
    (edge,) = between(graph_of(*held), HOLDER.id, OTHER.id, ESCALATES)
    assert edge.state is EdgeState.CONDITIONAL


def test_a_permission_of_another_api_is_told_and_is_not_taken_for_the_same_name_of_microsoft_graph():
    held = AssignedRole(
        principal_id=HOLDER.id, principal_type="ServicePrincipal", role_id=entra.APP_ROLE_ASSIGNMENT.role_id
    )
    shop = api("RoleManagement.ReadWrite.Directory", app_id="ffffffff-0000-4000-8000-000000000001")
    graph = graph_of(HOLDER, replace(shop, assigned_roles=(held,)))
    (edge,) = between(graph, HOLDER.id, shop.id, EdgeKind.HAS_PERMISSION)
    assert edge.actions == ("RoleManagement.ReadWrite.Directory",)
    assert rows(graph, HOLDER.id, entra.ENTRA_TENANT.id) == set()


def _roles(ones):
    from poise.model.azure.entra_applications import PublishedRole

    return tuple(PublishedRole(**one) for one in ones)
