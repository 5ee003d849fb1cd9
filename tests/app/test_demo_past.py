"""The sample estate has a past that was read and judged, once, and that leads to the estate as it was recorded."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from poise.app import exemptions, past, queries
from poise.app.changes import Formula, Span, score_change
from poise.app.demo import as_recorded, open_estate
from poise.app.demo_past import SampleClock, play, read_past
from poise.app.exemptions import Switch
from poise.app.governing_assign import Decision, assign
from poise.app.scan import ScanOptions, scan
from poise.app.scores import score_history, secure_score
from poise.app.upkeep import retire
from poise.app.workspace import catch_up, open_workspace
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.listings import FindingFilter
from poise.score.attribution import Part

OWNER = "ann@example.org"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    clock = SampleClock()
    with open_workspace(tmp_path_factory.mktemp("sample") / "demo.db", clock=clock) as workspace:
        play(workspace, clock)
        scan(as_recorded(workspace), open_estate(workspace), ScanOptions())
        play(workspace, clock)
        yield workspace


def test_the_past_ends_in_the_estate_as_it_was_recorded(sample, tmp_path):
    with open_workspace(tmp_path / "plain.db") as plain:
        scan(as_recorded(plain), open_estate(plain), ScanOptions())
        assert secure_score(sample) == secure_score(plain)


def test_there_is_a_line_of_scores(sample):
    assert len(score_history(sample, days=90)) == len(read_past().moment) + 1
    assert len({row.current for row in score_history(sample, days=90)}) > 3


def test_a_database_that_was_closed_to_the_internet_is_told_as_such(sample):
    now = sample.store.now()
    found = past.difference(sample, Span(now - timedelta(days=35), now - timedelta(days=25)))
    assert ("aws.rds.publicly_accessible", "orders") in {(one.check, one.asset.name) for one in found.fixed}
    assert not found.added
    moved = {part.part: Decimal(str(part.difference)) for part in found.score.parts}
    assert moved[Part.ASSETS] > 0
    assert sum(moved.values()) == moved[Part.ASSETS]


def test_an_account_that_came_later_is_the_scope(sample):
    now = sample.store.now()
    change = score_change(sample, Span(now - timedelta(days=50), now - timedelta(days=40)))
    assert [part.part for part in change.parts if part.difference] == [Part.SCOPE]


SANDBOX, LOGS, DROPPED = "333344445555", "aws.s3.access_logging_off", "aws.s3.plain_http_allowed"
FOLLOWING = {
    1: {Part.GRACE},
    5: {Part.GRACE},
    6: {Part.EXEMPTIONS},
    8: {Part.EXEMPTIONS},
    9: {Part.CHECKS},
    10: {Part.SCOPE},
}
"""Day after the recording -> what changed since the day before. What is due on day 4 counts from day 5 on."""


def _decide(workspace, day):
    until = workspace.clock() + timedelta(days=2)
    waiver = Exemption(
        name="w", kind=Kind.WAIVER, covers=Covers(checks=(LOGS,)), reason="r", approver="ann", until=until
    )
    if day == 1:
        due = (workspace.clock() + timedelta(days=3)).date().isoformat()
        ids = [row.id for row in queries.all_findings(workspace, FindingFilter(checks=frozenset({LOGS})))]
        assign(workspace, ids, Decision(owner=OWNER, due=due, is_grace=True), OWNER)
    if day == 6:
        exemptions.add(workspace, waiver, OWNER)
    if day == 9:
        exemptions.disable(workspace, Switch(check=DROPPED, reason="caches"), OWNER)
    if day == 10:
        retire(workspace, SANDBOX)


def test_what_is_decided_on_the_sample_estate_is_attributed_day_by_day(sample, tmp_path):
    sample.store.backup(tmp_path / "later.db")
    start = (sample.store.now() + timedelta(days=1)).replace(hour=6)
    days, seen = [0.0], []
    with open_workspace(tmp_path / "later.db", clock=lambda: start + timedelta(days=days[0])) as later:
        for day in range(12):
            days[0] = day
            catch_up(later.store, later.checks)
            _decide(later, day)
            days[0] += 0.5  # seen in the evening
            seen.append((later.clock(), secure_score(later).overall.percentage))
        for formula in Formula:
            for day in range(1, 12):
                span = Span(seen[day - 1][0], seen[day][0], formula=formula)
                change = score_change(later, span)
                parts = [Decimal(str(part.difference)) for part in change.parts]
                assert sum(parts) == Decimal(str(change.difference)), day
                assert {part.part for part in change.parts if part.checks} == FOLLOWING.get(day, set()), day
                if formula is Formula.SECURE:
                    assert (change.before, change.after) == (seen[day - 1][1], seen[day][1]), day
