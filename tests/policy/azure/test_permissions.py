"""Role assignments, deny assignments, groups, activations and locks of Azure together."""

from datetime import UTC, datetime

import msgspec
import pytest

from poise.model.asset import replace
from poise.model.azure.authorization import Permission
from poise.model.samples.azure_authorization import ROLE_ASSIGNMENT, ROLE_DEFINITION
from poise.policy.answer import Decision, Unread
from poise.policy.azure.assignments import Assignment, ClassicAdministrator, by_principal
from poise.policy.azure.definitions import Role
from poise.policy.azure.permissions import Inputs, can
from poise.policy.azure.scopes import lowered

from .documents import (
    ACCOUNT,
    ASSIGN,
    BLOB_READ,
    CONTAINER,
    GROUP,
    MANAGEMENT,
    ME,
    OTHER,
    SUB,
    TEAM,
    ask,
    denied,
    given,
    inputs,
    lock,
    role,
)

OWNER = role("owner", "*")
READER = role("reader", "*/read")
BLOBS = role("blobs", data=[BLOB_READ])
EVERYBODY = "00000000-0000-0000-0000-000000000000"
GAP = Unread("role assignments", "denied")
ALLOW, DENY, CONDITIONAL, UNKNOWN = Decision.ALLOW, Decision.DENY, Decision.CONDITIONAL, Decision.UNKNOWN


@pytest.mark.parametrize(
    ("at", "decision"),
    [
        (SUB, ALLOW),
        (SUB.upper(), ALLOW),
        ("/", ALLOW),
        (GROUP, ALLOW),
        (GROUP + "2", DENY),
        (GROUP[:-1], DENY),
        (f"{MANAGEMENT}/root", ALLOW),
        (f"{MANAGEMENT}/LAB", ALLOW),
        (f"{MANAGEMENT}/other", DENY),
        (ACCOUNT, DENY),
    ],
)
def test_a_role_holds_where_it_is_given_and_below(at, decision):
    parents = lowered({SUB: f"{MANAGEMENT}/Lab", f"{MANAGEMENT}/lab": f"{MANAGEMENT}/Root"})
    assert ask(ASSIGN, inputs([OWNER], [given("owner", at)], parents=parents)).decision is decision


def test_management_groups_that_hang_below_each_other_end():
    a, b = f"{MANAGEMENT}/a", f"{MANAGEMENT}/b"
    parents = lowered({SUB: a, a: b, b: a})
    assert ask(ASSIGN, inputs([OWNER], [given("owner", b)], parents=parents)).decision is ALLOW


def test_an_unread_hierarchy_leaves_management_groups_unknown_and_nothing_else():
    gap = Unread("management groups", "denied")
    above = inputs([OWNER], [given("owner", f"{MANAGEMENT}/root")], parents=gap)
    assert ask(ASSIGN, above).decision is UNKNOWN
    assert ask(ASSIGN, inputs([OWNER], [given("owner")], parents=gap)).decision is ALLOW


def test_excepted_actions_match_by_wildcard_and_hold_in_their_own_role_alone():
    narrow = role("narrow", "Microsoft.Authorization/*", but=["*/roleAssignments/*"])
    assert ask(ASSIGN, inputs([narrow], [given("narrow")])).decision is DENY
    both = inputs([narrow, role("exact", ASSIGN.upper())], [given("narrow"), given("exact")])
    assert ask(ASSIGN.lower(), both).decision is ALLOW


def test_an_owner_has_no_right_to_data_and_a_data_role_none_to_management():
    known = inputs([OWNER, BLOBS], [given("owner"), given("blobs", to=OTHER)])
    assert ask(BLOB_READ, known, CONTAINER, is_data=True).decision is DENY
    assert ask(BLOB_READ, known, CONTAINER, OTHER, is_data=True).decision is ALLOW
    assert ask("Microsoft.Storage/storageAccounts/read", known, ACCOUNT, OTHER).decision is DENY


def test_the_roles_tell_which_plane_an_action_is_of():
    known = inputs([OWNER, BLOBS], [given("owner")])
    assert can(ME, BLOB_READ, CONTAINER, known).decision is DENY
    assert can(ME, "Microsoft.New/things/go/action", GROUP, known).decision is UNKNOWN
    assert can(OTHER, "Microsoft.New/things/go/action", GROUP, known).decision is DENY


