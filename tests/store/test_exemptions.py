"""Exemptions as stored, on both databases: what they cover, risks that are written beside, what a purge leaves."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from poise.model.exemption import Covers, Exemption, Kind
from poise.model.finding import Risk, RiskFactor
from poise.model.judged import Phase, ScopePass
from poise.model.listing import Scope
from poise.model.listings import FindingFilter
from poise.model.verdict import Severity, State
from poise.store import Change, Store
from tests.store.estate import OPEN, PLAIN, SCOPE, Clock, bucket, collected, judged, key, write

BAD = {OPEN: State.UNHEALTHY, PLAIN: State.UNKNOWN}


def estate(store: Store) -> None:
    store.scans.plan(
        "aws", (Scope(SCOPE, "aws", "shop", ("r-root", "ou-shop")),), (key(),), store.scans.begin("aws", "x")
    )
    assets = [bucket("a", tags={"team": "shop"}), bucket("b", tags={"team": "shop", "env": "prod"})]
    write(store, collected(assets), [judged(asset, BAD) for asset in assets])


def exemption(clock: Clock, kind: Kind = Kind.WAIVER, name: str = "one", **covers: object) -> Exemption:
    return Exemption(
        name=name,
        kind=kind,
        covers=msgspec.convert(covers, Covers),
        reason="r",
        approver="a",
        until=clock.time + timedelta(days=1),
    )


def effects(store: Store) -> dict[tuple[str, str], tuple[str, str | None]]:
    rows = store.findings.page(None, FindingFilter()).rows
    return {(row.asset.name, row.check): (row.effect.value, row.exemption) for row in rows}


def test_every_condition_is_understood(store: Store, clock: Clock):
    estate(store)
    for covers, count in (
        ({"scopes": [SCOPE]}, 4),
        ({"nodes": ["ou-shop"]}, 4),
        ({"nodes": ["ou-other"]}, 0),
        ({"tags": {"team": "shop", "env": "prod"}}, 2),
        ({"assets": ["arn:aws:s3:::a"]}, 2),
        ({"severities": ["high"]}, 2),
    ):
        wanted = exemption(clock, **covers)
        found, rows = store.exemptions.covered(None, wanted, None, 10)
        assert (found, len(rows)) == (count, count), covers
    assert store.exemptions.covered(None, exemption(clock, scopes=[SCOPE]), {OPEN}, 10)[0] == 2
    assert store.exemptions.covered(None, exemption(clock, scopes=[SCOPE]), {"aws.s3.none"}, 10)[0] == 0
    assert store.exemptions.covered(frozenset({"9"}), exemption(clock, scopes=[SCOPE]), None, 10)[0] == 0
    assert store.exemptions.covered(None, exemption(clock, Kind.MITIGATED, scopes=[SCOPE]), None, 10)[0] == 2


def test_a_change_acts_at_once_and_is_taken_back_whole(store: Store, clock: Clock):
    estate(store)
    before = effects(store)
    store.exemptions.change(Change((exemption(clock, assets=["arn:aws:s3:::a"]),), (), "ann"), {})

    assert effects(store)["a", OPEN] == ("waived", "one")
    assert effects(store)["b", OPEN] == ("counted", None)
    assert [row.covered for row in store.exemptions.present()] == [2]
    assert store.recount()

    store.exemptions.change(Change((), ("one",), "ann"), {})
    assert effects(store) == before
    assert store.exemptions.present() == ()
    assert [row.action for row in store.audit.page().rows] == ["exemption removed", "exemption added"]


def test_a_change_replaces_an_exemption_of_the_same_name(store: Store, clock: Clock):
    estate(store)
    store.exemptions.change(Change((exemption(clock, scopes=[SCOPE]),), (), "ann"), {})
    store.exemptions.change(Change((exemption(clock, Kind.MITIGATED, scopes=[SCOPE]),), ("one",), "ann"), {})

    assert effects(store)["a", OPEN] == ("mitigated", "one")
    assert effects(store)["a", PLAIN] == ("counted", None)
    assert store.recount()


def test_what_ended_names_no_exemption_any_more(store: Store, clock: Clock):
    estate(store)
    store.exemptions.change(Change((exemption(clock, scopes=[SCOPE]),), (), "ann"), {})
    clock.move(days=1)

    store.effects.catch_up()

    assert set(effects(store).values()) == {("counted", None)}
    assert store.exemptions.has_ended()
    store.exemptions.apply({})
    assert not store.exemptions.has_ended()


def test_risks_are_written_beside_the_verdicts_and_stay_when_these_are_judged_again(store: Store, clock: Clock):
    estate(store)
    risk = Risk(Severity.CRITICAL, (RiskFactor("exposure", 25.0, "open"),))
    asset = bucket("a", tags={"team": "shop"})
    one = ScopePass(source="aws", scope=SCOPE, phase=Phase.RISK)
    store.verdicts.write(one, [judged(asset, {}, key=b"risk", risks={OPEN: risk})])
    assert store.verdicts.keys(one)[asset.id].key == b"risk"
    clock.move(days=1)

    changed = bucket("a", tags={"team": "other"})
    write(store, collected([changed, bucket("b")]), [judged(changed, BAD | {PLAIN: State.HEALTHY})])

    (row,) = store.findings.page(None, FindingFilter(asset_id=asset.id)).rows
    assert row.risk == risk
    assert store.assets.get(None, asset.id).row.highest_risk is Severity.CRITICAL
    assert store.recount()


def test_purging_and_cleaning_take_the_links_along(store: Store, clock: Clock):
    estate(store)
    store.exemptions.change(Change((exemption(clock, scopes=[SCOPE]),), (), "ann"), {})
    write(store, collected([]))
    clock.move(days=1000)
    store.gc(1)
    assert [row.covered for row in store.exemptions.present()] == [0]
    assert store.purge(SCOPE) == 0
