"""The sample estate has a past that was read and judged, once, and that leads to the estate as it was recorded."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from poise.app import past
from poise.app.changes import Span, score_change
from poise.app.demo import as_recorded, open_estate
from poise.app.demo_past import SampleClock, play, read_past
from poise.app.scan import ScanOptions, scan
from poise.app.scores import score_history, secure_score
from poise.app.workspace import open_workspace
from poise.score.attribution import Part


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
