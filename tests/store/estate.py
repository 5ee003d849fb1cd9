"""A small estate of buckets to store, and hands to write it with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from poise.model.asset import Asset
from poise.model.aws.s3 import S3Bucket
from poise.model.judged import CheckFacts, Judged
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey
from poise.model.verdict import Severity, State, Verdict
from poise.store import PartitionResult, Store

BUCKET = S3Bucket.KIND
OPEN, PLAIN, LOGS, DRAFT = (
    "aws.s3.bucket_open",
    "aws.s3.bucket_plain",
    "aws.s3.bucket_no_logs",
    "aws.s3.bucket_draft",
)
SCORING = {
    OPEN: CheckFacts(Severity.HIGH, "Restrict access"),
    PLAIN: CheckFacts(Severity.MEDIUM, "Restrict access"),
    LOGS: CheckFacts(Severity.LOW, "Logging"),
    DRAFT: CheckFacts(Severity.CRITICAL, "Logging", is_preview=True),
}
SCOPE = "111122223333"
OTHER = "444455556666"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time


def bucket(name: str, scope: str = SCOPE, **facts: Any) -> S3Bucket:
    """A bucket without anything special."""
    values: dict[str, Any] = {
        "created": "2024-01-01T00:00:00Z",
        "policy": None,
        "acl": (),
        "object_ownership": "BucketOwnerEnforced",
        "public_access_block": None,
        "encryption": "AES256",
        "encryption_key": None,
        "versioning": None,
        "mfa_delete": False,
        "logging_target": None,
        "website": False,
        "object_lock": False,
        "replication": (),
        "lifecycle_rules": 0,
        "notification_targets": (),
    }
    unread = facts.pop("unread", {})
    identity = {"id": f"arn:aws:s3:::{name}", "name": name, "scope": scope, "region": "eu-central-1"}
    known = {field: value for field, value in ({"tags": {}} | values | facts).items() if field not in unread}
    return S3Bucket(unread=unread, **(identity | known))


def key(scope: str = SCOPE, region: str = "global", source: str = "aws") -> PartitionKey:
    return PartitionKey(source, "aws", scope, "s3", region)


def collected(
    assets: Iterable[Asset],
    where: PartitionKey | None = None,
    state: ListingState = ListingState.COMPLETE,
    gaps: Iterable[Gap] = (),
    read_at: datetime = datetime(2026, 11, 25, 11, 59, tzinfo=UTC),
) -> Collected:
    return Collected(where or key(), tuple(assets), (Listing(BUCKET, state, ""),), tuple(gaps), read_at)


def judged(asset: Asset, verdicts: Mapping[str, State | Verdict], **more: Any) -> Judged:
    made = {
        check: said if isinstance(said, Verdict) else Verdict(said, f"it is {said}", {"saw": check})
        for check, said in verdicts.items()
    }
    return Judged(asset.id, more.pop("key", b"key"), made, **more)


def write(store: Store, what: Collected, said: Iterable[Judged] = ()) -> PartitionResult:
    """Scan one partition."""
    scan = store.scans.begin(what.key.source, "scan", (), (what.key,))
    fence = store.partitions.claim(scan, what.key)
    return store.partitions.write(scan, what, fence, said)
