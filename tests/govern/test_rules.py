"""Rules of governance: which one takes a finding, who owns it, when it is due, and what is refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.govern.rules import due_of, end_of_day, fault, owner_of, takes, tie, winner
from poise.model import Severity
from poise.model.check import Category
from poise.model.governance import (
    Assignment,
    Condition,
    CountedFrom,
    DueState,
    Facts,
    OwnerSource,
    Place,
    Rule,
    due_state,
    is_address,
)

NOW = datetime(2026, 3, 1, 15, 30, tzinfo=UTC)
ANN, BEN, CARA = "ann@example.org", "ben@example.org", "cara@example.org"


def facts(**changes):
    values = {
        "check": "aws.s3.versioning_off",
        "category": Category.MISCONFIGURATION,
        "severity": Severity.HIGH,
        "risk": Severity.MEDIUM,
        "provider": "aws",
        "kind": "AWS::S3::Bucket",
        "asset": "arn:aws:s3:::a",
        "account": "111122223333",
        "nodes": ("r-root", "ou-shop"),
        "tags": {"team": "shop", "owner": ANN},
        "account_tags": {"owner": CARA},
    }
    return Facts(**(values | changes))


def rule(name="one", priority=10, **changes):
    return Rule(name=name, priority=priority, **changes)


def test_a_rule_without_conditions_takes_every_finding():
    assert takes(rule(), facts())


def test_a_rule_that_is_switched_off_takes_none():
    assert not takes(rule(is_enabled=False), facts())


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(accounts=("111122223333",)), True),
        (Place(accounts=("999999999999",)), False),
        (Place(nodes=("ou-shop",)), True),
        (Place(nodes=("ou-lab",)), False),
        (Place(tags={"team": "shop"}), True),
        (Place(tags={"team": "shop", "stage": "live"}), False),
        (Place(groups=("payments",)), False),
        (Place(assets=("arn:aws:s3:::a",)), True),
        (Place(accounts=("111122223333",), nodes=("ou-lab",)), False),
    ],
)
def test_a_scope_must_hold_in_every_field(place, expected):
    assert takes(rule(scope=place), facts()) is expected


def test_an_exclusion_takes_findings_out_of_a_scope():
    inside = rule(scope=Place(nodes=("r-root",)), excluded=Place(accounts=("111122223333",), tags={"x": "y"}))
    assert not takes(inside, facts())
    assert takes(inside, facts(account="444455556666"))


def test_one_of_the_condition_sets_must_hold_with_all_that_is_in_it():
    conditions = (
        Condition(severities=(Severity.CRITICAL,)),
        Condition(severities=(Severity.HIGH,), checks=("aws.s3",), tags={"team": "shop"}),
    )
    assert takes(rule(conditions=conditions), facts())
    assert not takes(rule(conditions=conditions), facts(tags={}))
    assert takes(rule(conditions=conditions), facts(tags={}, severity=Severity.CRITICAL))


def test_a_beginning_of_a_check_id_ends_at_a_dot():
    assert not takes(rule(conditions=(Condition(checks=("aws.s",)),)), facts())


def test_azure_ids_are_compared_without_case():
    scope = Place(assets=("/subscriptions/X/resourceGroups/Shop",))
    assert takes(rule(scope=scope), facts(provider="azure", asset="/subscriptions/x/resourcegroups/shop"))


def test_rules_of_the_organization_win_then_the_lower_number():
    rules = [
        rule("account", 1, scope=Place(accounts=("111122223333",))),
        rule("node", 500, scope=Place(nodes=("ou-shop",))),
        rule("estate", 400),
    ]
    found = winner(rules, facts())
    assert found.rule.name == "estate"
    assert found.others == ("node", "account")


@given(st.permutations([rule(name, 10, scope=Place(tags={"team": "shop"})) for name in "abcd"]))
def test_the_winner_does_not_depend_on_the_order_in_which_rules_are_given(rules):
    assert winner(rules, facts()).rule.name == "a"


def test_the_owner_is_looked_up_on_the_asset_then_its_group_then_its_account():
    by_tag = rule(owner=OwnerSource(tag="owner", default="sec@example.org"))
    assert owner_of(by_tag, facts()) == ANN
    assert owner_of(by_tag, facts(tags={}, group_tags=({"owner": BEN},))) == BEN
    assert owner_of(by_tag, facts(tags={})) == CARA
    assert owner_of(by_tag, facts(tags={}, account_tags={})) == "sec@example.org"
    assert owner_of(rule(owner=OwnerSource(tag="owner")), facts(tags={}, account_tags={})) == ""


def test_a_tag_that_holds_no_address_is_passed_over():
    assert owner_of(rule(owner=OwnerSource(tag="owner")), facts(tags={"owner": "team shop"})) == CARA


def test_a_tag_key_is_found_in_another_case_where_the_exact_one_is_missing():
    assert owner_of(rule(owner=OwnerSource(tag="owner")), facts(tags={"Owner": BEN})) == BEN
    assert owner_of(rule(owner=OwnerSource(tag="owner")), facts(tags={"Owner": BEN, "owner": ANN})) == ANN


def test_found_on_1_march_and_due_in_14_days_is_due_on_15_march():
    due = due_of(rule(days=14), NOW, NOW + timedelta(days=3))
    assert due == datetime(2026, 3, 15, 23, 59, 59, tzinfo=UTC)


def test_days_may_be_counted_from_the_assignment():
    one = rule(days=7, counted_from=CountedFrom.ASSIGNED)
    assert due_of(one, NOW, datetime(2026, 4, 1, tzinfo=UTC)).date().isoformat() == "2026-04-08"


@pytest.mark.parametrize("hours", [-11, -5, 0, 2, 5.5, 14])
def test_a_moment_in_any_zone_counts_by_its_day_in_utc(hours):
    zone = timezone(timedelta(hours=hours))
    assert end_of_day(NOW.astimezone(zone), 7) == datetime(2026, 3, 8, 23, 59, 59, tzinfo=UTC)


def test_a_change_to_summer_time_moves_no_due_date():
    from zoneinfo import ZoneInfo

    # Clocks in Berlin go forward on 29 March 2026.
    before = datetime(2026, 3, 28, 23, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert end_of_day(before, 7) == datetime(2026, 4, 4, 23, 59, 59, tzinfo=UTC)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 400))
def test_what_is_due_in_days_is_never_overdue_at_once(moment, days):
    due = end_of_day(moment, days)
    assignment = Assignment(owner=ANN, due=due, assigned_at=moment)
    assert due_state(assignment, None, moment) is DueState.ON_TIME
    assert due_state(assignment, None, due) is DueState.ON_TIME
    assert due_state(assignment, None, due + timedelta(seconds=1)) is DueState.OVERDUE
    assert due_state(assignment, due + timedelta(days=9), due + timedelta(days=10)) is DueState.COMPLETED


def test_without_owner_and_due_date_a_finding_is_unassigned():
    assert due_state(None, None, NOW) is DueState.UNASSIGNED
    assert due_state(Assignment(owner="", due=None, assigned_at=NOW), None, NOW) is DueState.UNASSIGNED


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"days": 0}, "days"),
        ({"days": 100_000}, "days"),
        ({"priority": -1}, "priority"),
        ({"priority": 1001}, "priority"),
        ({"owner": OwnerSource(address="ann")}, "owner.address"),
        ({"owner": OwnerSource(default="ann@")}, "owner.default"),
        ({"owner": OwnerSource(tag="owner", address=ANN)}, "owner"),
        ({"managers": (ANN, "boss")}, "managers"),
        ({"scope": Place(accounts=("1", "2")), "excluded": Place(accounts=("1", "2", "3"))}, "excluded"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_key(changes, key):
    assert fault(rule(**changes))[0] == key


@pytest.mark.parametrize(
    "text",
    [
        *("", "ann", "ann@", "@example.org", "ann@example", "a b@example.org", "ann@exa mple.org", "a@b.org, c@d.org"),
        *("ann@example.org\nBcc: eve@evil.example", "<ann@example.org>", "ann@example..org", "a" * 250 + "@b.org"),
        *("a..b@example.org", ".a@example.org", "a.@example.org", "\x00@example.org", "\x7fa@example.org"),
        *("ann@example.org.", "ann@ex/ample.org", "änn@example.org"),
    ],
)
def test_what_is_no_address_is_told_from_one(text):
    assert not is_address(text)


def test_addresses_are_recognised():
    assert all(is_address(text) for text in (ANN, "ann+cloud@mail.example.org", "ann.o'neil@example.co.uk"))


ACCOUNTS = {"1": ("r-root", "ou-shop"), "2": ("r-root",)}


@pytest.mark.parametrize(
    ("one", "other", "is_tied"),
    [
        (Place(), Place(), True),
        (Place(), Place(nodes=("ou-shop",)), True),
        (Place(accounts=("1",)), Place(accounts=("2",)), False),
        (Place(accounts=("1",)), Place(accounts=("1", "2")), True),
        (Place(), Place(accounts=("1",)), False),  # another rank
        (Place(tags={"team": "a"}), Place(tags={"team": "b"}), False),
        (Place(tags={"team": "a"}), Place(tags={"stage": "b"}), True),
        (Place(nodes=("ou-shop",)), Place(nodes=("r-root",)), True),
        (Place(nodes=("ou-shop",)), Place(nodes=("ou-other",)), False),
    ],
)
def test_a_tie_is_the_same_priority_where_two_rules_may_meet(one, other, is_tied):
    found = tie(rule("a", 5, scope=one), [rule("b", 5, scope=other)], ACCOUNTS)
    assert (found is not None) is is_tied
    assert tie(rule("a", 5, scope=one), [rule("b", 6, scope=other)], ACCOUNTS) is None


def test_a_rule_is_not_tied_with_itself():
    assert tie(rule("a"), [rule("a")], ACCOUNTS) is None
