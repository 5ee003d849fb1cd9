"""Buckets, databases, keys, trails and functions through real boto3, from a real moto server."""

import io
import json
import zipfile
from datetime import UTC, datetime

import pytest

from poise.collect.aws.connector import LiveAws, LiveChoice
from poise.collect.aws.reading.live import LiveSettings
from poise.model.asset import to_json
from tests.moto import ACCOUNT, KEYS, REGION, client, moto_url, reset

__all__ = ["moto_url"]
pytestmark = pytest.mark.server
NOW = datetime(2026, 11, 25, tzinfo=UTC)
SERVICES = ("s3", "rds", "kms", "cloudtrail", "awslambda")
PLANTED = "correct-horse-battery-99"
OPEN = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::open/*"}]
}
MOTO_LACKS = {
    "AWS::KMS::Key": {"usage", "multi_region"},
    "AWS::Lambda::Function": {"alias_urls"},
}
"""Fields that AWS's answers always hold and moto's do not, and one whose call moto does not know."""


@pytest.fixture(scope="module")
def read(moto_url):
    """Build one of each, read all of it; kind -> assets, and everything that was kept as text."""
    reset(moto_url)
    _buckets(client(moto_url, "s3"))
    key = client(moto_url, "kms").create_key(Description="reports", Tags=[{"TagKey": "a", "TagValue": "b"}])
    _databases(client(moto_url, "rds"))
    _trails(client(moto_url, "cloudtrail"))
    _functions(client(moto_url, "iam"), client(moto_url, "lambda"))
    with pytest.MonkeyPatch.context() as env:
        for name, value in KEYS.items():
            env.setenv(name.upper(), value)
        settings = LiveSettings(endpoint_url=moto_url, secret_key=b"k" * 32, max_attempts=1)
        door = LiveAws(choice=LiveChoice(regions=(REGION,), services=SERVICES), settings=settings, clock=lambda: NOW)
        (scope,) = door.scopes()
        parts = [door.read(part) for part in door.partitions(scope)]
        door.close()
    return parts, key["KeyMetadata"]["Arn"]


def _buckets(s3):
    for name in ("open", "closed"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_policy(Bucket="open", Policy=json.dumps(OPEN))
    flags = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket="closed", PublicAccessBlockConfiguration=dict.fromkeys(flags, True))
    s3.put_bucket_versioning(Bucket="closed", VersioningConfiguration={"Status": "Enabled"})


def _databases(rds):
    size = {"DBInstanceClass": "db.t3.micro", "Engine": "postgres", "AllocatedStorage": 20}
    login = {"MasterUsername": "owner", "MasterUserPassword": PLANTED}
    rds.create_db_instance(DBInstanceIdentifier="orders", PubliclyAccessible=True, **size, **login)
    rds.create_db_cluster(DBClusterIdentifier="ledger", Engine="aurora-postgresql", **login)
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="shared")
    rds.modify_db_snapshot_attribute(DBSnapshotIdentifier="shared", AttributeName="restore", ValuesToAdd=["all"])
    rds.create_db_cluster_snapshot(DBClusterIdentifier="ledger", DBClusterSnapshotIdentifier="kept")


def _trails(cloudtrail):
    cloudtrail.create_trail(Name="audit", S3BucketName="closed", IsMultiRegionTrail=True)
    cloudtrail.start_logging(Name="audit")


def _functions(iam, functions):
    trust = {
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
    }
    role = iam.create_role(RoleName="charge", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("charge.py", "def handler(event, context): return 1\n")
    for name in ("charge", "plain"):
        functions.create_function(
            FunctionName=name,
            Runtime="python3.12",
            Role=role,
            Handler="charge.handler",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"DB_PASSWORD": PLANTED} if name == "charge" else {}},
        )
    functions.create_function_url_config(FunctionName="charge", AuthType="NONE")


def by_kind(parts, kind):
    return {asset.name: asset for part in parts for asset in part.assets if kind == asset.KIND}


def test_every_listing_is_complete_and_every_field_known(read):
    parts, _ = read

    assert {str(listing.state) for part in parts for listing in part.listings} == {"complete"}
    for asset in (asset for part in parts for asset in part.assets):
        assert set(asset.unread) == MOTO_LACKS.get(asset.KIND, set()), asset


def test_buckets_are_read(read):
    buckets = by_kind(read[0], "AWS::S3::Bucket")

    assert buckets["open"].policy == OPEN
    assert (buckets["closed"].public_access_block.restrict_public_buckets, buckets["closed"].versioning) == (
        True,
        "Enabled",
    )
    assert {bucket.region for bucket in buckets.values()} == {REGION}


def test_databases_and_who_may_restore_them_are_read(read):
    (orders,) = by_kind(read[0], "AWS::RDS::DBInstance").values()
    snapshots = by_kind(read[0], "AWS::RDS::DBSnapshot")

    assert (orders.id, orders.publicly_accessible) == (f"arn:aws:rds:{REGION}:{ACCOUNT}:db:orders", True)
    assert snapshots["shared"].restorable_by == ("all",)
    assert {"ledger"} == set(by_kind(read[0], "AWS::RDS::DBCluster"))
    assert by_kind(read[0], "AWS::RDS::DBClusterSnapshot")["kept"].restorable_by == ()


def test_keys_and_trails_are_read(read):
    parts, arn = read
    keys = {key.id: key for key in by_kind(parts, "AWS::KMS::Key").values()}
    (trail,) = by_kind(parts, "AWS::CloudTrail::Trail").values()

    assert (keys[arn].rotation_enabled, keys[arn].tags, keys[arn].manager) == (False, {"a": "b"}, "CUSTOMER")
    assert (trail.is_logging, trail.multi_region, trail.bucket) == (True, True, "closed")


def test_functions_are_read_and_their_secrets_seen_but_not_kept(read):
    parts, _ = read
    functions = by_kind(parts, "AWS::Lambda::Function")

    assert [hit.place for hit in functions["charge"].environment.hits] == ["DB_PASSWORD"]
    assert functions["charge"].url.auth_type == "NONE"
    assert (functions["plain"].url, functions["plain"].policy, functions["plain"].environment.hits) == (None, None, ())
    kept = repr([[to_json(asset) for asset in part.assets] for part in parts]) + repr([part.raw for part in parts])
    assert PLANTED not in kept