def test_a_role_reaches_members_of_groups_in_groups_and_cycles_end():
    groups = {ME: (TEAM,), TEAM: ("g2",), "g2": (TEAM, "g3")}
    known = inputs([OWNER], [given("owner", to="g3", kind="Group")], groups=groups)
    assert ask(ASSIGN, known).decision is ALLOW
    assert ask(ASSIGN, known, who=OTHER).decision is DENY


def test_unread_groups_leave_roles_of_groups_unknown_and_roles_of_people_as_they_are():
    gap = Unread("group memberships", "denied")
    known = inputs([OWNER], [given("owner", to=TEAM, kind="Group"), given("owner", to=OTHER)], groups=gap)
    assert ask(ASSIGN, known).decision is UNKNOWN
    assert ask(ASSIGN, known).unread[0].reason == "denied"
    assert ask(ASSIGN, known, who=OTHER).decision is ALLOW
    assert ask(ASSIGN, inputs([OWNER], [given("owner", to=OTHER)], groups=gap)).decision is DENY


def test_what_was_not_read_is_unknown_and_named():
    known = inputs([OWNER], [given("owner")])
    for field, value in (
        ("assignments", GAP),
        ("roles", Unread("role definitions", "denied")),
        ("roles", {}),
        ("denies", Unread("deny assignments", "denied")),
        ("locks", Unread("locks", "denied")),
    ):
        answer = ask(ASSIGN, msgspec.structs.replace(known, **{field: value}))
        assert (answer.decision, len(answer.unread)) == (UNKNOWN, 1), field


def test_a_denial_that_is_read_outweighs_assignments_that_are_not():
    known = inputs([OWNER], [], [denied(actions=["*"])])
    assert ask(ASSIGN, msgspec.structs.replace(known, assignments=GAP)).decision is DENY


def test_a_deny_assignment_is_final_and_named():
    answer = ask(ASSIGN, inputs([OWNER], [given("owner")], [denied(actions=["Microsoft.Authorization/*"])]))
    assert answer.decision is DENY
    assert answer.because[0].text == f"deny assignment shield on {SUB}"


@pytest.mark.parametrize(
    ("shield", "decision"),
    [
        (denied(actions=["*"], but=["*/roleAssignments/*"]), ALLOW),
        (denied(actions=["*/read"]), ALLOW),
        (denied(actions=["*"], principals=[OTHER]), ALLOW),
        (denied(actions=["*"], principals=[EVERYBODY], kind="SystemDefined"), DENY),
        (denied(actions=["*"], principals=[EVERYBODY], excluded=[ME]), ALLOW),
        (denied(actions=["*"], principals=[EVERYBODY], excluded=[TEAM], kind="Group"), ALLOW),
        (denied(actions=["*"], principals=[TEAM], kind="Group"), DENY),
        (denied(actions=["*"], doNotApplyToChildScopes=True), ALLOW),
        (denied(GROUP, actions=["*"], doNotApplyToChildScopes=True), DENY),
        (denied(data=["*"]), ALLOW),
        # REST reference of denyAssignments, 2024-07-01-preview: the effect is `enforced` or `audit`.
        (denied(actions=["*"], denyAssignmentEffect="Enforced"), DENY),
        (denied(actions=["*"], denyAssignmentEffect="Audit"), ALLOW),
    ],
)
def test_a_deny_assignment_is_about_some_actions_principals_and_scopes(shield, decision):
    known = inputs([OWNER], [given("owner")], [shield], groups={ME: (TEAM,)})
    assert ask(ASSIGN, known).decision is decision


def test_an_unread_group_may_be_denied_or_spared():
    gap = Unread("group memberships", "denied")
    for shield in (
        denied(actions=["*"], principals=[TEAM], kind="Group"),
        denied(actions=["*"], principals=[EVERYBODY], excluded=[TEAM], kind="Group"),
    ):
        assert ask(ASSIGN, inputs([OWNER], [given("owner")], [shield], groups=gap)).decision is UNKNOWN
    of_people = denied(actions=["*"], principals=[OTHER])
    assert ask(ASSIGN, inputs([OWNER], [given("owner")], [of_people], groups=gap)).decision is ALLOW


def test_an_eligible_role_is_conditional_until_it_is_activated():
    answer = ask(ASSIGN, inputs([OWNER], [given("owner", eligible=True)]))
    assert answer.decision is CONDITIONAL
    assert str(answer.residual) == f"role owner on {SUB} is activated (whether another must agree was not read)".lower()
    assert ask(ASSIGN, inputs([OWNER], [given("owner"), given("owner", eligible=True)])).decision is ALLOW


