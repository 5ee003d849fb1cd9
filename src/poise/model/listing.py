"""What one collection run says about its own completeness: reads, listings, gaps, partitions."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec

from poise.model.asset import Asset


class Read(msgspec.Struct, frozen=True):
    """One API call that a connector makes.

    The least-privilege policies and the page of permissions are made from these.
    """

    call: str
    """``service:Operation`` as the provider names it, e.g. ``s3:GetBucketPolicy``."""
    permission: str
    """The permission it needs, e.g. ``s3:GetBucketPolicy``; empty if none."""
    feeds: tuple[str, ...]
    """``Kind`` for a listing, ``Kind.field`` for a fact, with the class name: ``S3Bucket.policy``."""
    secret: tuple[str, ...] = ()
    """Fields of the answer that may bear secrets: never stored, only scanned in memory."""


class ListingState(enum.StrEnum):
    """How much of a listing was read."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    DENIED = "denied"
    NOT_OFFERED = "not_offered"
    """The region has no such thing: nothing is missing."""
    NOT_IN_EXPORT = "not_in_export"
    """The export has no such list: nothing else can be read, and whether there are any is not known."""


class Listing(msgspec.Struct, frozen=True):
    """The state of the list of one kind in one partition."""

    kind: str
    state: ListingState
    reason: str = ""


class Gap(msgspec.Struct, frozen=True):
    """One thing that could not be read, for the coverage report."""

    service: str
    """Service group of the connector, e.g. ``s3``."""
    call: str
    """``service:Operation``."""
    reason: str
    """What happened, as a person reads it."""
    permission: str = ""
    """What to grant, where a permission would cure it."""
    expected: bool = False
    """Not in this export, not enabled, not offered here: never makes a run incomplete."""
    count: int = 1
    """How many assets it touches."""


class PartitionKey(msgspec.Struct, frozen=True, order=True):
    """What is read, replaced and written as one: a service group of a scope, from one source."""

    source: str
    """The door: ``aws`` for the live API, ``files:PATH`` for an export, ``demo``."""
    provider: str
    scope: str
    service: str
    """Service group, e.g. ``ec2``."""
    region: str
    """Region, or ``global``."""

    def __str__(self) -> str:
        return "/".join((self.provider, self.scope, self.service, self.region))


class Collected(msgspec.Struct, frozen=True):
    """What one partition gave: written in one transaction or not at all."""

    key: PartitionKey
    assets: tuple[Asset, ...]
    listings: tuple[Listing, ...]
    gaps: tuple[Gap, ...]
    read_at: datetime
    """When the partition was read, UTC."""
    places: dict[str, str] = {}
    """For code and exports: asset id -> file, with the line where it is known."""
    raw: dict[str, dict[str, Any]] = {}
    """Asset id -> ``service:Operation`` -> the answer it came from, secret-bearing fields taken out."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that a permission or another try could bring."""
        return all(gap.expected for gap in self.gaps)


class Planned(msgspec.Struct, frozen=True):
    """A call that a scan would make."""

    key: PartitionKey
    call: str
    permission: str


class Scope(msgspec.Struct, frozen=True):
    """An account, subscription or project, and where it hangs in its organization."""

    id: str
    provider: str
    name: str
    path: tuple[str, ...] = ()
    """Ids of the organization nodes above it, root first."""


def kinds_of(reads: tuple[Read, ...]) -> dict[str, list[Read]]:
    """Return kind class name -> reads that feed it, in order."""
    found: dict[str, list[Read]] = {}
    for read in reads:
        for fed in read.feeds:
            found.setdefault(fed.split(".")[0], []).append(read)
    return found
