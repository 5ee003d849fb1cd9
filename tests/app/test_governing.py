"""Governance over a store: new findings are assigned, grace spares the score, people decide, all of it is audited."""

from datetime import timedelta

import pytest

from poise.app import exemptions, governing, governing_assign, queries
from poise.app.governing_assign import Decision
from poise.app.governing_report import report, report_rows
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.workspace import catch_up
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.governance import Condition, DueState, Overwrite, OwnerSource, Place, Rule
from poise.model.listing import ListingState, Scope
from poise.model.listings import AssetFilter, FindingFilter
from poise.model.samples.aws import ACCOUNT
from tests.app.conftest import FakeCloud, bucket

CHECK = "aws.s3.versioning_off"
ONE = FindingFilter(checks=frozenset({CHECK}))
ANN, BEN = "ann@example.org", "ben@example.org"


class OrganizedCloud(FakeCloud):
    def scopes(self):
        return (Scope(ACCOUNT, "aws", "shop", ("r-root", "ou-shop")),)


def run(workspace, cloud):
    scan(workspace, [cloud], ScanOptions())


@pytest.fixture
def estate(workspace, clock):
    cloud = OrganizedCloud(clock)
    cloud.buckets = [
        bucket("a", versioning=None, tags={"owner": ANN}),
        bucket("b", versioning=None, tags={"owner": "the shop team"}),
        bucket("good"),
    ]
    run(workspace, cloud)
    return cloud


def rule(name="buckets", priority=10, **changes):
    values = {
        "conditions": (Condition(checks=(CHECK,)),),
        "owner": OwnerSource(tag="owner"),
        "days": 14,
    }
    return Rule(name=name, priority=priority, **(values | changes))


def assigned(workspace, wanted=ONE):
    found = queries.all_findings(workspace, wanted)
    return {f.asset.name: (f.owner, f.due.date().isoformat() if f.due else None) for f in found}


def effects(workspace):
    return {f.asset.name: f.effect.value for f in queries.all_findings(workspace, ONE)}


def unhealthy_assets(workspace):
    """Unhealthy assets in score controls: what lowers the score."""
    return sum(c.unhealthy for scope in secure_score(workspace, AssetFilter()).scopes for c in scope.controls)


def only_versioning(workspace):
    """Leave one check, so that it alone decides."""
    for row in queries.recommendations(workspace, FindingFilter()):
        if row.check != CHECK and row.control is not None:
            exemptions.disable(workspace, exemptions.Switch(check=row.check, reason="to look at one"), "ann")


def one_id(workspace, name="a"):
    return next(f.id for f in queries.all_findings(workspace, ONE) if f.asset.name == name)


def test_a_rule_assigns_what_is_there_and_what_comes_later(workspace, estate, clock):
    found = governing.add(workspace, rule(), "ann")
    assert (found.taken, found.unowned, found.kept) == (2, 1, 0)
    assert found.warnings == ("1 findings: the tag owner=the shop team holds no mail address",)
    assert assigned(workspace) == {"a": (ANN, "2026-01-15"), "b": (None, "2026-01-15")}
    clock.pass_days(3)
    estate.buckets.append(bucket("c", versioning=None, tags={"owner": BEN}))
    run(workspace, estate)
    assert assigned(workspace)["c"] == (BEN, "2026-01-18")


def test_a_dry_run_changes_nothing_and_names_who_wins(workspace, estate):
    governing.add(workspace, rule(), "ann")
    found = governing.preview(workspace, rule("weaker", 20))
    assert found.taken == 0
    assert found.lost == {"buckets": 2}
    stronger = governing.preview(workspace, rule("stronger", 1), Overwrite.RULES)
    assert stronger.taken == 2
    assert stronger.yielding == {"buckets": 2}
    assert {each.others for each in stronger.planned} == {("buckets",)}
    assert governing.preview(workspace, rule("stronger", 1)).kept == 2
    assert [one.name for one in governing.rules(workspace)] == ["buckets"]


def test_two_rules_of_one_priority_that_may_meet_are_refused(workspace, estate):
    governing.add(workspace, rule(), "ann")
    with pytest.raises(UsageError, match="'buckets' has the priority 10 too"):
        governing.add(workspace, rule("other"), "ann")
    elsewhere = rule("other", scope=Place(accounts=("999999999999",)))
    assert governing.add(workspace, elsewhere, "ann").warnings[0] == "no account 999999999999 was read"


