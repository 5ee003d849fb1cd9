"""Directory roles with their scopes, and application permissions."""

import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.as_read import as_far_as_read
from poise.policy.azure.directory import (
    DirectoryAssignment,
    DirectoryInputs,
    DirectoryRole,
    Target,
    application_subtypes,
    can_in_directory,
    group_subtypes,
    holds_app_role,
    permission_of,
    takes_in,
)

SECRET = "microsoft.directory/applications/credentials/update"
ME, TEAM, APP, UNIT = "me", "team", "app-object", "unit-1"


def directory_role(*actions, condition=None, enabled=True):
    return DirectoryRole.of(
        {
            "id": "R",
            "displayName": "Keeper",
            "isEnabled": enabled,
            "rolePermissions": [{"allowedResourceActions": list(actions), "condition": condition}],
        }
    )


def known(role, scope="/", to=ME, eligible=False, **more):
    document = {"id": "a1", "principalId": to, "roleDefinitionId": "R", "directoryScopeId": scope}
    assignments = (DirectoryAssignment.of(document, is_eligible=eligible),)
    return DirectoryInputs(**{"assignments": assignments, "roles": {"r": role}} | more)


APPLICATION = Target(id=APP)


def decide(inputs, target=APPLICATION, action=SECRET):
    return can_in_directory(ME, action, target, inputs).decision


@pytest.mark.parametrize(
    ("wide", "expected"),
    [
        (SECRET, True),
        ("microsoft.directory/applications/allProperties/allTasks", True),
        ("microsoft.directory/applications/allProperties/update", True),
        ("microsoft.directory/applications/allProperties/read", False),
        ("microsoft.directory/applications/credentials/allTasks", True),
        ("microsoft.directory/allEntities/allProperties/allTasks", True),
        ("microsoft.directory/servicePrincipals/allProperties/allTasks", False),
        ("microsoft.directory/applications/owners/update", False),
        ("microsoft.azure/applications/allProperties/allTasks", False),
    ],
)
def test_an_action_takes_in_others_by_property_set_and_task(wide, expected):
    assert takes_in(wide.lower(), SECRET.lower()) is expected


@pytest.mark.parametrize(
    ("scope", "target", "expected"),
    [
        ("/", Target(id=APP), Decision.ALLOW),
        ("/", Target(), Decision.ALLOW),
        (f"/{APP.upper()}", Target(id=APP), Decision.ALLOW),
        (f"/{APP}", Target(id="other"), Decision.DENY),
        (f"/{APP}", Target(), Decision.DENY),
        (f"/administrativeUnits/{UNIT}", Target(id=APP, units=(UNIT,)), Decision.ALLOW),
        (f"/administrativeUnits/{UNIT}", Target(id=APP), Decision.DENY),
        (f"/administrativeUnits/{UNIT}", Target(id=APP, units=Unread("units", "denied")), Decision.UNKNOWN),
        ("/", Target(id=APP, units=(UNIT,), restricted_units=(UNIT,)), Decision.DENY),
        (f"/administrativeUnits/{UNIT}", Target(id=APP, units=(UNIT,), restricted_units=(UNIT,)), Decision.ALLOW),
    ],
)
def test_a_role_holds_on_the_tenant_a_unit_or_an_object(scope, target, expected):
    assert decide(known(directory_role(SECRET), scope), target) is expected


def test_roles_reach_members_of_groups_and_wait_for_activation():
    assert decide(known(directory_role(SECRET), to=TEAM, groups={ME: (TEAM,)})) is Decision.ALLOW
    assert decide(known(directory_role(SECRET), to=TEAM)) is Decision.DENY
    assert decide(known(directory_role(SECRET), eligible=True)) is Decision.CONDITIONAL


def test_some_entries_are_about_oneself_or_what_one_owns():
    own = known(directory_role(SECRET, condition="$SubjectIsOwner"))
    assert decide(own, Target(id=APP, owners=frozenset({"ME"}))) is Decision.ALLOW
    assert decide(own) is Decision.DENY
    assert decide(own, Target(id=APP, owners=Unread("owners", "denied"))) is Decision.UNKNOWN
    mine = known(directory_role(SECRET, condition="$ResourceIsSelf"))
    assert decide(mine, Target(id=ME)) is Decision.ALLOW
    assert decide(mine) is Decision.DENY
    assert decide(known(directory_role(SECRET, condition="$New"))) is Decision.UNKNOWN


def test_a_disabled_role_gives_nothing():
    assert decide(known(directory_role(SECRET, enabled=False))) is Decision.DENY


