"""Directory roles with their scopes, and application permissions."""

import pytest

from poise.policy.answer import Decision, Unread
from poise.policy.azure.directory import (
    DirectoryAssignment,
    DirectoryInputs,
    DirectoryRole,
    Target,
    can_in_directory,
    holds_app_role,
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
        ("/", Target(id=APP, units=(UNIT,), is_restricted=True), Decision.DENY),
        (f"/administrativeUnits/{UNIT}", Target(id=APP, units=(UNIT,), is_restricted=True), Decision.ALLOW),
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
