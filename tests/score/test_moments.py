"""Any moment of the past counts as it did when it was seen, and what a score changed by adds up."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from poise.model.errors import UsageError
from poise.model.finding import Effect
from poise.model.judged import CheckFacts, EffectSpan, Judged, ScopePass
from poise.model.listings import AssetFilter, ControlCounts, FindingFilter, ScopeScore
from poise.model.verdict import Severity, State
from poise.score.attribution import Part, split
from poise.score.estate import Estate
from poise.score.secure import ControlCount, ScopeCounts, score
from poise.store import Store
from tests.store.estate import (
    DRAFT,
    LOGS,
    OPEN,
    OTHER,
    PLAIN,
    SCOPE,
    SCORING,
    Clock,
    bucket,
    collected,
    judged,
    key,
    write,
)
from tests.store.test_rollups import Play, clear, steps

ALL = AssetFilter()
MAX = {"Restrict access": 4, "Logging": 1}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path, clock: Clock):
    with Store.open(tmp_path / "poise.db", SCORING, clock) as opened:
        yield opened


def seen_now(store: Store):
    """What the roll-ups say."""
    scopes = {(s.source, s.provider, s.scope): plain(s) for s in store.scores.scopes(None) if s.assets}
    return scopes, store.scores.shapes(None)


def counted(estate: Estate):
    """What was counted from intervals."""
    scopes = {(s.source, s.provider, s.scope): plain(s) for s in estate.scores() if s.assets}
    return scopes, {shape: count for shape, count in estate.shapes().items() if count}


def plain(score: ScopeScore) -> tuple[list[ControlCounts], int, int, int]:
    controls = [c for c in score.controls if any((c.healthy, c.unhealthy, c.not_applicable, c.unknown, c.mitigated))]
    return controls, score.assets, score.scored_assets, score.mitigated_assets


def between(store: Store, first: datetime, then: datetime):
    return split(store.moments.between(None, ALL, first, then))


def percentage(estate: Estate) -> Decimal:
    scopes = [
        ScopeCounts(
            scope=each.scope,
            weight=each.scored_assets,
            unknown=0,
            controls=tuple(
                ControlCount(control=c.control, max=MAX[c.control], healthy=c.healthy, unhealthy=c.unhealthy)
                for c in each.controls
            ),
        )
        for each in estate.scores()
    ]
    return Decimal(str(score(scopes).overall.percentage))


@settings(
    max_examples=80,
    phases=[Phase.generate, Phase.shrink],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_the_past_counts_as_it_was_seen(store: Store, clock: Clock, steps: list[dict]):
    clear(store)
    play, seen = Play(store, clock), []
    for step in steps:
        play.step(step)
        play.catch_up()
        seen.append((clock.time, seen_now(store)))
    clock.move(seconds=1)
    for when, was in seen:
        found = between(store, when, clock.time)
        assert counted(found.before) == was
        assert counted(found.after[Part.GRACE]) == seen_now(store)
    for (first, was), (then, became) in pairwise(seen):
        found = between(store, first, then)
        assert counted(found.before) == was
        assert counted(found.after[Part.GRACE]) == became
    clear(store)


def one_part(store: Store, first: datetime, then: datetime) -> Part:
    """The only part that changed anything."""
    found = between(store, first, then)
    stages = [found.before, *found.after.values()]
    moved = [part for part, a, b in zip(Part, stages[:-1], stages[1:], strict=True) if counted(a) != counted(b)]
    assert {cause.part for cause in found.causes} <= set(moved)
    (only,) = moved
    return only


@pytest.fixture
def estate(store: Store, clock: Clock):
    """Three buckets, one of them open."""
    buckets = [bucket(name) for name in "abc"]
    said = [
        judged(b, {OPEN: State.UNHEALTHY if b is buckets[0] else State.HEALTHY, LOGS: State.HEALTHY}) for b in buckets
    ]
    write(store, collected(buckets), said)
    store.moments.note_judging("aws", SCOPE, b"first code")
    clock.move(days=1)
    return buckets


def rescan(store: Store, buckets, states: dict[str, State], **more) -> None:
    write(
        store,
        collected(buckets),
        [judged(b, {OPEN: states[b.name], LOGS: State.HEALTHY}, key=b"2", **more) for b in buckets],
    )


def test_a_configuration_that_changed_is_the_assets(store: Store, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    changed = [bucket("a", website=True), *estate[1:]]
    rescan(store, changed, dict.fromkeys("abc", State.HEALTHY))
    assert one_part(store, before, clock.time) is Part.ASSETS


def test_an_asset_that_came_or_went_is_the_assets(store: Store, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    rescan(store, estate[:2], {"a": State.UNHEALTHY, "b": State.HEALTHY})
    assert one_part(store, before, clock.time) is Part.ASSETS
    between_, _ = clock.time, clock.move(hours=1)
    rescan(store, estate, {"a": State.UNHEALTHY, "b": State.HEALTHY, "c": State.HEALTHY})
    assert one_part(store, between_, clock.time) is Part.ASSETS


def test_other_code_that_judges_the_same_asset_is_the_checks(store: Store, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    begun = store.moments.note_judging("aws", SCOPE, b"second code")
    rescan(store, estate, dict.fromkeys("abc", State.UNHEALTHY))
    store.moments.end_judging("aws", SCOPE, begun)
    assert one_part(store, before, clock.time) is Part.CHECKS
    found = between(store, before, clock.time)
    assert [(c.asset.name, c.check, c.before, c.after) for c in found.causes] == [
        (name, OPEN, "healthy", "unhealthy") for name in "bc"
    ]


def test_the_same_code_is_not_noted_twice(store: Store, clock: Clock, estate):
    assert store.moments.note_judging("aws", SCOPE, b"first code") is None


def test_a_check_that_is_switched_off_is_the_checks(store: Store, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    store.effects.disable(OPEN)
    assert one_part(store, before, clock.time) is Part.CHECKS
    off = clock.time
    clock.move(hours=1)
    store.effects.enable(OPEN)
    assert one_part(store, off, clock.time) is Part.CHECKS
    assert counted(between(store, before, clock.time).before) == counted(between(store, clock.time, clock.time).before)


def test_a_check_that_moved_to_another_control_is_the_checks(store: Store, tmp_path, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    moved = {**SCORING, OPEN: CheckFacts(Severity.HIGH, "Logging")}
    store.close()
    with Store.open(tmp_path / "poise.db", moved, clock) as again:
        assert one_part(again, before, clock.time) is Part.CHECKS
        (one,) = between(again, before, clock.time).moved
        assert (one.check, one.before, one.after, one.assets) == (OPEN, "Restrict access", "Logging", 3)


@pytest.mark.parametrize(
    ("effect", "part"),
    [(Effect.WAIVED, Part.EXEMPTIONS), (Effect.MITIGATED, Part.EXEMPTIONS), (Effect.GRACE, Part.GRACE)],
)
def test_an_effect_that_began_and_ended_is_its_own_part(store: Store, clock: Clock, estate, effect: Effect, part: Part):
    before = clock.time
    clock.move(hours=1)
    (finding,) = store.findings.page(None, FindingFilter()).rows
    store.effects.set({finding.id: EffectSpan(effect, clock.time + timedelta(days=1))})
    assert one_part(store, before, clock.time) is part
    during = clock.time
    clock.move(days=2)
    store.effects.catch_up()
    assert one_part(store, during, clock.time) is part


def test_an_account_that_came_is_the_scope(store: Store, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    other = bucket("z", OTHER)
    write(store, collected([other], key(OTHER)), [judged(other, {OPEN: State.UNHEALTHY})])
    store.verdicts.write(ScopePass(source="aws", scope=OTHER), [Judged(other.id, b"k", {})])
    assert one_part(store, before, clock.time) is Part.SCOPE


def test_parts_add_up_when_everything_changes_at_once(store: Store, clock: Clock, estate):
    before = clock.time
    clock.move(hours=1)
    (finding,) = store.findings.page(None, FindingFilter()).rows
    store.effects.set({finding.id: EffectSpan(Effect.WAIVED, clock.time + timedelta(days=9))})
    changed = [estate[0], bucket("b", website=True), bucket("d")]
    rescan(store, changed, {"a": State.UNHEALTHY, "b": State.UNHEALTHY, "d": State.HEALTHY})
    store.effects.disable(LOGS, SCOPE)
    found = between(store, before, clock.time)
    numbers = [percentage(estate) for estate in (found.before, *found.after.values())]
    assert sum(b - a for a, b in pairwise(numbers)) == numbers[-1] - numbers[0]
    assert {cause.part for cause in found.causes} == {Part.ASSETS, Part.CHECKS, Part.EXEMPTIONS}


def test_a_preview_is_in_no_score_of_the_past(store: Store, clock: Clock, estate):
    store.verdicts.write(
        ScopePass(source="aws", scope=SCOPE), [judged(estate[0], {DRAFT: State.UNHEALTHY, PLAIN: State.HEALTHY})]
    )
    found = between(store, clock.time, clock.time)
    (shape,) = [s for s in found.before.shapes() if any(s.unhealthy)]
    assert shape.unhealthy == (0, 1, 0, 0)


def test_a_check_with_another_name_changes_nothing_and_its_finding_stays_the_same(
    store: Store, tmp_path, clock: Clock, estate
):
    before = clock.time
    (was,) = store.findings.page(None, FindingFilter()).rows
    clock.move(hours=1)
    renamed = {id: facts for id, facts in SCORING.items() if id != OPEN}
    renamed["aws.s3.bucket_public"] = CheckFacts(Severity.HIGH, "Restrict access", formerly=(OPEN,))
    store.close()
    with Store.open(tmp_path / "poise.db", renamed, clock) as again:
        (now,) = again.findings.page(None, FindingFilter()).rows
        assert (now.id, now.check, now.first_seen) == (was.id, "aws.s3.bucket_public", was.first_seen)
        found = between(again, before, clock.time)
        assert (found.causes, found.moved) == ((), ())
        assert counted(found.before) == counted(found.after[Part.GRACE])
        said = judged(estate[0], {"aws.s3.bucket_public": State.UNHEALTHY, LOGS: State.HEALTHY}, key=b"3")
        write(again, collected(estate), [said])
        (later,) = again.findings.page(None, FindingFilter()).rows
        assert (later.id, later.reopened) == (was.id, 0)


def test_history_that_was_removed_is_refused_and_what_is_left_is_right(store: Store, clock: Clock, estate):
    begun = clock.time
    clock.move(days=10)
    rescan(store, estate, dict.fromkeys("abc", State.HEALTHY))
    kept = clock.time
    was = seen_now(store)
    clock.move(days=10)
    assert store.forget(15) is True
    assert store.forget(15) is False
    with pytest.raises(UsageError, match="was removed"):
        between(store, begun, clock.time)
    assert counted(between(store, kept, clock.time).before) == was
