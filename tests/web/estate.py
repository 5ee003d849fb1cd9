"""A small estate in a real store: two AWS accounts with hostile names, unread facts, a denied listing and a fixed
finding, and an Azure subscription.

The checks bear ids of ours, but the rules are the tests' own: what a page must show follows from this file alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from poise.app.scan import ScanOptions, scan
from poise.app.workspace import Workspace, check_facts
from poise.model import Category, Check, Example, Fix, Parameter, Severity, healthy, replace, unhealthy
from poise.model.aws.account import AwsAccount
from poise.model.aws.s3 import S3Bucket
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey, Scope
from poise.model.samples.aws import AWS_ACCOUNT, BLOCK_ALL, BLOCK_NONE, S3_BUCKET
from poise.model.samples.azure_storage import STORAGE_ACCOUNT
from poise.model.samples.azure_subscription import AZURE_SUBSCRIPTION, SUBSCRIPTION
from poise.store import Store

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAYS = 6
SHOP, LAB = "111122223333", "444455556666"
HOSTILE = (
    '"><img src=x onerror=alert(1)>',
    "<script>alert(1)</script>",
    "‮drowssap‬-bucket",
    "n" * 300,
    "🪣-emoji-バケット",
    "=cmd|' /C calc'!A0",
)
ORDINARY = tuple(f"shop-data-{n:02}" for n in range(64))
DENIED = "AccessDenied on s3:GetBucketPolicy"
ROOT = "aws.account.root_with_access_keys"
OPEN = "aws.s3.open_to_everyone"
KEY = "aws.s3.without_customer_key"
VERSIONS = "aws.s3.versioning_off"
POLICY = "aws.s3.shared_with_unknown_accounts"


def _check(id: str, title: str, severity: Severity, rule, asset=S3Bucket, **more) -> Check:
    return Check(
        id=id,
        title=title,
        asset=asset,
        severity=severity,
        since="0.1",
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
        evaluate=rule,
        risk="Whoever finds the name reads every object.\n\nNames are guessed by programs within hours.",
        fix=Fix(
            console="1. Open the bucket {name} in the S3 console.\n2. Choose Permissions.\n3. Edit, and save.",
            cli="aws s3api put-public-access-block --bucket {name} \\\n  --generate-cli-skeleton",
            terraform='resource "aws_s3_bucket_public_access_block" "this" {\n  bucket = "{name}"\n}',
            impact="Sites served from the bucket stop answering.",
        ),
        examples=(
            Example("blocked", S3_BUCKET, "healthy"),
            Example("open", replace(S3_BUCKET, public_access_block=BLOCK_NONE), "unhealthy", "nothing blocks"),
            Example("unread", replace(S3_BUCKET, unread={"public_access_block": "AccessDenied"}), "unknown"),
        ),
        **more,
    )


def _open(bucket):
    block = bucket.public_access_block
    if block is not None and block.block_public_policy:
        return healthy("public policies are blocked", seen=block.block_public_policy)
    return unhealthy("nothing blocks public policies", seen={"block_public_policy": False})


def _key(bucket):
    return healthy("a key of KMS") if bucket.encryption == "aws:kms" else unhealthy("no key", seen=bucket.encryption)


def _versions(bucket):
    return healthy("versioning is on") if bucket.versioning == "Enabled" else unhealthy("versioning was never enabled")


def _root(account, max_age_days):
    keys = account.root_access_keys
    return healthy("no keys") if not keys else unhealthy("the root user has access keys", seen=keys)


def _policy(bucket):
    return healthy("nobody is granted anything") if bucket.policy is None else unhealthy("the policy names *")


AGE = Parameter("max_age_days", 90, "Days until a key is too old", 1, 365)
CHECKS = {
    check.id: check
    for check in (
        _check(OPEN, "S3 buckets should not be open to everyone", Severity.CRITICAL, _open),
        _check(KEY, "S3 buckets should be encrypted with a KMS key", Severity.MEDIUM, _key),
        _check(VERSIONS, "S3 buckets should keep earlier versions of objects", Severity.LOW, _versions),
        _check(POLICY, "Bucket policies should name who they grant", Severity.HIGH, _policy),
        _check(
            ROOT,
            "The root user should have no access keys",
            Severity.HIGH,
            _root,
            asset=AwsAccount,
            parameters=(AGE,),
            category=Category.ENTITLEMENT,
        ),
    )
}


def bucket(name: str, number: int) -> S3Bucket:
    """Make one bucket; its number decides what is wrong with it."""
    is_unread = number % 6 == 0
    return replace(
        S3_BUCKET,
        id=f"arn:aws:s3:::{name}",
        name=name,
        scope=SHOP,
        region="eu-west-1" if number % 3 else "us-east-1",
        tags={"team": "shop", "note": name},
        public_access_block=BLOCK_NONE if number % 5 == 0 else BLOCK_ALL,
        encryption="AES256" if number % 2 else "aws:kms",
        versioning=None if number % 7 == 0 else "Enabled",
        unread={"policy": DENIED} if is_unread else {},
        **({} if is_unread else {"policy": None}),
    )


@dataclass
class Clock:
    """A clock that the tests move."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Cloud:
    """Two accounts: `shop` with buckets, and `lab <b>`, whose buckets may not be listed."""

    clock: Clock
    source: str = "aws"
    buckets: list[S3Bucket] = field(
        default_factory=lambda: [bucket(name, n) for n, name in enumerate((*HOSTILE, *ORDINARY))]
    )

    def scopes(self):
        return (Scope(SHOP, "aws", "shop"), Scope(LAB, "aws", "lab <b>"))

    def partitions(self, scope):
        return tuple(PartitionKey(self.source, "aws", scope.id, service, "global") for service in ("account", "s3"))

    def reads(self, key):
        return ()

    def read(self, key):
        if key.service == "account":
            account = replace(
                AWS_ACCOUNT,
                id=f"arn:aws:account::{key.scope}:account",
                name=key.scope,
                scope=key.scope,
                root_access_keys=int(key.scope == SHOP),
            )
            return Collected(key, (account,), (Listing(AwsAccount.KIND, ListingState.COMPLETE),), (), self.clock())
        if key.scope == LAB:
            gap = Gap("s3", "s3:ListBuckets", "AccessDenied: not authorized", "s3:ListAllMyBuckets")
            listing = Listing(S3Bucket.KIND, ListingState.DENIED, "AccessDenied: not authorized")
            return Collected(key, (), (listing,), (gap,), self.clock())
        unread = sum(bool(bucket.unread) for bucket in self.buckets)
        gaps = (
            Gap("s3", "s3:GetBucketPolicy", "AccessDenied: not authorized", "s3:GetBucketPolicy", count=unread),
            Gap("s3", "s3:GetBucketIntelligentTiering", "not offered in this region", expected=True),
        )
        listing = Listing(S3Bucket.KIND, ListingState.COMPLETE)
        return Collected(key, tuple(self.buckets), (listing,), gaps, self.clock())


