"""A workspace over a fresh store, and connectors in memory that behave as real ones do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from poise.app.workspace import open_workspace
from poise.model import replace
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey, Read, Scope
from poise.model.samples.aws import ACCOUNT, AWS_ACCOUNT, S3_BUCKET


class Clock:
    """A clock that tests move."""

    def __init__(self):
        self.now = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_days(self, days):
        self.now += timedelta(days=days)


def bucket(name, **changes):
    return replace(S3_BUCKET, id=f"arn:aws:s3:::{name}", name=name, **changes)


@dataclass
class FakeCloud:
    """One account with an account partition and an S3 partition."""

    clock: Callable
    buckets: list = field(default_factory=list)
    account: object = AWS_ACCOUNT
    s3_state: ListingState = ListingState.COMPLETE
    s3_reason: str = ""
    before_read: Callable = lambda key: None
    source: str = "aws"

    def scopes(self):
        return (Scope(ACCOUNT, "aws", "shop", ()),)

    def partitions(self, scope):
        return tuple(PartitionKey(self.source, "aws", scope.id, s, "global") for s in ("account", "s3"))

    def reads(self, key):
        return (Read("s3:ListBuckets", "s3:ListAllMyBuckets", ("S3Bucket",)),) if key.service == "s3" else ()

    def read(self, key):
        self.before_read(key)
        if key.service == "account":
            listing = Listing("AWS::::Account", ListingState.COMPLETE)
            return Collected(key, (self.account,), (listing,), (), self.clock())
        listing = Listing("AWS::S3::Bucket", self.s3_state, self.s3_reason)
        complete = self.s3_state is ListingState.COMPLETE
        gaps = () if complete else (Gap("s3", "s3:ListBuckets", self.s3_reason, "s3:ListAllMyBuckets"),)
        return Collected(key, tuple(self.buckets), (listing,), gaps, self.clock())


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cloud(clock):
    return FakeCloud(clock)


@pytest.fixture
def workspace(tmp_path, clock):
    with open_workspace(tmp_path / "poise.db", clock=clock) as opened:
        yield opened