def test_a_rerun_overwrites_only_what_it_may(workspace, estate):
    governing.add(workspace, rule(), "ann")
    governing_assign.assign(workspace, [one_id(workspace)], Decision(owner=BEN), "ann")
    governing.add(workspace, rule(days=30, owner=OwnerSource(address="sec@example.org")), "ann")
    assert assigned(workspace) == {"a": (BEN, "2026-01-15"), "b": (None, "2026-01-15")}
    assert governing.run_rules(workspace, "ann", Overwrite.RULES) == 1
    assert assigned(workspace) == {"a": (BEN, "2026-01-15"), "b": ("sec@example.org", "2026-01-31")}
    assert governing.run_rules(workspace, "ann", Overwrite.EVERYTHING) == 1
    assert assigned(workspace)["a"] == ("sec@example.org", "2026-01-31")
    assert governing.run_rules(workspace, "ann", Overwrite.EVERYTHING) == 0


def test_grace_spares_the_score_until_the_day_is_over(workspace, estate, clock):
    only_versioning(workspace)
    assert unhealthy_assets(workspace) == 2
    governing.add(workspace, rule(is_grace=True), "ann")
    assert effects(workspace) == {"a": "grace", "b": "grace"}
    assert unhealthy_assets(workspace) == 0
    clock.pass_days(14)  # still the day on which it is due
    catch_up(workspace.store, workspace.checks)
    assert effects(workspace) == {"a": "grace", "b": "grace"}
    clock.pass_days(0.5)
    catch_up(workspace.store, workspace.checks)
    assert effects(workspace) == {"a": "counted", "b": "counted"}
    assert unhealthy_assets(workspace) == 2
    overdue = FindingFilter(due=frozenset({DueState.OVERDUE}))
    assert set(assigned(workspace, overdue)) == {"a", "b"}
    assert workspace.store.recount()


def test_an_exemption_goes_before_grace_and_grace_comes_back_after_it(workspace, estate, clock):
    governing.add(workspace, rule(is_grace=True), "ann")
    waiver = Exemption(
        name="w",
        kind=Kind.WAIVER,
        covers=Covers(checks=(CHECK,)),
        reason="r",
        approver="ann",
        until=clock() + timedelta(days=3),
    )
    exemptions.add(workspace, waiver, "ann")
    assert set(effects(workspace).values()) == {"waived"}
    exemptions.remove(workspace, "w", "ann")
    assert set(effects(workspace).values()) == {"grace"}
    assert workspace.store.recount()


def test_grace_never_spares_what_became_unknown(workspace, estate, clock):
    governing.add(workspace, rule(is_grace=True), "ann")
    estate.buckets[0] = bucket("a", unread={"versioning": "AccessDenied"})
    clock.pass_days(1)
    run(workspace, estate)
    assert effects(workspace) == {"a": "counted", "b": "grace"}


def test_a_finding_that_comes_back_is_assigned_anew(workspace, estate, clock):
    governing.add(workspace, rule(), "ann")
    clock.pass_days(2)
    estate.buckets[0] = bucket("a", tags={"owner": ANN})
    run(workspace, estate)
    assert report(workspace).total.completed == 1
    clock.pass_days(30)
    estate.buckets[0] = bucket("a", versioning=None, tags={"owner": BEN})
    run(workspace, estate)
    assert assigned(workspace)["a"] == (BEN, "2026-02-16")


def test_a_listing_that_failed_takes_no_assignment_away(workspace, estate, clock):
    governing.add(workspace, rule(), "ann")
    before = assigned(workspace)
    estate.s3_state, estate.s3_reason, estate.buckets = ListingState.DENIED, "AccessDenied", []
    run(workspace, estate)
    assert assigned(workspace).items() >= before.items()


def test_people_assign_findings_and_whole_checks(workspace, estate):
    decision = Decision(owner=BEN, due="2026-02-01", is_grace=True)
    assert governing_assign.assign(workspace, [CHECK], decision, "ann") == 2
    assert assigned(workspace) == {"a": (BEN, "2026-02-01"), "b": (BEN, "2026-02-01")}
    assert effects(workspace) == {"a": "grace", "b": "grace"}
    assert governing_assign.unassign(workspace, [one_id(workspace)], "ann") == 1
    assert assigned(workspace)["a"] == (None, None)
    assert effects(workspace) == {"a": "counted", "b": "grace"}


def test_an_expected_date_needs_a_reason_and_leaves_the_due_date(workspace, estate):
    governing.add(workspace, rule(is_grace=True), "ann")
    id = one_id(workspace)
    with pytest.raises(UsageError, match="justification"):
        governing_assign.assign(workspace, [id], Decision(eta="2026-03-01"), "ann")
    decision = Decision(eta="2026-03-01", justification="the vendor ships in February")
    governing_assign.assign(workspace, [id], decision, "ann")
    found = governing_assign.assignment_of(workspace, id)
    assert found.eta.date().isoformat() == "2026-03-01"
    assert found.due.date().isoformat() == "2026-01-15"
    assert found.rule == "buckets"
    assert effects(workspace)["a"] == "grace"


