"""What was covered is said, and what was not listed is never taken for absent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from poise.model.aws.s3 import S3Bucket
from poise.model.errors import NotCollected, StaleFence
from poise.model.finding import Effect
from poise.model.judged import Phase, ScopePass
from poise.model.listing import Collected, Gap, Listing, ListingState, Scope
from poise.model.listings import FindingFilter, PartitionState
from poise.model.verdict import State
from poise.store import Store, upgrade
from tests.store.estate import BUCKET, OPEN, OTHER, SCOPE, SCORING, Clock, bucket, collected, judged, key, write

DENIED = Gap("s3", "s3:ListBuckets", "AccessDenied: no", "s3:ListAllMyBuckets")


def failed(where=None) -> Collected:
    what = collected([], where, ListingState.DENIED, [DENIED])
    return Collected(what.key, (), (Listing(BUCKET, ListingState.DENIED, "denied"),), what.gaps, what.read_at)


def test_a_failed_partition_keeps_what_was_there_and_records_the_gap(store: Store, clock: Clock):
    asset = bucket("a")
    write(store, collected([asset], read_at=clock.time), [judged(asset, {OPEN: State.UNHEALTHY})])
    read = clock.time
    clock.move(days=1)
    result = write(store, failed())
    assert (result.state, result.removed, result.kept) == (PartitionState.FAILED, 0, 1)
    (row,) = store.findings.page(None, FindingFilter()).rows
    assert row.read_at == read
    coverage = store.scans.coverage(None)
    assert [(gap.scope, gap.gap) for gap in coverage.gaps] == [(SCOPE, DENIED)]
    assert coverage.scopes[0].state is PartitionState.FAILED
    assert not coverage.is_complete


def test_a_failure_without_any_listing_makes_the_known_listings_incomplete(store: Store):
    write(store, collected([bucket("a")]))
    write(store, Collected(key(), (), (), (DENIED,), collected([]).read_at))
    assert store.scans.listing_problems("aws") == {(BUCKET, SCOPE): "global: AccessDenied: no"}


def test_assets_that_were_not_seen_again_keep_the_time_when_they_were(store: Store, clock: Clock):
    began = clock.time
    write(store, collected([bucket("a"), bucket("b")], read_at=clock.time))
    for _ in range(2):
        clock.move(days=1)
        write(store, collected([bucket("a")], state=ListingState.PARTIAL, read_at=clock.time))
    reads = {row.asset.name: row.read_at for row in store.assets.page(None, _every()).rows}
    assert reads == {"a": clock.time, "b": began}
    clock.move(days=1)
    write(store, collected([bucket("a"), bucket("b")], read_at=clock.time))
    assert {row.read_at for row in store.assets.page(None, _every()).rows} == {clock.time}


def _every():
    from poise.model.listings import AssetFilter

    return AssetFilter()


def test_an_inventory_gives_the_assets_of_a_kind(store: Store):
    write(store, collected([bucket("a"), bucket("b", website=True)]))
    inventory = store.inventory("aws")
    assert [a.name for a in inventory.of(S3Bucket, SCOPE)] == ["a", "b"]
    assert [a.name for a in inventory.of(S3Bucket, SCOPE, website=True)] == ["b"]
    assert inventory.find(S3Bucket, SCOPE, bucket("a").id) == bucket("a")
    assert inventory.find(S3Bucket, SCOPE, "arn:aws:s3:::none") is None


def test_an_inventory_refuses_a_listing_that_is_not_complete(store: Store):
    write(store, collected([bucket("a")], state=ListingState.PARTIAL))
    inventory = store.inventory("aws")
    with pytest.raises(NotCollected):
        inventory.of(S3Bucket, SCOPE)
    assert inventory.find(S3Bucket, SCOPE, bucket("a").id) == bucket("a")
    with pytest.raises(NotCollected):
        inventory.find(S3Bucket, SCOPE, "arn:aws:s3:::none")


def test_an_inventory_refuses_what_was_never_listed(store: Store):
    write(store, collected([bucket("a")]))
    with pytest.raises(NotCollected, match="not listed"):
        store.inventory("aws").of(S3Bucket, OTHER)
    with pytest.raises(NotCollected, match="not listed"):
        store.inventory("files:export").of(S3Bucket, SCOPE)


def test_a_region_that_was_planned_and_never_read_makes_its_kinds_incomplete(store: Store):
    write(store, collected([bucket("a")], key(region="r1")))
    store.scans.plan("aws", (), [key(region="r1"), key(region="r2")])
    with pytest.raises(NotCollected, match="r2 has not been read yet"):
        store.inventory("aws").of(S3Bucket, SCOPE)


def test_what_a_region_does_not_offer_is_not_missing(store: Store):
    write(store, collected([bucket("a")], key(region="r1")))
    write(store, collected([], key(region="r2"), ListingState.NOT_OFFERED))
    assert [a.name for a in store.inventory("aws").of(S3Bucket, SCOPE)] == ["a"]
    assert store.scans.coverage(None).is_complete


def test_what_an_export_lacks_is_not_known_to_be_absent(store: Store):
    write(store, collected([], key(region="r1"), ListingState.NOT_IN_EXPORT))
    with pytest.raises(NotCollected):
        store.inventory("aws").of(S3Bucket, SCOPE)
    assert store.scans.listing_problems("aws") == {}
    assert store.scans.coverage(None).is_complete


def test_a_region_that_an_export_leaves_out_hides_no_other(store: Store):
    write(store, collected([bucket("a")], key(region="r1")))
    write(store, collected([], key(region="r2"), ListingState.NOT_IN_EXPORT))
    assert [a.name for a in store.inventory("aws").of(S3Bucket, SCOPE)] == ["a"]


def test_a_scan_tells_what_it_covered(store: Store, clock: Clock):
    scopes = [Scope(SCOPE, "aws", "prod", ("root", "ou-1")), Scope(OTHER, "aws", "dev")]
    keys = [key(SCOPE), key(OTHER)]
    number = store.scans.begin("aws", "scan aws", scopes, keys)
    for where, what in zip(keys, (collected([bucket("a")], keys[0]), failed(keys[1])), strict=True):
        store.partitions.write(number, what, store.partitions.claim(number, where))
    clock.move(minutes=5)
    store.scans.finish(number)
    scan = store.scans.get(number)
    assert scan is not None
    assert (scan.state, scan.finished, scan.command) == (PartitionState.PARTIAL, clock.time, "scan aws")
    assert scan.coverage is not None
    assert [(s.scope, s.name, s.state) for s in scan.coverage.scopes] == [
        (SCOPE, "prod", PartitionState.DONE),
        (OTHER, "dev", PartitionState.FAILED),
    ]
    assert [gap.gap.call for gap in scan.coverage.gaps] == ["s3:ListBuckets"]
    assert [row.id for row in store.scans.page().rows] == [number]
    assert store.scans.scopes(None)[0] == ("aws", scopes[0])


def test_a_scope_takes_its_new_name(store: Store):
    store.scans.begin("aws", "scan", [Scope(SCOPE, "aws", "old")])
    store.scans.begin("aws", "scan", [Scope(SCOPE, "aws", "new", ("root",))])
    assert store.scans.scopes(None) == (("aws", Scope(SCOPE, "aws", "new", ("root",))),)


def test_verdicts_of_an_older_scan_are_refused_once_a_newer_has_begun(store: Store):
    asset = bucket("a")
    write(store, collected([asset]))
    old, new = store.scans.begin("aws", "scan"), store.scans.begin("aws", "scan")
    store.partitions.claim(new, key())
    late = ScopePass(source="aws", scope=SCOPE, phase=Phase.NEIGHBOURS, scan=old)
    with pytest.raises(StaleFence):
        store.verdicts.write(late, [judged(asset, {OPEN: State.UNHEALTHY})])
    assert store.findings.count(None, FindingFilter()) == 0


def test_verdicts_for_assets_that_are_gone_are_left_out(store: Store):
    asset = bucket("a")
    write(store, collected([asset]))
    write(store, collected([]))
    store.verdicts.write(ScopePass(source="aws", scope=SCOPE), [judged(asset, {OPEN: State.UNHEALTHY})])
    assert store.findings.count(None, FindingFilter()) == 0
    assert store.recount()


def test_when_a_verdict_may_change_is_kept(store: Store, clock: Clock):
    asset = bucket("a")
    soon = clock.time + timedelta(days=3)
    write(store, collected([asset]), [judged(asset, {OPEN: State.HEALTHY}, next_change_at=soon)])
    assert store.verdicts.partition_keys(key())[asset.id].next_change_at == soon


def test_an_asset_that_moves_to_another_partition_stays_one(store: Store, clock: Clock):
    asset = bucket("a")
    write(store, collected([asset], key(region="r1")), [judged(asset, {OPEN: State.UNHEALTHY})])
    began = clock.time
    clock.move(days=1)
    write(store, collected([asset], key(region="r2")), [judged(asset, {OPEN: State.UNHEALTHY})])
    write(store, collected([], key(region="r1")))
    (row,) = store.findings.page(None, FindingFilter()).rows
    assert (row.first_seen, row.reopened) == (began, 0)
    assert store.recount()


def test_what_a_scan_planned_and_did_not_come_to_is_not_covered(store: Store):
    keys = [key(region="r1"), key(region="r2")]
    number = store.scans.begin("aws", "scan")
    store.scans.plan("aws", (), keys, number)
    store.partitions.write(number, collected([bucket("a")], keys[0]), store.partitions.claim(number, keys[0]))
    scan = store.scans.finish(number)
    assert scan.state is PartitionState.PARTIAL
    assert scan.coverage is not None
    assert scan.coverage.scopes[0].partitions == {"done": 1, "planned": 1}
    assert not scan.coverage.is_complete


def test_verdicts_of_a_disabled_check_say_so(store: Store):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {OPEN: State.HEALTHY})])
    store.effects.disable(OPEN)
    assert [row.effect for row in store.all_verdicts(None, FindingFilter())] == [Effect.DISABLED]
    store.effects.enable(OPEN)
    assert [row.effect for row in store.all_verdicts(None, FindingFilter())] == [Effect.COUNTED]


def test_postgresql_knows_how_much_there_is_when_the_first_scan_ends(empty_url: str, clock: Clock):
    upgrade(empty_url)
    with Store.open(empty_url, SCORING, clock) as store:
        number = store.scans.begin("aws", "first")
        buckets = [bucket(f"b-{n}") for n in range(40)]
        found = collected(buckets)
        fence = store.partitions.claim(number, found.key)
        store.partitions.write(number, found, fence, [judged(one, {OPEN: State.UNHEALTHY}) for one in buckets])
        store.scans.finish(number)
        if empty_url.startswith("postgresql"):
            import psycopg

            with psycopg.connect(empty_url) as connection:
                asked = "SELECT relname, reltuples FROM pg_class WHERE relname IN ('asset', 'finding')"
                assert dict(connection.execute(asked).fetchall()) == {"asset": 40, "finding": 40}
        assert store.findings.page(None, FindingFilter()).total == 40