def test_an_eligible_membership_is_conditional_on_the_way_to_every_role_behind_it():
    known = inputs(
        [OWNER],
        [given("owner", to="g2", kind="Group")],
        groups={TEAM: ("g2",)},
        eligible_groups={ME: (TEAM,)},
    )
    answer = ask(ASSIGN, known)
    assert answer.decision is CONDITIONAL
    assert str(answer.residual) == f"membership in group {TEAM} is activated"


def test_a_schedule_decides_by_the_time_of_the_question():
    window = {"startDateTime": "2026-11-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z"}
    known = inputs([OWNER], [given("owner", **window)])
    assert ask(ASSIGN, known).decision is CONDITIONAL
    for day, decision in ((datetime(2026, 11, 25, tzinfo=UTC), ALLOW), (datetime(2026, 12, 1, tzinfo=UTC), DENY)):
        assert ask(ASSIGN, known, at=day).decision is decision


def test_classic_administrators_are_owners_of_management_as_long_as_azure_honours_them():
    classic = (ClassicAdministrator(ME, "CoAdministrator", SUB),)
    known = inputs([BLOBS], [], classic=classic)
    assert ask(ASSIGN, known).decision is CONDITIONAL
    assert ask(BLOB_READ, known, CONTAINER, is_data=True).decision is DENY
    assert ask(ASSIGN, inputs([], [], [denied(actions=["*"])], classic=classic)).decision is DENY


@pytest.mark.parametrize(
    ("level", "action", "decision"),
    [
        ("CanNotDelete", "Microsoft.Storage/storageAccounts/delete", DENY),
        ("CanNotDelete", "Microsoft.Storage/storageAccounts/write", ALLOW),
        ("CanNotDelete", "Microsoft.Storage/storageAccounts/listkeys/action", ALLOW),
        ("ReadOnly", "Microsoft.Storage/storageAccounts/delete", DENY),
        ("ReadOnly", "Microsoft.Storage/storageAccounts/write", DENY),
        ("ReadOnly", "Microsoft.Storage/storageAccounts/listkeys/action", DENY),
        ("ReadOnly", "Microsoft.Storage/storageAccounts/read", ALLOW),
        ("ReadOnly", "Microsoft.Authorization/locks/delete", ALLOW),
    ],
)
def test_locks_stop_changes_of_management_below_them(level, action, decision):
    known = inputs([OWNER], [given("owner")], locks=[lock(level)])
    assert ask(action, known, ACCOUNT).decision is decision
    assert ask(action, known, SUB).decision is ALLOW


@pytest.mark.parametrize(("action", "expected"), [("delete", DENY), ("write", ALLOW)])
def test_a_lock_on_something_inside_stops_the_deletion_of_its_resource_group(action, expected):
    """Microsoft Learn, "Lock your resources": with a Delete lock on one resource the whole group is not deleted."""
    known = inputs([OWNER], [given("owner")], locks=[lock("CanNotDelete", ACCOUNT)])
    assert ask(f"Microsoft.Resources/subscriptions/resourceGroups/{action}", known, GROUP).decision is expected


def test_locks_do_not_stop_data():
    erase = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete"
    known = inputs([role("eraser", data=[erase])], [given("eraser")], locks=[lock("ReadOnly")])
    assert ask(erase, known, CONTAINER, is_data=True).decision is ALLOW


def test_the_deciding_assignment_is_named():
    answer = ask(ASSIGN, inputs([OWNER, READER], [given("reader"), given("owner", GROUP)]))
    assert [reason.source for reason in answer.because] == [given("owner", GROUP)["id"]]


def test_one_of_many_assignments_is_found_by_its_principal():
    known = inputs([OWNER], [])
    many = by_principal([])
    assert ask(ASSIGN, msgspec.structs.replace(known, assignments=many)).decision is DENY


def test_records_of_assets_are_judged_like_documents():
    entry = Permission(
        actions=(ASSIGN,),
        not_actions=(),
        data_actions=(),
        not_data_actions=(),
        condition="@Request[a:b] BoolEquals true",
    )
    definition = replace(ROLE_DEFINITION, guid="granter", permissions=(entry,))
    at = replace(
        ROLE_ASSIGNMENT, role_definition="/x/GRANTER", principal_id=ME.upper(), assigned_at=SUB, condition=None
    )
    known = Inputs(assignments=by_principal([Assignment.of_record(at)]), roles={"granter": Role.of_record(definition)})
    assert ask(ASSIGN, known).decision is CONDITIONAL
    assert ask(ASSIGN, known, attributes={"@Request[a:b]": "true"}).decision is ALLOW
