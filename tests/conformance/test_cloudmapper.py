"""A whole real account, as the AWS command line printed it: every answer is used, or listed as not needed."""

from collections import Counter
from pathlib import Path

import pytest

from poise.app import queries
from poise.app.doors import FilesDoor, not_needed
from poise.app.reports import scan_report
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from poise.model.listings import AssetFilter, FindingFilter, Paging

EXPORT = (Path(__file__).parents[3] / "shared/data/aws/cloudmapper-demo").resolve()
NOT_NEEDED = {
    "ec2-describe-availability-zones.json": "zones decide no verdict",
    "describe-regions.json": "the region folders say which regions were read",
    "iam-get-role": "the same as in the account authorization details",
    "iam-get-user": "the same as in the account authorization details",
    "iam-generate-service-last-accessed-details": "last use of services is not read",
    "iam-get-service-last-accessed-details": "last use of services is not read",
}
SERVICES_NOT_READ = (
    "accessanalzyer", "ecr", "ecs", "es", "guardduty", "kafka", "redshift", "route53", "secretsmanager", "sns", "sqs",
)  # fmt: skip


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    if not EXPORT.is_dir():
        pytest.skip("needs cloudmapper-demo of the shared data, which is not beside this project")
    with open_workspace(tmp_path_factory.mktemp("cloudmapper") / "poise.db") as workspace:
        connectors = FilesDoor(workspace.clock, b"key").open([EXPORT])
        run = scan(workspace, connectors, ScanOptions())
        yield workspace, connectors, scan_report(workspace, run)


def test_every_file_is_used_or_listed_as_not_needed(scanned):
    left = {path.relative_to(EXPORT) for path in not_needed(scanned[1])}
    unexplained = [
        path
        for path in left
        if not set(path.parts) & NOT_NEEDED.keys() and path.parts[1].split("-")[0] not in SERVICES_NOT_READ
    ]
    assert unexplained == []


def test_what_the_export_lacks_never_makes_the_run_incomplete(scanned):
    assert [
        row.gap for row in scanned[2].coverage.gaps if not row.gap.expected and "no row" not in row.gap.reason
    ] == []
    assert scanned[2].crashes == {}


def test_the_account_is_there_as_its_answers_hold_it(scanned):
    rows = queries.assets(scanned[0], AssetFilter(), Paging(limit=200)).rows
    kinds = Counter(row.asset.kind for row in rows)
    # Counted by hand in the answers.
    assert {kind: kinds[kind] for kind in ("AWS::S3::Bucket", "AWS::IAM::Role", "AWS::IAM::User", "AWS::EC2::VPC")} == {
        "AWS::S3::Bucket": 1,
        "AWS::IAM::Role": 4,
        "AWS::IAM::User": 2,
        "AWS::EC2::VPC": 1,
    }


def test_what_is_wrong_in_it_is_found(scanned):
    # The bucket policy grants s3:GetObject to {"AWS": "*"}; that its public access block is not in the export keeps it
    # from being certain.
    wanted = FindingFilter(checks=frozenset({"aws.s3.open_to_everyone"}))
    assert [(f.asset.name, str(f.verdict)) for f in queries.findings(scanned[0], wanted).rows] == [
        ("cloudmapper_demo", "unknown")
    ]
