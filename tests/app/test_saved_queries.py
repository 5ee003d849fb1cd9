"""Saved queries, and those that are watched."""

from dataclasses import replace

import pytest

from poise.app import exploring, queries, saved_queries
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import learn
from poise.graph.explorer.forms import from_text
from poise.model.errors import UsageError
from poise.model.listings import FindingFilter
from poise.model.saved_query import Watch
from tests.app.conftest import bucket

TAGGED = from_text("find AWS::S3::Bucket where tag.open = yes")
WATCH = Watch(title="Buckets should not be open", severity="high", fix="Remove the tag.")
CHECK = "custom.aws.open_ones"


def read(workspace, cloud, *buckets):
    cloud.buckets = list(buckets)
    return scan(workspace, [cloud], ScanOptions(command="test"))


def verdicts(workspace):
    rows = workspace.store.all_verdicts(None, FindingFilter(checks=frozenset({CHECK})))
    return {row.asset.name: str(row.state) for row in rows}


def everything(workspace):
    rows = workspace.store.all_verdicts(None, FindingFilter())
    return {(row.check, row.asset.id): (row.state, row.reason) for row in rows}


def watched(workspace, query=TAGGED):
    saved_queries.save(workspace, "open_ones", query, "ann")
    saved_queries.watch(workspace, "open_ones", WATCH, "ann")


def test_a_saved_query_runs_by_its_name(workspace):
    saved_queries.save(workspace, "open_ones", TAGGED, "ann", "Open buckets")
    assert exploring.read(workspace, "open_ones") == TAGGED
    assert saved_queries.get(workspace, "open_ones").title == "Open buckets"


def test_others_see_what_is_shared_only(workspace):
    saved_queries.save(workspace, "mine", TAGGED, "ann")
    saved_queries.save(workspace, "ours", TAGGED, "ann", is_shared=True)
    assert [one.name for one in saved_queries.saved(workspace, "bob")] == ["ours"]
    assert [one.name for one in saved_queries.saved(workspace, "ann")] == ["mine", "ours"]


def test_every_change_is_in_the_audit_log(workspace):
    watched(workspace)
    saved_queries.remove(workspace, "open_ones", "bob")
    log = [(row.actor, row.action, row.target) for row in workspace.store.audit.page().rows]
    assert log[:3] == [
        ("bob", "query removed", "open_ones"),
        ("ann", "query watched", "open_ones"),
        ("ann", "query saved", "open_ones"),
    ]


@pytest.mark.parametrize("name", ["", "Open", "1st", "a b", "exposed_machines", "a" * 81])
def test_a_name_that_cannot_be_is_refused(workspace, name):
    with pytest.raises(UsageError):
        saved_queries.save(workspace, name, TAGGED, "ann")


def test_what_is_not_there_cannot_be_removed_or_watched(workspace):
    with pytest.raises(UsageError, match="no saved query 'nothing'"):
        saved_queries.remove(workspace, "nothing", "ann")
    with pytest.raises(UsageError, match="no saved query 'nothing'"):
        saved_queries.watch(workspace, "nothing", WATCH, "ann")


def test_a_query_that_names_no_kind_of_asset_cannot_be_watched(workspace):
    saved_queries.save(workspace, "open_ones", from_text("find anything where exposed"), "ann")
    with pytest.raises(UsageError, match="names no kind of asset"):
        saved_queries.watch(workspace, "open_ones", WATCH, "ann")


def test_what_a_watched_query_finds_is_unhealthy_and_the_others_are_healthy(workspace, cloud):
    watched(workspace)
    read(workspace, cloud, bucket("a", tags={"open": "yes"}), bucket("b", tags={}))
    assert verdicts(workspace) == {"a": "unhealthy", "b": "healthy"}
    check = queries.check_of(workspace, CHECK)
    assert (check.title, check.severity, check.is_custom) == (WATCH.title, "high", True)


def test_tags_that_were_not_read_make_it_unknown(workspace, cloud):
    watched(workspace)
    read(workspace, cloud, bucket("a", unread={"tags": "AccessDenied"}))
    assert verdicts(workspace) == {"a": "unknown"}


def test_an_insight_that_is_missing_makes_it_unknown_not_healthy(workspace, cloud):
    watched(workspace, from_text("find AWS::S3::Bucket where no_such_insight"))
    read(workspace, cloud, bucket("a"))
    assert verdicts(workspace) == {"a": "unknown"}


