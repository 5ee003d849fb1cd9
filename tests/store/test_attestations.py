"""Attestations hold until they end, and leave rows in the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from poise.model.attestation import EVERYWHERE, Attestation, Evidence
from poise.model.errors import UsageError
from poise.model.listings import Counts, FindingFilter
from poise.model.verdict import State
from poise.store import Store
from tests.store.estate import OPEN, OTHER, SCOPE, Clock, bucket, collected, judged, key, write


def attestation(clock: Clock, **changes: Any) -> Attestation:
    fields: dict[str, Any] = {
        "standard": "iso",
        "control": "A.6.1",
        "statement": "All staff were screened.",
        "evidence": (Evidence(link="https://wiki.example.org"), Evidence(file="a.pdf", sha256="00" * 32)),
        "by": "hr@example.org",
        "made_at": clock.time,
        "until": clock.time + timedelta(days=10),
    }
    return Attestation(**(fields | changes))


def test_what_is_kept_is_given_back(store: Store, clock: Clock):
    made = attestation(clock)
    store.attestations.add(made)
    assert store.attestations.holding(None, clock.time) == (made,)


def test_it_ends_by_itself_and_the_past_still_shows_it(store: Store, clock: Clock):
    began = clock.time
    store.attestations.add(attestation(clock))
    assert store.attestations.holding(None, clock.move(days=10)) == ()
    assert len(store.attestations.holding(None, began)) == 1
    assert store.attestations.holding(None, began - timedelta(seconds=1)) == ()


def test_a_later_one_for_the_same_scope_takes_its_place(store: Store, clock: Clock):
    first = attestation(clock)
    store.attestations.add(first)
    before = clock.time
    clock.move(days=1)
    second = attestation(clock, is_met=False, statement="One is missing.")
    store.attestations.add(second)
    store.attestations.add(attestation(clock, scope=SCOPE))
    assert store.attestations.holding(None, clock.time)[0] == second
    assert len(store.attestations.holding(None, clock.time)) == 2
    assert store.attestations.holding(None, before) == (first,)


def test_a_withdrawn_one_ends_and_withdrawing_nothing_says_so(store: Store, clock: Clock):
    store.attestations.add(attestation(clock))
    clock.move(hours=1)
    assert not store.attestations.withdraw("iso", "A.6.2", EVERYWHERE, "hr@example.org")
    assert store.attestations.withdraw("iso", "A.6.1", EVERYWHERE, "boss@example.org")
    assert store.attestations.holding(None, clock.time) == ()
    assert not store.attestations.withdraw("iso", "A.6.1", EVERYWHERE, "boss@example.org")


def test_an_ended_one_cannot_be_withdrawn(store: Store, clock: Clock):
    store.attestations.add(attestation(clock))
    clock.move(days=11)
    assert not store.attestations.withdraw("iso", "A.6.1", EVERYWHERE, "hr@example.org")


def test_each_step_is_audited(store: Store, clock: Clock):
    store.attestations.add(attestation(clock))
    store.attestations.withdraw("iso", "A.6.1", EVERYWHERE, "boss@example.org")
    rows = store.audit.page().rows
    assert [(row.actor, row.action, row.target) for row in rows] == [
        ("boss@example.org", "withdraw attestation", "iso A.6.1"),
        ("hr@example.org", "attest", "iso A.6.1"),
    ]
    assert rows[1].detail["statement"] == "All staff were screened."


def test_a_viewer_sees_those_of_their_scopes_and_of_everywhere(store: Store, clock: Clock):
    for scope in (EVERYWHERE, SCOPE, OTHER):
        store.attestations.add(attestation(clock, scope=scope))
    seen = store.attestations.holding(frozenset({SCOPE}), clock.time)
    assert [each.scope for each in seen] == [EVERYWHERE, SCOPE]


def test_purging_a_scope_removes_its_attestations(store: Store, clock: Clock):
    write(store, collected([bucket("a")]))
    store.attestations.add(attestation(clock, scope=SCOPE))
    store.attestations.add(attestation(clock))
    store.purge(SCOPE)
    assert [each.scope for each in store.attestations.holding(None, clock.time)] == [EVERYWHERE]


def test_purging_everywhere_is_no_scope(store: Store, clock: Clock):
    store.attestations.add(attestation(clock))
    with pytest.raises(UsageError):
        store.purge(EVERYWHERE)
    assert len(store.attestations.holding(None, clock.time)) == 1


def test_counts_are_of_the_scopes_that_are_wanted_and_seen(store: Store):
    here, there = bucket("a"), bucket("b", OTHER)
    write(store, collected([here]), [judged(here, {OPEN: State.UNHEALTHY})])
    write(store, collected([there], key(OTHER)), [judged(there, {OPEN: State.UNKNOWN})])
    assert store.findings.counts(None, FindingFilter()) == {OPEN: Counts(unhealthy=1, unknown=1)}
    assert store.findings.counts(None, FindingFilter(scopes=frozenset({OTHER}))) == {OPEN: Counts(unknown=1)}
    assert store.findings.counts(frozenset({SCOPE}), FindingFilter()) == {OPEN: Counts(unhealthy=1)}
    assert store.findings.counts(frozenset(), FindingFilter()) == {}