def test_what_was_not_read_is_unknown():
    gap = Unread("directory roles", "denied")
    for field in ("assignments", "roles"):
        assert decide(known(directory_role(SECRET), **{field: gap})) is Decision.UNKNOWN
    assert decide(known(directory_role(SECRET), roles={})) is Decision.UNKNOWN


def test_application_permissions_are_granted_by_name():
    inputs = known(directory_role(), app_roles={"app": frozenset({"Application.ReadWrite.All"})})
    assert holds_app_role("APP", "application.readwrite.all", inputs).decision is Decision.ALLOW
    assert holds_app_role("app", "Application.Read.All", inputs).decision is Decision.DENY
    unread = known(directory_role(), app_roles=Unread("app roles", "denied"))
    assert holds_app_role("app", "Application.Read.All", unread).decision is Decision.UNKNOWN


MEMBERS = "microsoft.directory/groups/members/update"
SECURITY = frozenset({"groups.security", "groups.security.assignedmembership"})


@pytest.mark.parametrize(
    ("held", "target", "expected"),
    [
        ("groups.security/members/update", {"subtypes": SECURITY}, Decision.ALLOW),
        ("groups.security.assignedMembership/allProperties/update", {"subtypes": SECURITY}, Decision.ALLOW),
        ("groups.unified/members/update", {"subtypes": SECURITY}, Decision.DENY),
        ("groups.security/owners/update", {"subtypes": SECURITY}, Decision.DENY),
        ("groups.security/members/update", {"subtypes": Unread("types", "denied")}, Decision.UNKNOWN),
        ("groups/members/update", {"is_guarded": True}, Decision.DENY),
        ("groups/allProperties/allTasks", {"is_guarded": True}, Decision.DENY),
        ("groups/members/update", {"is_guarded": Unread("isAssignableToRole", "denied")}, Decision.UNKNOWN),
    ],
)
def test_rights_on_groups_are_of_a_subtype_and_never_of_groups_for_role_assignment(held, target, expected):
    """Microsoft Learn, "Group management permissions for Microsoft Entra custom roles", table of subtypes."""
    inputs = known(directory_role(f"microsoft.directory/{held}"))
    assert decide(inputs, Target(id="g", **target), MEMBERS) is expected


def test_a_right_on_applications_of_the_organization_is_about_single_tenant_ones():
    """Microsoft Learn, "Application registration permissions for custom roles": `applications.myOrganization`."""
    inputs = known(directory_role("microsoft.directory/applications.myOrganization/credentials/update"))
    for audience, expected in (("AzureADMyOrg", Decision.ALLOW), ("AzureADMultipleOrgs", Decision.DENY)):
        assert decide(inputs, Target(id=APP, subtypes=application_subtypes(audience))) is expected


@pytest.mark.parametrize(
    ("types", "security", "expected"),
    [
        ((), True, {"groups.security", "groups.security.assignedmembership"}),
        (("DynamicMembership",), True, {"groups.security"}),
        (("Unified",), True, {"groups.unified", "groups.unified.assignedmembership"}),
        ((), False, set()),
    ],
)
def test_the_subtypes_of_a_group(types, security, expected):
    assert group_subtypes(types, security) == expected


@pytest.mark.parametrize(("scope", "expected"), [("/g", Decision.DENY), ("/administrativeUnits/plain", Decision.DENY)])
def test_a_role_on_the_object_or_on_another_unit_does_not_reach_into_restricted_management(scope, expected):
    """Microsoft Learn, "Restricted management administrative units", table "Who can modify objects?"."""
    target = Target(id="g", units=("plain", UNIT), restricted_units=(UNIT,))
    assert decide(known(directory_role(MEMBERS), scope), target, MEMBERS) is expected


def test_units_that_were_not_read_may_be_under_restricted_management():
    answer = can_in_directory(
        ME, MEMBERS, Target(id="g", units=Unread("units", "denied")), known(directory_role(MEMBERS))
    )
    assert answer.decision is Decision.UNKNOWN
    assert as_far_as_read(answer)[0] is Decision.ALLOW


def test_a_permission_of_another_api_is_none_of_microsoft_graph():
    api, name = "77777777-0000-4000-8000-000000000001", "Application.ReadWrite.All"
    inputs = DirectoryInputs(assignments=(), roles={}, app_roles={ME: frozenset({permission_of(api, name)})})
    assert holds_app_role(ME, name, inputs).decision is Decision.DENY
    assert holds_app_role(ME, permission_of(api, name), inputs).decision is Decision.ALLOW
