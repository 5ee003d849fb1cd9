"""Risks at a scan: exposure of the asset counts, and what changes an input changes the risk at the next scan."""

from dataclasses import replace as changed

import pytest

from poise.app import explain, queries
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import Choices
from poise.model import Severity, replace
from poise.model.aws.s3 import PublicAccessBlock
from poise.model.listing import ListingState
from poise.model.listings import FindingFilter
from poise.model.samples.aws import AWS_ACCOUNT
from poise.score.risk_rules import risk_rules
from tests.app.conftest import bucket

CHECK = "aws.s3.versioning_off"
ONE = FindingFilter(checks=frozenset({CHECK}))
OFF = PublicAccessBlock(
    block_public_acls=False, ignore_public_acls=False, block_public_policy=False, restrict_public_buckets=False
)
ON = PublicAccessBlock(
    block_public_acls=True, ignore_public_acls=True, block_public_policy=True, restrict_public_buckets=True
)
OPEN_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
}
UNBLOCKED = replace(AWS_ACCOUNT, public_access_block=OFF)


def risk(workspace, cloud):
    scan(workspace, [cloud], ScanOptions())
    (finding,) = queries.findings(workspace, ONE).rows
    return finding.risk


def shares(found):
    return {factor.name: factor.points for factor in found.factors}


@pytest.fixture
def plain(workspace, cloud):
    cloud.buckets = [bucket("b", versioning=None, public_access_block=OFF)]
    cloud.account = UNBLOCKED
    return risk(workspace, cloud)


def test_a_private_bucket_has_the_risk_of_the_severity(workspace, plain):
    assert plain.level is workspace.checks[CHECK].severity
    assert shares(plain)["exposure"] == 0


def test_a_bucket_that_becomes_public_has_more_risk_at_the_next_scan(workspace, cloud, plain):
    cloud.buckets = [replace(cloud.buckets[0], policy=OPEN_POLICY)]

    public = risk(workspace, cloud)

    assert shares(public)["exposure"] == 25
    assert public.level.rank > plain.level.rank


def test_a_neighbour_that_closes_the_way_lowers_the_risk_of_an_unchanged_bucket(workspace, cloud, plain):
    cloud.buckets = [replace(cloud.buckets[0], policy=OPEN_POLICY)]
    risk(workspace, cloud)
    cloud.account = replace(AWS_ACCOUNT, public_access_block=ON)

    assert shares(risk(workspace, cloud))["exposure"] == 0


def test_an_input_that_is_no_longer_read_says_unknown_and_lowers_nothing(workspace, cloud, plain):
    cloud.buckets = [replace(cloud.buckets[0], policy=OPEN_POLICY)]
    public = risk(workspace, cloud)
    cloud.buckets = [replace(cloud.buckets[0], unread={"policy": "AccessDenied on s3:GetBucketPolicy"})]

    unread = risk(workspace, cloud)

    assert unread.level is public.level
    (because,) = (factor.because for factor in unread.factors if factor.name == "exposure")
    assert because.startswith("unknown: ")
    assert "AccessDenied" in because


def test_a_tag_and_a_setting_change_the_risk_at_the_next_scan(workspace, cloud, plain):
    cloud.buckets = [replace(cloud.buckets[0], tags={"data-class": "restricted"})]
    assert shares(risk(workspace, cloud))["sensitivity"] == 20

    other = Choices(risk=risk_rules({"points": {"sensitivity": {"high": 60}}}))
    raised = risk(changed(workspace, choices=other), cloud)

    assert shares(raised)["sensitivity"] == 60
    assert raised.level is Severity.HIGH  # 10 + 60
    assert shares(risk(workspace, cloud))["sensitivity"] == 20


def test_an_unchanged_scan_writes_no_risk_and_no_history(workspace, cloud, clock, plain):
    before = list(queries.all_findings(workspace, FindingFilter()))
    rows = [workspace.store.findings.get(None, finding.id) for finding in before]
    clock.pass_days(1)

    assert risk(workspace, cloud) == plain
    after = [workspace.store.findings.get(None, finding.id) for finding in before]
    assert [row.changed_at for row in after] == [row.changed_at for row in rows]


def test_an_asset_that_changes_keeps_its_risk_without_a_gap_in_its_history(workspace, cloud, clock, plain):
    (finding,) = queries.findings(workspace, ONE).rows
    began = workspace.store.findings.get(None, finding.id).changed_at
    cloud.buckets = [replace(cloud.buckets[0], lifecycle_rules=7, policy=OPEN_POLICY)]
    risk(workspace, cloud)
    clock.pass_days(1)
    cloud.buckets = [replace(cloud.buckets[0], lifecycle_rules=8)]
    raised = workspace.store.findings.get(None, finding.id).changed_at

    assert shares(risk(workspace, cloud))["exposure"] == 25
    assert workspace.store.findings.get(None, finding.id).changed_at == raised >= began


def test_an_incremental_pass_gives_what_a_full_one_gives(tmp_path, workspace, cloud, clock, plain):
    from poise.app.workspace import open_workspace

    cloud.buckets = [
        replace(cloud.buckets[0], policy=OPEN_POLICY),
        bucket("pii-data", versioning=None),
        bucket("c", versioning=None, tags={"env": "prod"}),
    ]
    for state in (ListingState.COMPLETE, ListingState.DENIED, ListingState.COMPLETE):
        cloud.s3_state = state
        scan(workspace, [cloud], ScanOptions())
    cloud.account = replace(AWS_ACCOUNT, public_access_block=ON)
    scan(workspace, [cloud], ScanOptions())

    with open_workspace(tmp_path / "fresh.db", clock=clock) as fresh:
        scan(fresh, [cloud], ScanOptions())
        assert risks(fresh) == risks(workspace)


def risks(workspace):
    return {finding.id: finding.risk for finding in queries.all_findings(workspace, FindingFilter())}


def test_why_shows_the_sum(workspace, cloud, plain):
    (finding,) = queries.findings(workspace, ONE).rows

    assert (
        "points; medium from 25, high from 50, critical from 75."
        in explain.explain_finding(workspace, finding.id).arithmetic
    )


def test_roll_ups_follow_the_risks(workspace, cloud, plain):
    cloud.buckets = [replace(cloud.buckets[0], policy=OPEN_POLICY, tags={"data-class": "pii"})]
    found = risk(workspace, cloud)

    (row,) = [row for row in queries.recommendations(workspace, ONE) if row.check == CHECK]
    assert row.highest_risk is found.level
    assert workspace.store.recount()
