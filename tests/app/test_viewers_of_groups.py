"""A viewer of a group sees its assets, and sums over them alone. The expectation is an estate that holds nothing else,
or what somebody who sees everything is told of the group."""

from __future__ import annotations

from datetime import timedelta

import pytest

from poise.app import changes, compliance, exploring, governing, groups, past, queries, timeline
from poise.app import graph as graphs
from poise.app.changes import Span
from poise.app.cloud_scores import risk_score
from poise.app.governing_report import report
from poise.app.scan import ScanOptions, scan
from poise.app.scores import score_history, secure_score
from poise.app.workspace import open_workspace
from poise.graph.explorer import forms
from poise.model.errors import UsageError
from poise.model.governance import OwnerSource, Place, Rule
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listings import AssetFilter, FindingFilter, Standing
from poise.model.samples.aws import ACCOUNT
from tests.app.conftest import bucket
from tests.app.databases import postgres_server, workspace

__all__ = ["postgres_server", "workspace"]

SHOP = frozenset({"group:shop"})
OF_SHOP = AssetFilter(groups=frozenset({"shop"}))
ALL_BUCKETS = AssetFilter(kinds=frozenset({"AWS::S3::Bucket"}))
THEIRS = [bucket("shop-web", tags={"app": "shop"}, logging_target=None), bucket("shop-data", tags={"app": "shop"})]
OTHERS = [bucket("lake", tags={"owner": "lake-people"}, logging_target=None, versioning=None), bucket("dark")]


@pytest.fixture
def estate(workspace, cloud):
    cloud.buckets = [*THEIRS, *OTHERS]
    scan(workspace, [cloud], ScanOptions())
    wanted = Wanted(tags={"app": "shop"})
    groups.put(workspace, Group(name="shop", kind=GroupKind.APPLICATION, wanted=wanted, changed_by="ann"))
    return cloud


@pytest.fixture
def alone(tmp_path, clock, cloud):
    """The same account with the buckets of the group only."""
    with open_workspace(tmp_path / "alone.db", clock=clock) as opened:
        before, cloud.buckets = cloud.buckets, list(THEIRS)
        scan(opened, [cloud], ScanOptions())
        cloud.buckets = before
        yield opened


def names(rows):
    return sorted(row.asset.name for row in rows)


