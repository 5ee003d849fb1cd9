"""Reads the disks of machines and hands their records to the ordinary scan, which judges and keeps them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from poise.disk.sandbox import Bounds, Job, read_confined
from poise.disk.scanned import Scanned
from poise.disk.source.block import Counters
from poise.disk.target import Target
from poise.model.asset import Asset
from poise.model.errors import PoiseError
from poise.model.host.machine import Machine
from poise.model.host.secrets import Secrets
from poise.model.host.software import Software
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey, Read, Scope

SOURCE, PROVIDER, SERVICE = "disk", "host", "disk"
CALL = "disk:Read"
KINDS: tuple[type[Asset], ...] = (Machine, Software, Secrets)


@dataclass(frozen=True, kw_only=True)
class DiskOptions:
    """How disks are read."""

    passphrases: Sequence[str] = ()
    """Keys for encrypted volumes."""
    secret_key: bytes | None = None
    """Key of the store for fingerprints; None if no file is to be searched for secrets."""
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True)
class DiskReading:
    """What reading one machine gave and cost."""

    scanned: Scanned
    counters: Counters
    seconds: float


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
            scanned = self._scanned(target, counters)
        except PoiseError as problem:
            scanned = Scanned(machine=None, software=None, secrets=None, volumes=(), gaps=(problem.what,))
        seconds = time.perf_counter() - begun
        self.readings[target.identity.id] = DiskReading(scanned, counters, seconds)
        return self._collected(key, target, scanned)

    def _scanned(self, target: Target, counters: Counters) -> Scanned:
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
        return scanned

    def _collected(self, key: PartitionKey, target: Target, scanned: Scanned) -> Collected:
        reason = "; ".join(scanned.gaps)
        listings = [_listing(Machine, scanned.machine, reason), _listing(Software, scanned.software, reason)]
        if self.options.secret_key is not None:
            listings.append(_listing(Secrets, scanned.secrets, reason))
        gaps = tuple(Gap(SERVICE, CALL, f"{target.identity.name}: {one}") for one in scanned.gaps)
        assets = [asset for asset in (scanned.machine, scanned.software, scanned.secrets) if asset is not None]
        return Collected(key, tuple(assets), tuple(listings), gaps, self.clock())

    def _key(self, target: Target) -> PartitionKey:
        identity = target.identity
        return PartitionKey(self.source, PROVIDER, identity.scope, f"{SERVICE} {identity.id}", identity.region)


def _listing(kind: type[Asset], found: Asset | None, reason: str) -> Listing:
    if found is None:
        return Listing(kind.KIND, ListingState.PARTIAL, reason)
    return Listing(kind.KIND, ListingState.COMPLETE)
