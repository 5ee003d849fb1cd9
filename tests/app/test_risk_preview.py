"""What other points and thresholds would make of risks: the same as a scan with them then gives.

Points and thresholds are those of docs/concepts/risk.md: a low check has 10 points, exposure to anyone 25, medium is
from 25, high from 50, critical from 75.
"""

from dataclasses import replace as changed

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poise.app import cloud_scores, exemptions, marking, queries
from poise.app.risk_preview import Turn, preview, rules_with
from poise.app.scan import ScanOptions, scan
from poise.model import Severity
from poise.model.errors import UsageError
from poise.model.listings import FindingFilter
from poise.model.mark import Mark, Topic
from poise.model.viewer import viewer_of
from poise.score.risk_rules import risk_rules
from tests.app.conftest import bucket
from tests.app.test_risks import OFF, OPEN_POLICY, UNBLOCKED

LOW, MEDIUM, HIGH, CRITICAL = sorted(Severity, key=lambda level: level.rank)


@pytest.fixture
def estate(workspace, cloud):
    """One bucket that anyone reads, one whose policy was not read, two that nobody reaches, one of them tagged."""
    open_one = bucket("b", versioning=None, public_access_block=OFF, policy=OPEN_POLICY)
    dark = bucket("dark", unread={"policy": "AccessDenied", "versioning": "AccessDenied"})
    cloud.account = UNBLOCKED
    tagged = bucket("tagged", versioning=None, tags={"tier": "1", "owner": "x"})
    cloud.buckets = [open_one, dark, tagged, bucket("good")]
    scan(workspace, [cloud], ScanOptions())
    return cloud


def levels(workspace):
    return {row.id: row.risk.level for row in queries.all_findings(workspace, FindingFilter())}


def with_rules(workspace, tables):
    return changed(workspace, choices=changed(workspace.choices, risk=risk_rules(tables)))


def test_what_is_set_already_moves_nothing(workspace, estate):
    found = preview(workspace, workspace.choices.risk)

    assert (found.turns, found.moved) == ((), ())
    assert found.before == found.after
    assert sum(found.before.values()) == len(levels(workspace))
    assert found.score_before == found.score_after == cloud_scores.risk_score(workspace)


def test_a_threshold_moves_those_whose_points_it_passes(workspace, estate):
    (one,) = queries.findings(
        workspace, FindingFilter(checks=frozenset({"aws.s3.versioning_off"}), asset_id="arn:aws:s3:::b")
    ).rows
    assert (sum(factor.points for factor in one.risk.factors), one.risk.level) == (10 + 25, MEDIUM)

    found = preview(workspace, rules_with(workspace, {"levels": {"medium": 36}}, "x"))

    (moved,) = [row for row in found.moved if row.id == one.id]
    assert (moved.before, moved.after, moved.points_before, moved.points_after) == (MEDIUM, LOW, 35, 35)
    kept = preview(workspace, rules_with(workspace, {"levels": {"medium": 35}}, "x"))
    assert one.id not in {row.id for row in kept.moved}


def test_nothing_is_written(workspace, estate):
    before, score = levels(workspace), cloud_scores.risk_score(workspace)
    deeds = workspace.store.audit.page().total

    preview(workspace, rules_with(workspace, {"levels": {"medium": 0, "high": 0, "critical": 0}}, "x"))

    assert (levels(workspace), cloud_scores.risk_score(workspace)) == (before, score)
    assert workspace.store.audit.page().total == deeds


