from __future__ import annotations

from msgspec.structs import replace

from poise.model.asset import replace as model_replace
from poise.model.listing import Listing, ListingState, PartitionKey
from poise.model.listings import FindingFilter, Paging
from poise.model.verdict import State
from poise.store import Store
from tests.store.estate import BUCKET, LOGS, OPEN, SCOPE, bucket, collected, judged, write


def test_what_was_written_is_read_back_as_typed_assets(store: Store):
    assets = [bucket("a"), bucket("b", policy={"Statement": []}, unread={"acl": "denied", "tags": "denied"})]
    write(store, collected(assets))
    assert list(store.assets.load("aws")) == assets


def test_a_verdict_that_is_not_healthy_is_a_finding(store: Store):
    asset = bucket("a")
    write(store, collected([asset]), [judged(asset, {OPEN: State.UNHEALTHY, LOGS: State.HEALTHY})])
    page = store.findings.page(None, FindingFilter(), Paging())
    assert [(row.check, row.state, row.evidence) for row in page.rows] == [(OPEN, State.UNHEALTHY, {"saw": OPEN})]
    assert page.total == 1
    assert store.recount()


def test_assets_vanish_only_with_a_complete_listing(store: Store):
    write(store, collected([bucket("a"), bucket("b")]))
    kept = write(store, collected([bucket("a")], state=ListingState.PARTIAL))
    assert (kept.removed, kept.kept) == (0, 1)
    gone = write(store, collected([bucket("a")]))
    assert gone.removed == 1
    assert [asset.name for asset in store.assets.load("aws")] == ["a"]


def test_a_kind_listed_in_two_calls_is_as_complete_as_the_worse_of_them(store: Store):
    write(store, collected([bucket("a")]))
    for states in ([ListingState.COMPLETE, ListingState.PARTIAL], [ListingState.DENIED, ListingState.COMPLETE]):
        listings = tuple(Listing(BUCKET, state, str(state)) for state in states)
        result = write(store, replace(collected([]), listings=listings))
        assert (result.removed, result.kept) == (0, 1)
        assert list(store.scans.listing_problems("aws")) == [(BUCKET, SCOPE)]


def test_an_asset_that_is_listed_twice_is_one(store: Store):
    assert write(store, collected([bucket("a"), bucket("a", website=True)])).added == 1
    assert list(store.assets.load("aws")) == [bucket("a", website=True)]


def test_arm_ids_are_the_same_in_any_case(store: Store):
    where = PartitionKey("azure", "azure", "sub", "storage", "global")
    first, again = (account(id) for id in ("/subscriptions/SUB/x", "/subscriptions/sub/X"))
    said = {OPEN: State.UNHEALTHY}
    listings = (Listing(BUCKET, ListingState.COMPLETE),)
    write(store, replace(collected([first], where), listings=listings), [judged(first, said)])
    result = write(store, replace(collected([again], where), listings=listings), [judged(again, said, key=b"2")])
    assert (result.added, result.removed) == (0, 0)
    assert store.findings.count(None, FindingFilter()) == 1
    assert store.assets.get(None, "/SUBSCRIPTIONS/sub/x") is not None


def account(id: str):
    asset = bucket("a", scope="sub")
    return model_replace(asset, id=id)
