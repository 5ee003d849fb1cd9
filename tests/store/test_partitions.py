from __future__ import annotations

from poise.model.listing import ListingState
from poise.model.listings import FindingFilter, Paging
from poise.model.verdict import State
from poise.store import Store
from tests.store.estate import LOGS, OPEN, bucket, collected, judged, write


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
