"""The past can be shown: verdicts, findings and scores as they were at a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poise.model.finding import Effect
from poise.model.graph import Node
from poise.model.judged import EffectSpan, ScopePass
from poise.model.listings import FindingFilter, Paging, ScoreDay
from poise.model.mark import Mark, Topic
from poise.model.verdict import State
from poise.store import Deed, Store
from poise.store.paths import KeptPath
from tests.store.estate import (
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


def states_at(store: Store, when) -> dict[str, State]:
    return {row.check: row.state for row in store.history.verdicts_at(None, when, FindingFilter())}


def test_verdicts_are_shown_as_they_were(store: Store, clock: Clock):
    asset, moments = bucket("a"), []
    for n, state in enumerate([State.UNHEALTHY, State.HEALTHY, State.UNKNOWN]):
        write(store, collected([asset]), [judged(asset, {OPEN: state, LOGS: State.HEALTHY}, key=bytes([n]))])
        moments.append(clock.time)
        clock.move(hours=1)
    write(store, collected([]))
    assert [states_at(store, when)[OPEN] for when in moments] == [State.UNHEALTHY, State.HEALTHY, State.UNKNOWN]
    assert states_at(store, moments[0] - timedelta(seconds=1)) == {}
    assert states_at(store, clock.time) == {}
    found = [[(f.check, f.state) for f in store.history.findings_at(None, when)] for when in moments]
    assert found == [[(OPEN, State.UNHEALTHY)], [], [(OPEN, State.UNKNOWN)]]


def test_the_two_phases_never_overwrite_each_other(store: Store, clock: Clock):
    asset = bucket("a")
    one = ScopePass(source="aws", scope=SCOPE)
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY})])
    store.verdicts.write(one, [judged(asset, {PLAIN: State.UNHEALTHY}, questions=b"asked")])
    clock.move(hours=1)
    write(store, collected([asset]), [judged(asset, {OPEN: State.HEALTHY}, key=b"2")])
    assert states_at(store, clock.time) == {OPEN: State.HEALTHY, PLAIN: State.UNHEALTHY}
    assert store.verdicts.keys(one)[asset.id].questions == b"asked"
    assert store.verdicts.partition_keys(key())[asset.id].key == b"2"
    assert {id: set(said) for id, said in store.verdicts.stored(one)} == {asset.id: {PLAIN}}


def test_an_effect_of_the_past_is_shown(store: Store, clock: Clock):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY})])
    (finding,) = store.findings.page(None, FindingFilter()).rows
    clock.move(hours=1)
    store.effects.set({finding.id: EffectSpan(Effect.WAIVED, clock.time + timedelta(hours=2))})
    clock.move(hours=3)
    store.effects.catch_up()
    hours = [clock.time - timedelta(hours=n) for n in (4, 2, 0)]
    seen = [store.history.findings_at(None, when)[0].effect for when in hours]
    assert seen == [Effect.COUNTED, Effect.WAIVED, Effect.COUNTED]


def test_the_past_of_other_scopes_is_hidden(store: Store, clock: Clock):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY})])
    viewer = frozenset({OTHER})
    assert list(store.history.verdicts_at(viewer, clock.time, FindingFilter())) == []
    assert store.history.findings_at(viewer, clock.time) == ()


def test_scores_are_kept_by_day(store: Store, clock: Clock):
    def row(day: str, scope: str, current: float) -> ScoreDay:
        numbers = {"current": current, "max": 10.0, "low": 1.5, "high": 9.0, "unknown": 1, "weight": 3}
        return ScoreDay(day=day, scope=scope, control="*", **numbers)

    store.scores.snapshot([row("2026-11-24", SCOPE, 1.0), row("2026-11-25", SCOPE, 2.0), row("2026-11-25", "*", 3.0)])
    store.scores.snapshot([row("2026-11-25", SCOPE, 4.5)])
    assert [r.current for r in store.scores.history(None, SCOPE, 30)] == [1.0, 4.5]
    assert [r.current for r in store.scores.history(None, SCOPE, 1)] == [4.5]
    assert [r.current for r in store.scores.history(None, "*", 30)] == [3.0]
    assert store.scores.history(frozenset({SCOPE}), "*", 30) == ()
    assert len(store.scores.history(frozenset({SCOPE}), SCOPE, 30)) == 2


def test_the_audit_log_tells_who_did_what(store: Store, clock: Clock):
    store.audit.write("anna", "exempt", "f1", {"reason": "accepted"})
    clock.move(hours=1)
    store.audit.write("ben", "disable", OPEN)
    rows = store.audit.page(Paging(limit=1)).rows + store.audit.page(Paging(limit=1, offset=1)).rows
    assert [(r.actor, r.action, r.target, r.detail) for r in rows] == [
        ("ben", "disable", OPEN, None),
        ("anna", "exempt", "f1", {"reason": "accepted"}),
    ]
    assert rows[0].at == clock.time


said = st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(State)), min_size=1)
parts = st.dictionaries(st.sampled_from(["r1", "r2", "r3", "r4"]), said, min_size=2)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=parts, random=st.randoms(use_true_random=False))
def test_the_order_of_partitions_does_not_change_the_result(store: Store, parts: dict, random):
    results = []
    shuffled = list(parts)
    random.shuffle(shuffled)
    for order in (list(parts), shuffled):
        for region in order:
            assets = {bucket(f"{region}-{name}"): state for name, state in parts[region].items()}
            verdicts = [judged(asset, {OPEN: state, LOGS: state}) for asset, state in assets.items()]
            write(store, collected(assets, key(region=region)), verdicts)
        results.append(everything(store))
        store.purge(SCOPE)
    assert results[0] == results[1]


def everything(store: Store) -> tuple:
    return (
        list(store.assets.load("aws")),
        sorted(store.all_verdicts(None, FindingFilter()), key=lambda row: row.id),
        sorted(store.findings.all(None, FindingFilter()), key=lambda row: row.id),
        store.findings.recommendations(None, FindingFilter()),
        store.scores.scopes(None),
    )


def test_an_unchanged_rescan_writes_no_history(store: Store, clock: Clock):
    asset = bucket("a")
    for _ in range(3):
        write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY, LOGS: State.HEALTHY})])
        clock.move(days=1)
    detail = store.assets.get(None, asset.id)
    assert detail is not None
    assert len(detail.versions) == 1
    assert detail.versions[0].valid_from == clock.time - timedelta(days=3)
    (row,) = store.findings.page(None, FindingFilter()).rows
    assert row.first_seen == row.changed_at == clock.time - timedelta(days=3)


def test_a_clock_that_goes_back_breaks_nothing(store: Store, clock: Clock):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY})])
    clock.move(days=-1)
    changed = bucket("a", website=True)
    write(store, collected([changed]), [judged(changed, {OPEN: State.HEALTHY}, key=b"2")])
    assert list(store.assets.load("aws")) == [changed]
    assert store.findings.count(None, FindingFilter()) == 0
    assert store.recount()


def test_an_asset_that_comes_back_continues_its_history(store: Store, clock: Clock):
    asset = bucket("a")
    for present in (True, False, True):
        found = [asset] if present else []
        write(store, collected(found), [judged(a, {OPEN: State.UNHEALTHY}) for a in found])
        clock.move(days=1)
    detail = store.assets.get(None, asset.id)
    assert detail is not None
    assert [(v.valid_from.day, v.valid_to and v.valid_to.day) for v in detail.versions] == [(27, None), (25, 26)]
    (row,) = store.findings.page(None, FindingFilter()).rows
    assert row.reopened == 1
    assert store.recount()


@pytest.mark.parametrize("days", [1, 10])
def test_garbage_is_what_ended_long_ago(store: Store, clock: Clock, days: int):
    asset, gone = bucket("a"), bucket("gone")
    write(store, collected([asset, gone]), [judged(a, {OPEN: State.UNHEALTHY}) for a in (asset, gone)])
    began = clock.time
    clock.move(days=1)
    write(store, collected([asset]), [judged(asset, {OPEN: State.HEALTHY}, key=b"2")])
    clock.move(days=5)
    store.gc(days)
    held = {row.asset.name for row in store.history.verdicts_at(None, began, FindingFilter())}
    assert held == (set() if days == 1 else {"a", "gone"})
    assert (store.assets.get(None, gone.id) is None) is (days == 1)
    assert store.assets.get(None, asset.id) is not None
    assert store.recount()


def test_a_purge_removes_a_scope_and_nothing_else(store: Store):
    for scope in (SCOPE, OTHER):
        asset = bucket(scope, scope)
        write(store, collected([asset], key(scope)), [judged(asset, {OPEN: State.UNHEALTHY})])
    assert store.purge(SCOPE) == 1
    assert [row.asset.scope for row in store.findings.page(None, FindingFilter()).rows] == [OTHER]
    assert [scope.id for _, scope in store.scans.scopes(None)] == [OTHER]
    assert store.recount()


def test_a_purge_leaves_no_word_of_a_scope_in_any_table(store: Store, clock: Clock):
    """What was derived of a scope goes with it: paths that cross it, nodes of the graph, marks."""
    for scope in (SCOPE, OTHER):
        asset = bucket(f"secret-{scope}", scope)
        write(store, collected([asset], key(scope)), [judged(asset, {OPEN: State.UNHEALTHY})])
        mark = Mark(asset_id=asset.id, topic=Topic.CRITICALITY, degree=3, reason="it is", by="ann", at=clock.time)
        store.marks.put(mark, Deed("ann", "asset marked", asset.id))
    store.paths.keep([crossing("one", SCOPE), crossing("both", SCOPE, OTHER), crossing("other", OTHER)], {"of": SCOPE})
    store.paths.keep([crossing("other", OTHER)], {"of": SCOPE})
    nodes = [
        Node(id=f"secret-{scope}", kind="AWS::S3::Bucket", name="", provider="aws", scope=scope, tags={"a": "b"})
        for scope in (SCOPE, OTHER)
    ]
    store.graph.write("key", nodes, [], [])
    store.purge(SCOPE)
    assert [row.id for row in store.paths.all(None, fixed=True)] == ["other"]
    assert store.graph.key() == ""
    assert list(store.graph.nodes()) == []
    assert {id for id, _ in store.marks.all()} == {bucket(f"secret-{OTHER}", OTHER).id}
    assert store.paths.history("both") == ()


def crossing(id, *scopes):
    return KeptPath(
        id=id,
        title=id,
        entry_scope="",
        target_scope=scopes[-1],
        scopes=scopes,
        nodes=frozenset(scopes),
        level=3,
        risk=1.0,
        count=1,
        document={"id": id},
    )


def test_a_backup_is_a_store(tmp_path):
    with Store.open(tmp_path / "poise.db", SCORING) as store:
        write(store, collected([bucket("a")]))
        key_of_store = store.secret_key()
        store.backup(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    with Store.open(tmp_path / "copy.db") as copy:
        assert [asset.name for asset in copy.assets.load("aws")] == ["a"]
        assert copy.secret_key() == key_of_store
        assert len(key_of_store) == 32
