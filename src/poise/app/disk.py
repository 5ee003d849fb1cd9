"""Reads the disks of machines and hands their records to the ordinary scan, which judges and keeps them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from poise.app.disk_rescan import READ, Earlier, compared, nothing_known, ranges, reader
from poise.disk.facts.machine import Identity
from poise.disk.sandbox import Bounds, Job, read_confined
from poise.disk.scanned import Scanned
from poise.disk.source.block import Budget, Counters, Excluded
from poise.disk.source.cache import CachedSource
from poise.disk.target import Target
from poise.model.asset import Asset
from poise.model.errors import PoiseError
from poise.model.host.disk_scan import DiskScan, ScanCost
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey, Read, Scope

SOURCE, PROVIDER, SERVICE = "disk", "host", "disk"
CALL = "disk:Read"
KINDS: tuple[type[Asset], ...] = (DiskScan, Machine, Software, Secrets)


@dataclass(frozen=True, kw_only=True)
class DiskOptions:
    """How disks are read."""

    passphrases: Sequence[str] = ()
    """Keys for encrypted volumes."""
    secret_key: bytes | None = None
    """Key of the store for fingerprints; None if no file is to be searched for secrets."""
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True)
class Trail:
    """Where facts were read from, so that a later scan can tell whether anything changed."""

    snapshots: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiskReading:
    """What reading one machine gave and cost."""

    scanned: Scanned
    counters: Counters
    seconds: float
    unchanged_since: tuple[str, ...] = ()
    """Snapshots whose facts were used again, since no block of them has changed; none if disks were read."""
    is_excluded: bool = False
    """Whether the tag of the machine says that it is not to be touched."""
    trail: Trail = field(default_factory=Trail)
    allowed: Budget = field(default_factory=partial(Budget, 0, 0))
    """What all its disks together might have cost; nothing if none was opened."""


@dataclass
class DiskConnector:
    """Reads machines through their disks; see :class:`~poise.collect.connector.Connector`.

    Each machine is a partition of its own in the scope that it belongs to: one that cannot be read leaves the others,
    and what was known of it, as they were.
    """

    targets: Sequence[Target]
    options: DiskOptions
    clock: Callable[[], datetime]
    source: str = SOURCE
    earlier: Earlier = nothing_known
    """What earlier scans have left."""
    readings: dict[str, DiskReading] = field(default_factory=dict)
    """What each machine gave, by its id, once it was read."""

    def scopes(self) -> Sequence[Scope]:
        """Return the scopes that the machines belong to."""
        names = dict.fromkeys(target.identity.scope for target in self.targets)
        return tuple(Scope(name, PROVIDER, name) for name in names)

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return one partition for each machine of a scope."""
        return tuple(self._key(target) for target in self.targets if target.identity.scope == scope.id)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return what reading a machine feeds."""
        return (Read(CALL, "", tuple(kind.__name__ for kind in KINDS)),)

    def read(self, key: PartitionKey) -> Collected:
        """Read one machine."""
        target = next(target for target in self.targets if self._key(target) == key)
        begun = time.perf_counter()
        counters = Counters()
        try:
            reading = self._again(target, counters) or self._reading(target, counters)
        except PoiseError as problem:
            nothing = Scanned(machine=None, software=None, secrets=None, volumes=(), gaps=(problem.what,))
            reading = DiskReading(nothing, counters, 0, is_excluded=isinstance(problem, Excluded))
        reading = replace(reading, seconds=time.perf_counter() - begun)
        self.readings[target.identity.id] = reading
        return self._collected(key, target, reading)

    def _again(self, target: Target, counters: Counters) -> DiskReading | None:
        """Return what an earlier scan read, if nothing of it has changed; asking for that is counted."""
        known = self.earlier(target.identity)
        if known is None:
            return None
        now = compared(target, known, self._reader)
        counters.requests += now.requests
        if not now.unchanged:
            return None
        trail = Trail(now.unchanged, known.scan.sizes, known.scan.blocks)
        return DiskReading(known.scanned(target.identity), counters, 0, known.scan.snapshots, trail=trail)

    @property
    def _reader(self) -> str:
        options = self.options
        return reader(options.bounds, len(options.passphrases), has_secrets=options.secret_key is not None)

    def _reading(self, target: Target, counters: Counters) -> DiskReading:
        kept = tuple(target.kept())
        with target.opened() as disks:
            job = Job(
                identity=target.identity,
                disks=disks,
                folder=target.folder,
                passphrases=self.options.passphrases,
                secret_key=self.options.secret_key,
                bounds=self.options.bounds,
            )
            scanned = read_confined(job)
            for disk in disks:
                counters.add(disk.counters)
            trail = _trail(kept, disks)
            allowed = Budget(sum(one.budget.bytes for one in disks), sum(one.budget.requests for one in disks))
        return DiskReading(scanned, counters, 0, trail=trail, allowed=allowed)

    def _collected(self, key: PartitionKey, target: Target, reading: DiskReading) -> Collected:
        scanned = reading.scanned
        told = self._told(target.identity, reading)
        if reading.is_excluded:
            gap = Gap(SERVICE, CALL, f"{target.identity.name}: {scanned.gaps[0]}", expected=True)
            return Collected(key, (told,), (Listing(DiskScan.KIND, ListingState.COMPLETE),), (gap,), self.clock())
        reason = "; ".join(scanned.gaps)
        listings = [
            Listing(DiskScan.KIND, ListingState.COMPLETE),
            _listing(Machine, scanned.machine, reason),
            _listing(Software, scanned.software, reason),
        ]
        if self.options.secret_key is not None:
            listings.append(_listing(Secrets, scanned.secrets, reason))
        gaps = tuple(Gap(SERVICE, CALL, f"{target.identity.name}: {one}") for one in scanned.gaps)
        found = (told, scanned.machine, scanned.software, scanned.secrets, *scanned.images)
        assets = tuple(asset for asset in found if asset is not None)
        return Collected(key, assets, tuple(listings), gaps, self.clock())

    def _told(self, identity: Identity, reading: DiskReading) -> DiskScan:
        scanned, trail = reading.scanned, reading.trail
        return DiskScan(
            id=f"{identity.id}#disk_scan",
            name=identity.name,
            scope=identity.scope,
            region=identity.region,
            tags=dict(identity.tags),
            machine=identity.id,
            cloud_asset=identity.cloud_asset or None,
            state=_state(reading),
            reasons=scanned.unread,
            volumes=scanned.volumes,
            snapshots=trail.snapshots,
            sizes=trail.sizes,
            blocks=trail.blocks,
            reader=self._reader,
            cost=_cost(reading, self.options.bounds),
            unchanged_since=reading.unchanged_since,
        )

    def _key(self, target: Target) -> PartitionKey:
        identity = target.identity
        return PartitionKey(self.source, PROVIDER, identity.scope, f"{SERVICE} {identity.id}", identity.region)


def _trail(kept: tuple[str, ...], disks: Sequence[CachedSource]) -> Trail:
    """Return where facts were read from, if that stays and all that was asked for could be read."""
    if not kept or kept != tuple(disk.origin for disk in disks) or any(disk.is_refused for disk in disks):
        return Trail()
    return Trail(kept, tuple(disk.size for disk in disks), tuple(ranges(disk.asked) for disk in disks))


def _cost(reading: DiskReading, bounds: Bounds) -> ScanCost:
    return ScanCost(
        seconds=round(reading.seconds, 3),
        most_seconds=bounds.wall_s,
        bytes_read=reading.counters.bytes_read,
        most_bytes=reading.allowed.bytes,
        requests=reading.counters.requests,
        most_requests=reading.allowed.requests,
        blocks_read=reading.counters.blocks_read,
        memory_bytes=reading.scanned.peak_memory_bytes,
        most_memory_bytes=bounds.memory_bytes,
    )


def _state(reading: DiskReading) -> str:
    if reading.is_excluded:
        return "excluded"
    if reading.scanned.machine is None or reading.scanned.software is None:
        return "not_read"
    return "partly_read" if reading.scanned.unread else READ


def _listing(kind: type[Asset], found: Asset | None, reason: str) -> Listing:
    if found is None:
        return Listing(kind.KIND, ListingState.PARTIAL, reason)
    return Listing(kind.KIND, ListingState.COMPLETE)
