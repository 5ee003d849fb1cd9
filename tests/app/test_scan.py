"""A scan: what is kept, what is never removed, what a gap does, and what an interruption leaves."""

import pytest

from poise.app import queries
from poise.app.reports import scan_report
from poise.app.scan import ScanOptions, plan, scan
from poise.app.scores import score_history, secure_score
from poise.app.workspace import open_workspace
from poise.model import State, replace
from poise.model.errors import CredentialsError
from poise.model.listing import ListingState
from poise.model.listings import AssetFilter, FindingFilter, PartitionState, Standing
from tests.app.conftest import FakeCloud, bucket

CHECK = "aws.s3.versioning_off"
ONE = FindingFilter(checks=frozenset({CHECK}))


def run(workspace, cloud, **options):
    return scan_report(workspace, scan(workspace, [cloud], ScanOptions(**options)))


def verdicts(workspace):
    return {f.asset.name: f.verdict for f in queries.all_verdicts(workspace, ONE)}


def names(workspace):
    return sorted(row.asset.name for row in queries.assets(workspace, AssetFilter()).rows)


def test_a_scan_judges_scores_and_reports(workspace, cloud):
    cloud.buckets = [bucket("good"), bucket("bad", versioning=None)]

    report = run(workspace, cloud)

    assert verdicts(workspace) == {"good": State.HEALTHY, "bad": State.UNHEALTHY}
    assert report.assets == 3
    assert report.coverage.is_complete
    assert [f.asset.name for f in queries.findings(workspace, ONE).rows] == ["bad"]
    assert secure_score(workspace).scopes[0].weight >= 2
    assert len(score_history(workspace)) == 1


def test_a_second_scan_judges_nothing_again_and_changes_nothing(workspace, cloud):
    cloud.buckets = [bucket("a"), bucket("b", versioning=None)]
    run(workspace, cloud)
    before = list(queries.all_verdicts(workspace, FindingFilter()))
    judged = []

    again = scan(workspace, [cloud], ScanOptions(watch=judged.append))

    assert [e.verdicts for e in judged if hasattr(e, "verdicts")] == [0]
    assert list(queries.all_verdicts(workspace, FindingFilter())) == before
    assert again.crashes == {}


def test_what_is_gone_from_a_complete_listing_is_removed_and_its_finding_fixed(workspace, cloud, clock):
    cloud.buckets = [bucket("a", versioning=None), bucket("b")]
    run(workspace, cloud)
    cloud.buckets = [bucket("b")]
    clock.pass_days(1)

    run(workspace, cloud)

    assert names(workspace) == ["b", "shop-production"]
    assert queries.findings(workspace, ONE).total == 0
    fixed = queries.findings(workspace, FindingFilter(checks=ONE.checks, standing=Standing.FIXED))
    assert [f.asset.name for f in fixed.rows] == ["a"]


@pytest.mark.parametrize("state", [ListingState.PARTIAL, ListingState.DENIED])
def test_a_listing_that_failed_removes_nothing_and_is_a_gap(workspace, cloud, state):
    cloud.buckets = [bucket("a", versioning=None), bucket("b")]
    run(workspace, cloud)
    cloud.buckets, cloud.s3_state, cloud.s3_reason = [], state, "AccessDenied on s3:ListBuckets"

    report = run(workspace, cloud)

    assert names(workspace) == ["a", "b", "shop-production"]
    assert not report.is_complete
    assert report.coverage.scopes[0].state is PartitionState.PARTIAL


def test_a_kind_that_cannot_be_listed_makes_its_checks_unknown_on_the_account(workspace, cloud):
    cloud.s3_state, cloud.s3_reason = ListingState.DENIED, "AccessDenied on s3:ListBuckets"

    run(workspace, cloud)

    found = queries.findings(workspace, ONE).rows
    assert [(f.asset.kind, f.verdict) for f in found] == [("AWS::::Account", State.UNKNOWN)]
    assert "AccessDenied" in found[0].reason


def test_the_unknown_on_the_account_goes_once_the_kind_is_listed(workspace, cloud):
    cloud.s3_state, cloud.s3_reason = ListingState.DENIED, "AccessDenied"
    run(workspace, cloud)
    cloud.s3_state, cloud.buckets = ListingState.COMPLETE, [bucket("a")]

    run(workspace, cloud)

    assert verdicts(workspace) == {"a": State.HEALTHY}


