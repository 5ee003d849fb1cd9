"""Lists give what a plain loop over everything gives: every filter, every order, every viewer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from poise.model.errors import UsageError
from poise.model.finding import Effect, Risk, RiskFactor
from poise.model.judged import EffectSpan
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging, Standing
from poise.model.verdict import Severity, State, Verdict
from poise.store import Store
from tests.store.estate import (
    DRAFT,
    LOGS,
    OPEN,
    OTHER,
    PLAIN,
    SCOPE,
    Clock,
    bucket,
    collected,
    judged,
    key,
    write,
)

HIGH = Risk(Severity.CRITICAL, (RiskFactor("exposure", 2.5, "open to the internet"),))


@pytest.fixture
def filled(store: Store, clock: Clock) -> Store:
    """Twelve buckets in two scopes; every third is open, every second has no logs, one is unreadable."""
    for scope in (SCOPE, OTHER):
        assets = [bucket(f"{scope[:1]}-{n:02}", scope, tags={"team": f"t{n % 2}"}) for n in range(6)]
        said = []
        for n, asset in enumerate(assets):
            verdicts = {
                OPEN: Verdict(State.UNHEALTHY if n % 3 == 0 else State.HEALTHY, f"grants 100% of {asset.name}", [n]),
                LOGS: State.UNHEALTHY if n % 2 else State.HEALTHY,
                PLAIN: State.UNKNOWN if n == 5 else State.NOT_APPLICABLE,
            }
            said.append(judged(asset, verdicts, risks={OPEN: HIGH}))
        write(store, collected(assets, key(scope)), said)
        clock.move(hours=1)
    return store


def ids(store: Store, wanted: FindingFilter, viewer: frozenset[str] | None = None) -> set[tuple[str, str]]:
    page = store.findings.page(viewer, wanted, Paging(limit=1000))
    assert page.total == len(page.rows) == store.findings.count(viewer, wanted)
    assert {row.id for row in store.findings.all(viewer, wanted)} == {row.id for row in page.rows}
    return {(row.check, row.asset.name) for row in page.rows}


def test_findings_are_the_exceptions_with_their_evidence(filled: Store):
    assert ids(filled, FindingFilter()) == {
        *((OPEN, f"{s}-{n:02}") for s in "14" for n in (0, 3)),
        *((LOGS, f"{s}-{n:02}") for s in "14" for n in (1, 3, 5)),
        *((PLAIN, f"{s}-05") for s in "14"),
    }
    (row,) = filled.findings.page(None, FindingFilter(text="1-03 grants")).rows
    assert (row.risk, row.severity, row.evidence) == (HIGH, Severity.HIGH, [3])
    assert (row.source, row.asset.kind, row.asset.region) == ("aws", "AWS::S3::Bucket", "eu-central-1")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (FindingFilter(states=frozenset({State.UNKNOWN})), 2),
        (FindingFilter(severities=frozenset({Severity.HIGH})), 4),
        (FindingFilter(risk_levels=frozenset({Severity.CRITICAL})), 4),
        (FindingFilter(risk_levels=frozenset({Severity.CRITICAL, Severity.LOW})), 10),
        (FindingFilter(scopes=frozenset({OTHER})), 6),
        (FindingFilter(providers=frozenset({"azure"})), 0),
        (FindingFilter(sources=frozenset({"aws"})), 12),
        (FindingFilter(kinds=frozenset({"AWS::S3::Bucket"})), 12),
        (FindingFilter(regions=frozenset({"global"})), 0),
        (FindingFilter(checks=frozenset({LOGS, PLAIN})), 8),
        (FindingFilter(checks=frozenset()), 0),
        (FindingFilter(asset_id="arn:aws:s3:::1-03"), 2),
        (FindingFilter(text="NO_LOGS"), 6),
        (FindingFilter(text="100%"), 4),
        (FindingFilter(text="100_"), 0),
        (FindingFilter(text="GRANTS of"), 4),
        (FindingFilter(text="3-arn"), 0),
        (FindingFilter(text="S3:::4-03 arn"), 2),
        (FindingFilter(text="nothing"), 0),
        (FindingFilter(text="deadbeefdeadbeefdeadbeef"), 0),
        (FindingFilter(text=" \t "), 12),
        (FindingFilter(text="4-05"), 2),
        (FindingFilter(effects=frozenset({Effect.WAIVED})), 0),
        (FindingFilter(standing=Standing.FIXED), 0),
        (FindingFilter(scopes=frozenset({OTHER}), text="logs"), 3),
    ],
)
def test_each_filter_of_findings(filled: Store, wanted: FindingFilter, count: int):
    assert len(ids(filled, wanted)) == count


def test_findings_since_a_moment(filled: Store, clock: Clock):
    since = clock.time - timedelta(hours=1)
    assert len(ids(filled, FindingFilter(seen_since=since))) == 6


def test_a_viewer_sees_own_scopes_alone_in_every_list(filled: Store):
    viewer = frozenset({OTHER})
    assert {name[0] for _, name in ids(filled, FindingFilter(), viewer)} == {"4"}
    assert {row.asset.scope for row in filled.assets.page(viewer, AssetFilter()).rows} == {OTHER}
    assert filled.assets.count(viewer, AssetFilter()) == 6
    assert {score.scope for score in filled.scores.scopes(viewer)} == {OTHER}
    assert {scope.scope for scope in filled.scans.coverage(viewer).scopes} == {OTHER}
    assert {scope.id for _, scope in filled.scans.scopes(viewer)} == {OTHER}
    counts = {r.check: r.counts for r in filled.findings.recommendations(viewer, FindingFilter())}
    assert counts[OPEN].unhealthy == 2
    assert {row.asset.scope for row in filled.all_verdicts(viewer, FindingFilter())} == {OTHER}
    assert [f.value for f in filled.findings.facet(viewer, FindingFilter(), "scope")] == [OTHER]
    assert [f.value for f in filled.assets.facet(viewer, AssetFilter(), "scope")] == [OTHER]
    (mine, *_) = filled.findings.page(None, FindingFilter(scopes=viewer)).rows
    (hidden, *_) = filled.findings.page(None, FindingFilter(scopes=frozenset({SCOPE}))).rows
    assert filled.findings.get(viewer, mine.id) is not None
    assert filled.findings.get(viewer, hidden.id) is None
    assert filled.assets.get(viewer, hidden.asset.id) is None
    assert list(filled.findings.all(frozenset(), FindingFilter())) == []


def test_a_finding_is_found_by_a_part_of_its_id(filled: Store):
    (row, *_) = filled.findings.page(None, FindingFilter()).rows
    for part in (row.id, row.id[3:].upper(), row.id[:12]):
        assert {one.id for one in filled.findings.page(None, FindingFilter(text=part)).rows} == {row.id}


@pytest.mark.parametrize("count_up_to", [None, 1, 3, 5, 100])
@pytest.mark.parametrize("order", list(Order))
def test_few_and_many_rows_that_hold_a_word_are_listed_alike(filled: Store, order: Order, count_up_to: int | None):
    held = FindingFilter(text="4-0")
    every = filled.findings.page(None, FindingFilter(), Paging(order=order, limit=100)).rows
    expected = [row for row in every if "4-0" in row.asset.name]
    assert len(expected) == 6
    found, cursor = [], None
    for _ in range(3):
        page = filled.findings.page(None, held, Paging(order=order, limit=2, cursor=cursor, count_up_to=count_up_to))
        assert page.total == min(6, count_up_to or 6)
        found, cursor = [*found, *page.rows], page.cursor
    assert (found, cursor) == (expected, None)
    assets = filled.assets.page(None, AssetFilter(), Paging(order=order, limit=100)).rows
    few = filled.assets.page(None, AssetFilter(text="4-0"), Paging(order=order, limit=100, count_up_to=count_up_to))
    assert list(few.rows) == [row for row in assets if row.asset.name.startswith("4-0")]


@pytest.mark.parametrize("offset", [0, 4, 12, 13, 99])
def test_the_total_is_the_same_on_every_page_and_beyond(filled: Store, offset: int):
    page = filled.findings.page(None, FindingFilter(), Paging(limit=5, offset=offset))
    assert (page.total, len(page.rows)) == (12, max(0, min(5, 12 - offset)))
    gone = filled.assets.page(None, AssetFilter(has_findings=True), Paging(limit=5, offset=offset))
    assert gone.total == filled.assets.count(None, AssetFilter(has_findings=True))


@pytest.mark.parametrize("order", list(Order))
def test_pages_by_cursor_and_by_offset_are_the_whole_list_in_order(filled: Store, order: Order):
    whole = filled.findings.page(None, FindingFilter(), Paging(order=order, limit=100)).rows
    by_cursor, cursor = [], None
    while True:
        page = filled.findings.page(None, FindingFilter(), Paging(order=order, limit=5, cursor=cursor))
        by_cursor += page.rows
        cursor = page.cursor
        if cursor is None:
            break
    offsets = (Paging(order=order, limit=5, offset=n) for n in range(0, 15, 5))
    by_offset = [row for paging in offsets for row in filled.findings.page(None, FindingFilter(), paging).rows]
    assert tuple(by_cursor) == tuple(by_offset) == whole
    ranked = {
        Order.RISK: lambda row: -row.risk.level.rank,
        Order.SEVERITY: lambda row: -row.severity.rank,
        Order.NEWEST: lambda row: -row.first_seen.timestamp(),
        Order.NAME: lambda row: row.asset.name,
        Order.ID: lambda row: row.id,
    }[order]
    assert list(map(ranked, whole)) == sorted(map(ranked, whole))


@pytest.mark.parametrize("order", list(Order))
def test_assets_page_by_cursor(filled: Store, order: Order):
    whole = filled.assets.page(None, AssetFilter(), Paging(order=order, limit=100)).rows
    first = filled.assets.page(None, AssetFilter(), Paging(order=order, limit=7))
    rest = filled.assets.page(None, AssetFilter(), Paging(order=order, limit=7, cursor=first.cursor))
    assert first.rows + rest.rows == whole
    assert (first.total, rest.cursor, len(whole)) == (12, None, 12)


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IGpzb24", "W3t9LDEsMiwzXQ"])
def test_a_cursor_that_no_list_gave_is_refused(filled: Store, cursor: str):
    with pytest.raises(UsageError):
        filled.findings.page(None, FindingFilter(), Paging(cursor=cursor))


def test_counting_stops_where_it_may(filled: Store):
    page = filled.findings.page(None, FindingFilter(), Paging(count_up_to=7))
    assert page.total == 7


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (AssetFilter(tags={"team": "t1"}), 6),
        (AssetFilter(tags={"team": "t"}), 0),
        (AssetFilter(text="1-0"), 6),
        (AssetFilter(has_findings=True), 8),
        (AssetFilter(has_findings=False), 4),
        (AssetFilter(has_unread=True), 0),
        (AssetFilter(kinds=frozenset({"AWS::EC2::Instance"})), 0),
        (AssetFilter(kinds=frozenset({"AWS::S3::Bucket"}), scopes=frozenset({SCOPE})), 6),
        (AssetFilter(regions=frozenset({"eu-central-1"})), 12),
        (AssetFilter(providers=frozenset({"aws"})), 12),
        (AssetFilter(sources=frozenset({"demo"})), 0),
    ],
)
def test_each_filter_of_assets(filled: Store, wanted: AssetFilter, count: int):
    page = filled.assets.page(None, wanted)
    assert len(page.rows) == page.total == filled.assets.count(None, wanted) == count
    assert len(list(filled.assets.all(None, wanted))) == count


def test_all_verdicts_of_any_state_are_listed(filled: Store):
    rows = list(filled.all_verdicts(None, FindingFilter()))
    assert len(rows) == 12 * 3
    healthy = list(filled.all_verdicts(None, FindingFilter(states=frozenset({State.HEALTHY}))))
    assert {row.state for row in healthy} == {State.HEALTHY}
    assert {(row.first_seen, row.reason) for row in healthy if row.check == LOGS} == {(None, "it is healthy")}
    exceptions = FindingFilter(states=frozenset({State.UNHEALTHY, State.UNKNOWN}))
    assert {row.id for row in filled.all_verdicts(None, exceptions)} == {
        row.id for row in filled.findings.all(None, FindingFilter())
    }


def test_recommendations_are_checks_with_their_counts_worst_first(filled: Store):
    rows = filled.findings.recommendations(None, FindingFilter())
    assert [row.check for row in rows] == [OPEN, LOGS, PLAIN]
    first, second, third = rows
    assert (first.counts.unhealthy, first.counts.healthy, first.highest_risk) == (4, 8, Severity.CRITICAL)
    assert (first.scopes, second.counts.unhealthy, third.counts.unknown) == (2, 6, 2)
    assert third.highest_risk is None
    narrowed = filled.findings.recommendations(None, FindingFilter(states=frozenset({State.UNKNOWN})))
    assert [row.check for row in narrowed] == [PLAIN]


def test_facets_count_what_a_filter_would_leave(filled: Store):
    facet = filled.findings.facet
    assert [(f.value, f.count) for f in facet(None, FindingFilter(), "severity")] == [
        ("low", 6),
        ("high", 4),
        ("medium", 2),
    ]
    assert [(f.value, f.count) for f in facet(None, FindingFilter(), "service")] == [("aws.s3", 12)]
    kinds = filled.assets.facet(None, AssetFilter(), "kind")
    assert [(f.value, f.count, f.is_capped) for f in kinds] == [("AWS::S3::Bucket", 12, False)]
    regions = filled.assets.facet(None, AssetFilter(), "region")
    assert [(f.value, f.count) for f in regions] == [("eu-central-1", 12)]


def test_one_asset_shows_verdicts_fixes_and_versions(filled: Store, clock: Clock):
    clock.move(days=1)
    asset = bucket("1-00", tags={"team": "other"})
    where = collected([asset, *(bucket(f"1-0{n}", tags={"team": f"t{n % 2}"}) for n in range(1, 6))], key(SCOPE))
    write(filled, where, [judged(asset, {OPEN: State.HEALTHY, DRAFT: State.UNHEALTHY}, key=b"new")])
    detail = filled.assets.get(None, asset.id)
    assert detail is not None
    assert detail.asset == asset
    assert [(row.check, row.state) for row in detail.verdicts] == [
        (DRAFT, State.UNHEALTHY),
        (OPEN, State.HEALTHY),
    ]
    assert [(row.check, row.resolved_at) for row in detail.fixed] == [(OPEN, clock.time)]
    assert [version.asset.tags for version in detail.versions] == [{"team": "other"}, {"team": "t0"}]
    assert detail.versions[1].valid_to == detail.versions[0].valid_from == clock.time
    assert (detail.row.highest_risk, detail.row.open.critical) == (Severity.CRITICAL, 1)


def test_a_finding_that_comes_back_is_the_same_and_counts_its_returns(store: Store, clock: Clock):
    asset = bucket("a")
    began = clock.time
    for n, state in enumerate([State.UNHEALTHY, State.HEALTHY, State.UNHEALTHY]):
        write(store, collected([asset]), [judged(asset, {OPEN: state}, key=bytes([n]))])
        if state is State.HEALTHY:
            (fixed,) = store.findings.page(None, FindingFilter(standing=Standing.FIXED)).rows
            assert fixed.resolved_at == clock.time
        clock.move(days=1)
    (row,) = store.findings.page(None, FindingFilter(standing=Standing.ANY)).rows
    assert (row.reopened, row.first_seen, row.resolved_at) == (1, began, None)


def test_a_finding_is_written_with_the_effect_that_judging_gives(store: Store, clock: Clock):
    asset = bucket("a")
    until = clock.time + timedelta(days=7)
    effects = {OPEN: EffectSpan(Effect.GRACE, until)}
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY}, effects=effects)])
    (row,) = store.findings.page(None, FindingFilter(effects=frozenset({Effect.GRACE}))).rows
    assert row.effect_until == until
    assert store.findings.recommendations(None, FindingFilter())[0].counts.grace == 1


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (FindingFilter(), 8),
        (FindingFilter(checks=frozenset({OPEN})), 4),
        (FindingFilter(text="1-0"), 4),
        (FindingFilter(states=frozenset({State.UNKNOWN}), scopes=frozenset({OTHER})), 1),
    ],
)
def test_assets_with_such_findings(filled: Store, wanted: FindingFilter, count: int):
    page = filled.assets.with_findings(None, wanted, Paging())
    assert len(page.rows) == page.total == count


def test_an_exact_name_finds_the_asset_that_bears_it_alone(filled: Store):
    name = filled.assets.page(None, AssetFilter()).rows[0].asset.name
    for wanted, count in ((name, 1), (name[:-1], 0)):
        page = filled.assets.page(None, AssetFilter(name=wanted))
        assert (page.total, len(page.rows)) == (count, count)