def test_a_kind_that_could_not_be_listed_makes_it_unknown(workspace, cloud):
    watched(workspace, from_text("find AWS::S3::Bucket where tag.open = yes -[any]-> (AWS::S3::*)"))
    from poise.model.listing import ListingState

    cloud.s3_state, cloud.s3_reason = ListingState.PARTIAL, "AccessDenied"
    read(workspace, cloud, bucket("a"))
    assert verdicts(workspace)["a"] == "unknown"


def test_a_change_elsewhere_changes_the_verdict_of_an_asset_that_did_not_change(workspace, cloud):
    beside = "<-[contains]- (anything -[contains]-> (AWS::S3::Bucket where tag.open = yes))"
    watched(workspace, from_text(f"find AWS::S3::Bucket where name = a {beside}"))
    read(workspace, cloud, bucket("a"), bucket("b", tags={}))
    assert verdicts(workspace)["a"] == "healthy"
    read(workspace, cloud, bucket("a"), bucket("b", tags={"open": "yes"}))
    assert verdicts(workspace)["a"] == "unhealthy"


def test_a_finding_goes_when_the_query_is_no_longer_watched(workspace, cloud):
    watched(workspace)
    read(workspace, cloud, bucket("a", tags={"open": "yes"}))
    saved_queries.watch(workspace, "open_ones", None, "ann")
    read(workspace, cloud, bucket("a", tags={"open": "yes"}))
    assert verdicts(workspace) == {}


def test_what_a_query_found_is_withdrawn_at_once_when_it_is_no_longer_watched(workspace, cloud):
    """No scan is needed: whoever ends a check must not see its findings, and the past must still tell of them."""
    watched(workspace)
    read(workspace, cloud, bucket("a", tags={"open": "yes"}), bucket("b", tags={}))
    found = workspace.store.findings.page(None, FindingFilter(checks=frozenset({CHECK}))).rows
    assert [row.asset.name for row in found] == ["a"]
    others = {key: row for key, row in everything(workspace).items() if key[0] != CHECK}
    saved_queries.watch(workspace, "open_ones", None, "ann")
    assert verdicts(workspace) == {}
    assert everything(workspace) == others
    assert workspace.store.findings.page(None, FindingFilter(checks=frozenset({CHECK}))).rows == ()
    assert CHECK not in workspace.checks


def test_what_a_removed_query_found_is_withdrawn_at_once(workspace, cloud):
    watched(workspace)
    read(workspace, cloud, bucket("a", tags={"open": "yes"}))
    saved_queries.remove(workspace, "open_ones", "ann")
    assert verdicts(workspace) == {}


def test_a_query_that_is_watched_again_judges_what_did_not_change(workspace, cloud):
    for _ in range(2):
        watched(workspace)
        read(workspace, cloud, bucket("a", tags={"open": "yes"}))
        assert verdicts(workspace) == {"a": "unhealthy"}
        saved_queries.watch(workspace, "open_ones", None, "ann")
        assert verdicts(workspace) == {}


def test_a_watched_query_that_asks_for_another_kind_leaves_nothing_behind(workspace, cloud):
    watched(workspace)
    read(workspace, cloud, bucket("a", tags={"open": "yes"}))
    saved_queries.save(workspace, "open_ones", from_text("find Microsoft.Storage/storageAccounts"), "ann")
    assert verdicts(workspace) == {}
    assert "custom.azure.open_ones" in workspace.checks


def test_a_running_process_learns_what_another_one_watches(workspace, cloud):
    """Two workspaces over one store stand for a server and a command that is run beside it."""
    server = replace(workspace)
    learn(server)
    watched(workspace)
    assert CHECK not in server.checks
    learn(server)
    assert server.checks[CHECK].title == WATCH.title
    read(server, cloud, bucket("a", tags={"open": "yes"}))
    assert verdicts(server) == {"a": "unhealthy"}
    saved_queries.watch(workspace, "open_ones", None, "ann")
    learn(server)
    assert CHECK not in server.checks
    read(server, cloud, bucket("a", tags={"open": "yes"}))
    assert verdicts(server) == {}


def test_a_watched_query_never_moves_the_secure_score(workspace, cloud):
    from poise.app.scores import secure_score
    from poise.model.listings import AssetFilter

    read(workspace, cloud, bucket("a", tags={"open": "yes"}))
    before = secure_score(workspace, AssetFilter())
    watched(workspace)
    read(workspace, cloud, bucket("a", tags={"open": "yes"}))
    assert verdicts(workspace) == {"a": "unhealthy"}
    assert secure_score(workspace, AssetFilter()).overall == before.overall