def test_a_gap_in_a_fact_widens_the_range_and_does_not_raise_the_low_end(workspace, cloud):
    cloud.buckets = [bucket("a"), bucket("b", versioning=None)]
    run(workspace, cloud)
    before = secure_score(workspace).overall
    cloud.buckets = [bucket("a"), replace(bucket("b"), unread={"versioning": "AccessDenied"})]

    run(workspace, cloud)

    assert secure_score(workspace).overall.range.low <= before.range.low


def test_a_finding_keeps_its_identity_when_it_comes_back(workspace, cloud, clock):
    cloud.buckets = [bucket("a", versioning=None)]
    run(workspace, cloud)
    first = queries.findings(workspace, ONE).rows[0]
    for versioning in ("Enabled", None):
        clock.pass_days(1)
        cloud.buckets = [bucket("a", versioning=versioning)]
        run(workspace, cloud)

    again = queries.findings(workspace, ONE).rows[0]
    assert (again.id, again.first_seen) == (first.id, first.first_seen)
    assert queries.finding_row(workspace, again.id).reopened == 1


def test_a_connector_that_crashes_is_a_gap_of_its_partition(workspace, cloud):
    def fail(key):
        if key.service == "s3":
            raise RuntimeError("boom")

    cloud.before_read = fail
    report = run(workspace, cloud)

    assert names(workspace) == ["shop-production"]
    assert any("boom" in row.gap.reason for row in report.coverage.gaps)
    found = queries.findings(workspace, ONE).rows
    assert [(f.asset.kind, f.verdict) for f in found] == [("AWS::::Account", State.UNKNOWN)]
    assert not report.is_complete


def test_refused_credentials_in_the_middle_are_a_gap_and_nothing_is_lost(workspace, cloud):
    cloud.buckets = [bucket("a")]
    run(workspace, cloud)

    def expire(key):
        raise CredentialsError("The session has expired.", "Sign in again.")

    cloud.before_read = expire
    report = run(workspace, cloud)

    assert names(workspace) == ["a", "shop-production"]
    assert report.coverage.scopes[0].state is PartitionState.FAILED


def test_an_interruption_keeps_whole_partitions_and_passes_through(workspace, cloud):
    cloud.buckets = [bucket("a")]
    seen = []

    def stop(event):
        seen.append(event)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan(workspace, [cloud], ScanOptions(watch=stop))

    row = queries.scans(workspace).rows[0]
    assert row.finished is not None
    assert row.state is not PartitionState.DONE
    run(workspace, cloud)
    assert names(workspace) == ["a", "shop-production"]


def test_sources_never_mix(workspace, cloud, clock):
    cloud.buckets = [bucket("a")]
    run(workspace, cloud)

    run(workspace, FakeCloud(clock, [bucket("b")], source="files:export"))

    assert names(workspace) == ["a", "b", "shop-production", "shop-production"]


def test_a_dry_run_names_every_call(cloud):
    assert [(p.call, p.permission) for p in plan([cloud])] == [("s3:ListBuckets", "s3:ListAllMyBuckets")]


def test_what_was_kept_is_there_after_opening_again(tmp_path, clock, cloud):
    cloud.buckets = [bucket("a", versioning=None)]
    with open_workspace(tmp_path / "p.db", clock=clock) as first:
        run(first, cloud)
    with open_workspace(tmp_path / "p.db", clock=clock) as second:
        assert queries.findings(second, ONE).total == 1


def test_a_second_pass_that_was_lost_is_made_up_for(workspace, cloud, clock):
    cloud.buckets = [bucket("a")]
    run(workspace, cloud)
    full = sorted((f.check, f.asset.id, f.verdict) for f in queries.all_verdicts(workspace, FindingFilter()))
    cloud.buckets = []
    run(workspace, cloud)
    cloud.buckets = [bucket("a")]
    run(workspace, cloud)

    again = sorted((f.check, f.asset.id, f.verdict) for f in queries.all_verdicts(workspace, FindingFilter()))
    assert again == full


def test_an_interrupted_second_pass_is_run_by_the_next_scan(workspace, cloud, monkeypatch):
    cloud.buckets = [bucket("a")]
    run(workspace, cloud)
    full = sorted((f.check, f.asset.id) for f in queries.all_verdicts(workspace, FindingFilter()))
    cloud.buckets = []
    with monkeypatch.context() as patch:
        patch.setattr("poise.app.scan.judge_neighbours", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            scan(workspace, [cloud], ScanOptions())
    cloud.buckets = [bucket("a")]

    run(workspace, cloud)

    assert sorted((f.check, f.asset.id) for f in queries.all_verdicts(workspace, FindingFilter())) == full