POINTS = st.integers(0, 60)
RISING = st.tuples(POINTS, POINTS, POINTS).map(sorted)
TABLES = st.fixed_dictionaries(
    {},
    optional={
        "levels": RISING.map(lambda p: dict(zip(("medium", "high", "critical"), p, strict=True))),
        "points": st.fixed_dictionaries(
            {},
            optional={
                "exposure": RISING.map(lambda p: {"none": p[0], "narrow": p[1], "wide": p[2], "unknown": p[2]}),
                "criticality": RISING.map(lambda p: {"low": p[0], "medium": p[1], "high": p[2], "unknown": p[0]}),
            },
        ),
        "criticality": st.just({"names": {"goo*": "high", "b": "low"}}) | st.just({"tags": ["owner"], "values": {}}),
        "sensitivity": st.just({"assets": {"arn:aws:s3:::dark": "high"}}),
    },
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tables=TABLES)
def test_it_says_what_the_next_scan_with_them_gives(workspace, estate, tables):
    now = preview(workspace, workspace.choices.risk)
    rules = rules_with(workspace, tables, "x")
    told, before = preview(workspace, rules), levels(workspace)

    then = changed(workspace, choices=changed(workspace.choices, risk=rules))
    scan(then, [estate], ScanOptions(finds_paths=False))

    after = levels(then)
    assert {row.id: row.after for row in told.moved} == {
        id: level for id, level in after.items() if level != before[id]
    }
    assert told.after == {level.value: list(after.values()).count(level) for level in (CRITICAL, HIGH, MEDIUM, LOW)}
    assert told.score_after == cloud_scores.risk_score(then)
    assert sum(turn.findings for turn in told.turns) == len(told.moved)
    scan(workspace, [estate], ScanOptions(finds_paths=False))
    assert preview(workspace, workspace.choices.risk) == now
    assert now.turns == ()


def test_marks_by_hand_stand_over_other_rules(workspace, estate):
    mark = Mark(asset_id="arn:aws:s3:::b", topic=Topic.CRITICALITY, degree="high", reason="orders", by="ann")
    marking.mark(workspace, mark)

    lowered = rules_with(workspace, {"criticality": {"tags": [], "values": {}}}, "x")

    assert "arn:aws:s3:::b" not in {row.asset.id for row in preview(workspace, lowered).moved}


def test_exempt_findings_move_and_cost_nothing(workspace, estate):
    for row in {row.check: row for row in queries.all_findings(workspace, FindingFilter())}.values():
        exemptions.disable(workspace, exemptions.Switch(check=row.check, reason="r"), "ann")

    found = preview(workspace, rules_with(workspace, {"levels": {"medium": 0, "high": 0, "critical": 0}}, "x"))

    assert found.after["critical"] == sum(found.before.values()) > 0
    assert found.score_after == found.score_before


def test_the_farthest_moved_come_first_and_the_turns_add_up(workspace, estate):
    found = preview(workspace, rules_with(workspace, {"levels": {"medium": 0, "high": 0, "critical": 0}}, "x"))

    steps = [abs(row.after.rank - row.before.rank) for row in found.moved]
    assert steps == sorted(steps, reverse=True)
    assert {turn.after for turn in found.turns} == {CRITICAL}
    assert Turn(LOW, CRITICAL, found.before["low"]) in found.turns


def test_a_viewer_is_told_of_what_they_see(workspace, estate):
    nobody = changed(workspace, viewer=viewer_of(["999999999999"]))

    found = preview(nobody, rules_with(nobody, {"levels": {"medium": 0, "high": 0, "critical": 0}}, "x"))

    assert (sum(found.before.values()), found.moved) == (0, ())
    assert found.score_before.assets == 0


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"levels": {"medium": 60}}, "risk.levels falls"),
        ({"levels": {"worst": 1}}, "worst"),
        ({"levels": {"high": "many"}}, "risk.levels.high"),
        ({"points": {"exposure": {"unknown": 900}}}, "points.exposure.unknown"),
        ({"levels": {"high": 1001}}, "risk.levels.high"),
        ({"weather": {}}, "weather"),
        ({"points": 3}, "risk.points"),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_place(workspace, tables, says):
    with pytest.raises(UsageError, match=says):
        rules_with(workspace, tables, "here")


def test_only_what_is_named_is_changed_over_what_is_set(workspace):
    mine = with_rules(workspace, {"levels": {"critical": 90}, "points": {"exposure": {"narrow": 12}}})

    rules = rules_with(mine, {"points": {"exposure": {"narrow": 13}}}, "x")

    assert (rules.levels.critical, rules.points.exposure.narrow, rules.points.exposure.wide) == (90, 13, 25)