def test_lists_and_counts_of_assets_are_those_of_the_group(workspace, estate):
    workspace.viewer = SHOP
    page = queries.assets(workspace, AssetFilter())
    assert (names(page.rows), page.total) == (["shop-data", "shop-web"], 2)
    assert workspace.store.assets.count(SHOP, AssetFilter(scopes=frozenset({ACCOUNT}))) == 2
    for name in ("kind", "scope", "provider", "region", "source"):
        assert sum(facet.count for facet in queries.asset_facet(workspace, AssetFilter(), name)) == 2
    assert names(queries.assets(workspace, AssetFilter(text="lake")).rows) == []
    assert queries.asset(workspace, "arn:aws:s3:::shop-web").row.asset.name == "shop-web"
    for hidden in ("arn:aws:s3:::lake", ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root"):
        with pytest.raises(UsageError):
            queries.asset(workspace, hidden)


def test_the_total_of_a_group_is_not_that_of_its_accounts(workspace, estate):
    """Also for who sees everything: the numbers by scope know nothing of groups."""
    assert queries.assets(workspace, OF_SHOP).total == 2
    assert sum(facet.count for facet in queries.asset_facet(workspace, OF_SHOP, "kind")) == 2


def test_findings_and_recommendations_are_those_of_an_estate_without_the_rest(workspace, estate, alone):
    of_buckets = FindingFilter(kinds=ALL_BUCKETS.kinds, standing=Standing.ANY)
    expected = queries.findings(alone, of_buckets)
    workspace.viewer = SHOP
    found = queries.findings(workspace, FindingFilter(standing=Standing.ANY))
    assert found.total == expected.total
    assert {row.id for row in found.rows} == {row.id for row in expected.rows}
    for name in ("check", "severity", "kind", "scope"):
        assert queries.finding_facet(workspace, FindingFilter(), name) == queries.finding_facet(
            alone, FindingFilter(kinds=ALL_BUCKETS.kinds), name
        )
    mine = {row.check: row for row in queries.recommendations(workspace, FindingFilter())}
    theirs = {row.check: row for row in queries.recommendations(alone, FindingFilter()) if ".s3." in row.check}
    assert {id: row for id, row in theirs.items() if row.kind == "AWS::S3::Bucket"} == mine
    verdicts = {(row.check, row.asset.name) for row in queries.all_verdicts(workspace, FindingFilter())}
    assert verdicts == {(r.check, r.asset.name) for r in queries.all_verdicts(alone, of_buckets)}


def test_a_finding_of_another_asset_does_not_exist(workspace, estate):
    others = [row for row in queries.all_findings(workspace, FindingFilter()) if row.asset.name == "lake"]
    workspace.viewer = SHOP
    with pytest.raises(UsageError):
        queries.finding(workspace, others[0].id)
    assert workspace.store.history.of_finding(SHOP, others[0].id) == ()


def test_scores_and_standards_are_those_of_the_group(workspace, estate):
    secure, risk = secure_score(workspace, OF_SHOP), risk_score(workspace, OF_SHOP)
    standards = compliance.overview(workspace, ("group:shop",))
    whole = secure_score(workspace)
    workspace.viewer = SHOP
    assert secure_score(workspace) == secure != whole
    assert risk_score(workspace) == risk
    assert risk.assets == 2
    assert compliance.overview(workspace) == standards
    assert score_history(workspace) == ()
    assert score_history(workspace, ACCOUNT) == ()


def test_the_past_and_what_differs_hold_the_group_alone(workspace, estate, clock):
    first = clock.now
    clock.pass_days(1)
    estate.buckets = [*(bucket(one.name, tags=one.tags) for one in THEIRS), bucket("lake", tags={}), bucket("newer")]
    scan(workspace, [estate], ScanOptions())
    of_group = changes.score_change(workspace, Span(first, clock.now, OF_SHOP))
    workspace.viewer = SHOP
    differs = past.difference(workspace, Span(first, clock.now, AssetFilter()))
    seen = {*differs.added, *differs.removed, *(one.asset for one in (*differs.new, *differs.fixed))}
    assert {one.name for one in seen} == {"shop-web"}
    assert differs.score.parts == of_group.parts
    assert past.moment(workspace, first).assets == 2
    assert {row.asset.name for row in workspace.store.history.verdicts_at(SHOP, first, FindingFilter())} == {
        "shop-web",
        "shop-data",
    }


def test_the_report_of_governance_counts_the_group_alone(workspace, estate, alone):
    address = OwnerSource(address="ann@example.org")
    for one in (workspace, alone):
        rule = Rule(name="all", priority=1, scope=Place(), owner=address, days=7)
        governing.add(one, rule, "ann")
    of_buckets = queries.findings(alone, FindingFilter(kinds=ALL_BUCKETS.kinds, owners=frozenset({"ann@example.org"})))
    workspace.viewer = SHOP
    told = report(workspace)
    assert told.total.open == told.owners[0].on_time == of_buckets.total
    assert set(workspace.store.owning.by_asset(SHOP, ["arn:aws:s3:::lake"])) == set()


def test_the_graph_ends_at_the_group(workspace, estate):
    workspace.viewer = SHOP
    asked = exploring.explore(workspace, forms.from_text("find AWS::S3::Bucket"))
    assert sorted(row[0].name for row in asked.rows) == ["shop-data", "shop-web"]
    assert exploring.counts(workspace, forms.from_text("find AWS::S3::Bucket")) == (2,)
    assert exploring.named(workspace, "lake", 5) == []
    assert "owner" not in exploring.suggestions(workspace)["tags"]
    around = graphs.neighbourhood(workspace, "arn:aws:s3:::shop-web", 4)
    assert {one["name"] for one in around["nodes"] if one["scope"]} <= {"shop-web", "shop-data"}
    assert all(proof["asset"].endswith(("shop-web", "shop-data")) for e in around["edges"] for proof in e["evidence"])
    with pytest.raises(UsageError):
        graphs.neighbourhood(workspace, "arn:aws:s3:::lake")


def test_groups_and_scopes_together_are_what_either_holds(workspace, estate):
    assert workspace.store.assets.count(frozenset({"group:shop", ACCOUNT}), AssetFilter()) == 5
    assert workspace.store.assets.count(frozenset({"group:shop", "another"}), AssetFilter()) == 2
    assert workspace.store.assets.count(frozenset({"group:none"}), AssetFilter()) == 0
    assert workspace.store.assets.count(SHOP, AssetFilter(scopes=frozenset({"another"}))) == 0


def test_events_name_no_other_scope(workspace, estate, clock):
    since = clock.now - timedelta(days=1)
    told = [event.says for event in timeline.markers(workspace, since)]
    assert any(ACCOUNT in says for says in told)
    workspace.viewer = frozenset({"group:none"})
    assert not [event for event in timeline.markers(workspace, since) if ACCOUNT in event.says]