@dataclass
class AzureCloud:
    """A subscription with a storage account, which no check of the tests judges."""

    clock: Clock
    source: str = "azure"

    def scopes(self):
        return (Scope(SUBSCRIPTION, "azure", "Shop EU"),)

    def partitions(self, scope):
        return (PartitionKey(self.source, "azure", scope.id, "storage", "global"),)

    def reads(self, key):
        return ()

    def read(self, key):
        assets = (AZURE_SUBSCRIPTION, STORAGE_ACCOUNT)
        listings = tuple(Listing(asset.KIND, ListingState.COMPLETE) for asset in assets)
        return Collected(key, assets, listings, (), self.clock())


@contextmanager
def empty_estate(folder: Path) -> Iterator[Workspace]:
    """Open a store where nothing was read."""
    clock = Clock()
    with Store.open(folder / "estate.db", scoring=check_facts(CHECKS), clock=clock) as store:
        yield Workspace(store, CHECKS, clock=clock)


@contextmanager
def estate(folder: Path) -> Iterator[Workspace]:
    """Open a store that was scanned on six days. On the last, one bucket was mended and one tagged anew."""
    (folder / "estate.db").write_bytes(_scanned())
    with empty_estate(folder) as workspace:
        workspace.clock.now += timedelta(days=DAYS - 1, minutes=12)
        yield workspace


@cache
def _scanned() -> bytes:
    """Return the file of the store, made once in a process."""
    with TemporaryDirectory() as folder:
        with empty_estate(Path(folder)) as workspace:
            clock = workspace.clock
            cloud = Cloud(clock)
            for day in range(DAYS):
                if day == DAYS - 1:
                    first, second = cloud.buckets[10], cloud.buckets[11]
                    cloud.buckets[10] = replace(first, public_access_block=BLOCK_ALL, versioning="Suspended")
                    cloud.buckets[11] = replace(second, tags={"team": "moved"})
                scan(workspace, [cloud, AzureCloud(clock)], ScanOptions(command="poise scan aws --org", threads=1))
                clock.now += timedelta(days=1)
        return (Path(folder) / "estate.db").read_bytes()
