"""Checks that are no more: what they said ends at once, on SQLite and on PostgreSQL; what others said stays."""

from __future__ import annotations

from poise.model.listings import FindingFilter
from poise.model.verdict import State
from poise.store import Store
from tests.store.estate import LOGS, OPEN, OTHER, PLAIN, SCOPE, Clock, bucket, collected, judged, key, write

BAD = {OPEN: State.UNHEALTHY, LOGS: State.UNHEALTHY, PLAIN: State.HEALTHY}


def said(store: Store) -> set[tuple[str, str, str]]:
    rows = store.all_verdicts(None, FindingFilter())
    return {(row.asset.name, row.check, str(row.state)) for row in rows}


def open_findings(store: Store) -> set[tuple[str, str]]:
    return {(row.asset.name, row.check) for row in store.findings.page(None, FindingFilter()).rows}


def filled(store: Store) -> None:
    for scope, name in ((SCOPE, "a"), (OTHER, "b")):
        asset = bucket(name, scope)
        write(store, collected([asset], key(scope)), [judged(asset, BAD)])


def test_verdicts_and_findings_of_the_check_alone_end(store: Store, clock: Clock) -> None:
    filled(store)
    clock.move(hours=1)
    assert store.withdraw({OPEN, "custom.aws.never_ran"}) == 2
    left = {(name, LOGS, "unhealthy") for name in "ab"} | {(name, PLAIN, "healthy") for name in "ab"}
    assert said(store) == left
    assert open_findings(store) == {("a", LOGS), ("b", LOGS)}


def test_withdrawn_findings_are_kept_as_resolved_at_that_moment(store: Store, clock: Clock) -> None:
    filled(store)
    found = [row.id for row in store.findings.page(None, FindingFilter()).rows if row.check == OPEN]
    before = clock.time
    clock.move(hours=1)
    store.withdraw({OPEN})
    kept = [store.findings.get(None, id) for id in found]
    assert [row and row.resolved_at for row in kept] == [clock(), clock()]
    then = {(row.asset.name, row.check) for row in store.history.verdicts_at(None, before, FindingFilter())}
    assert then == {(name, check) for name in "ab" for check in BAD}


def test_the_assets_are_judged_anew_though_nothing_else_changed(store: Store, clock: Clock) -> None:
    """Else a check that comes back would find its asset's key unchanged, and its verdict would be missed."""
    filled(store)
    store.withdraw({OPEN})
    assert {stored.key for stored in store.verdicts.partition_keys(key(SCOPE)).values()} == {b""}


def test_a_check_that_said_nothing_changes_nothing(store: Store, clock: Clock) -> None:
    filled(store)
    before = said(store)
    assert store.withdraw({"custom.aws.never_ran"}) == 0
    assert said(store) == before