@pytest.mark.parametrize(
    ("decision", "says"),
    [
        (Decision(owner="ann"), "no mail address"),
        (Decision(due="2025-12-31"), "is past"),
        (Decision(due="soon"), "Give a day"),
        (Decision(due="9999-12-31x"), "Give a day"),
        (Decision(eta="2025-12-31", justification="x"), "is past"),
        (Decision(is_grace=True), "needs a due date"),
        (Decision(justification="x", owner=ANN), "expected date"),
        (Decision(), "Nothing is to be assigned"),
    ],
)
def test_what_cannot_be_assigned_is_refused_and_changes_nothing(workspace, estate, decision, says):
    with pytest.raises(UsageError, match=says):
        governing_assign.assign(workspace, [CHECK], decision, "ann")
    assert assigned(workspace) == {"a": (None, None), "b": (None, None)}


def test_today_is_not_past(workspace, estate):
    assert governing_assign.assign(workspace, [CHECK], Decision(due="2026-01-01"), "ann") == 2


def test_an_id_that_is_not_there_is_refused(workspace, estate):
    with pytest.raises(UsageError, match="no finding"):
        governing_assign.assign(workspace, ["nope"], Decision(owner=ANN), "ann")


def test_moving_a_rule_changes_places_and_back(workspace, estate):
    for name, priority in (("a", 1), ("b", 5), ("c", 9)):
        governing.add(workspace, rule(name, priority), "ann")
    names = lambda rules: [(one.name, one.priority) for one in rules]  # noqa: E731
    assert names(governing.move(workspace, "c", -1, "ann")) == [("a", 1), ("c", 5), ("b", 9)]
    assert names(governing.move(workspace, "c", 1, "ann")) == [("a", 1), ("b", 5), ("c", 9)]
    assert names(governing.move(workspace, "a", -1, "ann")) == [("a", 1), ("b", 5), ("c", 9)]


def test_removing_a_rule_leaves_what_it_has_assigned(workspace, estate):
    governing.add(workspace, rule(), "ann")
    before = assigned(workspace)
    governing.remove(workspace, "buckets", "ann")
    assert assigned(workspace).items() >= before.items()
    with pytest.raises(UsageError, match="no rule"):
        governing.remove(workspace, "buckets", "ann")


def test_every_change_is_audited(workspace, estate):
    governing.add(workspace, rule(), "ann")
    governing.add(workspace, rule(days=7), "ben")
    governing_assign.assign(workspace, [CHECK], Decision(owner=BEN), "cara")
    governing.remove(workspace, "buckets", "ann")
    found = [(row.actor, row.action) for row in workspace.store.audit.page().rows]
    assert found == [
        ("ann", "governance rule removed"),
        ("cara", "findings assigned"),
        ("ben", "governance rule changed"),
        ("ann", "findings assigned by rules"),
        ("ann", "governance rule added"),
    ]


def test_the_report_counts_by_owner_rule_and_account(workspace, estate, clock):
    governing.add(workspace, rule(), "ann")
    clock.pass_days(4)
    estate.buckets[0] = bucket("a", tags={"owner": ANN})
    estate.buckets.append(bucket("c", versioning=None, tags={"owner": BEN}))
    run(workspace, estate)
    clock.pass_days(11)
    catch_up(workspace.store, workspace.checks)
    found = report(workspace)
    lines = {line.name: (line.completed, line.on_time, line.overdue) for line in found.owners}
    assert lines[ANN] == (1, 0, 0)
    assert lines[BEN] == (0, 1, 0)
    rules = {line.name: (line.completed, line.on_time, line.overdue, line.unassigned) for line in found.rules}
    assert rules["buckets"] == (1, 1, 1, 0)
    assert next(line.mean_days for line in found.owners if line.name == ANN) == 4.0
    assert sum(found.total.overdue_by_risk.values()) == 1
    assert {row["by"] for row in report_rows(found)} == {"all", "owner", "rule", "account"}


def test_what_is_exempted_is_not_in_the_report(workspace, estate, clock):
    total = report(workspace).total.unassigned
    waiver = Exemption(
        name="w",
        kind=Kind.WAIVER,
        covers=Covers(checks=(CHECK,)),
        reason="r",
        approver="ann",
        until=clock().replace(year=2027),
    )
    exemptions.add(workspace, waiver, "ann")
    assert report(workspace).total.unassigned == total - 2


@pytest.mark.parametrize(("state", "names"), [(DueState.UNASSIGNED, {"b"}), (DueState.ON_TIME, {"a"})])
def test_lists_are_filtered_by_where_findings_stand(workspace, estate, state, names):
    governing_assign.assign(workspace, [one_id(workspace)], Decision(owner=ANN), "ann")
    wanted = FindingFilter(checks=frozenset({CHECK}), due=frozenset({state}))
    assert set(assigned(workspace, wanted)) == names
    assert set(assigned(workspace, FindingFilter(owners=frozenset({ANN})))) == {"a"}
