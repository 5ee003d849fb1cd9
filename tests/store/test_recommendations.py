"""Recommendations say since when, and which: what a plain loop over the list of findings gives."""

from __future__ import annotations

import pytest

from poise.model.listings import FindingFilter, Standing
from poise.model.verdict import Severity, State
from poise.store import Store
from tests.store.estate import DRAFT, LOGS, OPEN, OTHER, PLAIN, SCOPE, Clock, bucket, collected, judged, key, write

BAD, GOOD, DARK = State.UNHEALTHY, State.HEALTHY, State.UNKNOWN


@pytest.fixture
def changing(store: Store, clock: Clock) -> Store:
    """Two accounts, three days: OPEN is mended in the first, where it was oldest; LOGS goes with its bucket."""
    days = (
        {"a": {OPEN: BAD, PLAIN: GOOD, DRAFT: BAD}, "b": {LOGS: BAD}},
        {"a": {OPEN: BAD, PLAIN: DARK, DRAFT: BAD}, "b": {LOGS: BAD}},
        {"a": {OPEN: GOOD, PLAIN: DARK, DRAFT: BAD}},
    )
    for number, said in enumerate(days):
        if number:
            clock.move(days=1)
            other = bucket("c", OTHER)
            write(store, collected([other], key(OTHER)), [judged(other, {OPEN: BAD}, key=bytes([number]))])
        assets = [bucket(name) for name in said]
        verdicts = [judged(asset, said[asset.name], key=bytes([number])) for asset in assets]
        write(store, collected(assets), verdicts)
    return store


@pytest.mark.parametrize("viewer", [None, frozenset({SCOPE}), frozenset({OTHER})])
@pytest.mark.parametrize(
    "narrow",
    [
        {},
        {"states": frozenset({BAD})},
        {"states": frozenset({DARK})},
        {"severities": frozenset({Severity.HIGH})},
        {"text": "open"},
        {"text": "c"},
        {"kinds": frozenset({"AWS::S3::Bucket"})},
        {"kinds": frozenset({"AWS::EC2::Instance"})},
        {"checks": frozenset({OPEN, LOGS}), "states": frozenset({BAD})},
    ],
)
def test_since_when_and_which_are_those_of_the_list(changing, viewer, narrow):
    rows = changing.findings.recommendations(viewer, FindingFilter(**narrow))
    every = list(changing.findings.all(viewer, FindingFilter()))
    oldest = {id: min(one.first_seen for one in every if one.check == id) for id in {one.check for one in every}}
    assert {row.check: row.first_seen for row in rows} == {row.check: oldest.get(row.check) for row in rows}
    if set(narrow) - {"checks"}:
        assert {row.check for row in rows} == {
            one.check for one in changing.findings.all(viewer, FindingFilter(**narrow))
        }


def test_a_mended_finding_is_not_the_oldest(changing: Store, clock: Clock):
    found = {row.check: row.first_seen for row in changing.findings.recommendations(None, FindingFilter())}
    day = {name: (clock.time - seen).days if seen else None for name, seen in found.items()}
    assert day == {OPEN: 1, PLAIN: 1, DRAFT: 2}


def test_turns_are_those_of_the_list(changing: Store, clock: Clock):
    since = clock.time.replace(hour=0)
    every = list(changing.findings.all(None, FindingFilter(standing=Standing.ANY)))
    fixed = [one for one in every if one.resolved_at and one.resolved_at > since and one.first_seen <= since]
    turns = changing.history.turns(None, FindingFilter(), since)
    assert (turns.new, turns.fixed, turns.reopened) == (0, len(fixed), 0)
    assert len(fixed) == 2, "OPEN of a was mended, and b went with its LOGS"
