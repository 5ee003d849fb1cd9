"""Machines whose disks can be read, each with its way to them: image files, snapshots, instances, folders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import httpx
import msgspec

from poise.disk.facts.machine import Identity
from poise.disk.source.aws_snapshots import EXCLUDE, AwsSnapshots, Instance, Snapshot, Waiting, requests_to_list
from poise.disk.source.azure_snapshots import AzureSnapshots, ManagedDisk, VirtualMachine
from poise.disk.source.block import BlockUnread, Budget, Excluded
from poise.disk.source.cache import CachedSource
from poise.disk.source.ebs import Changed, EbsBlocks, changed
from poise.disk.source.file import FileBlocks
from poise.disk.source.sas import SasBlocks

THREADS = 32
"""Blocks that are fetched at once from a cloud."""
FULL_SCAN_BLOCKS = 320
"""Blocks that a full scan of one machine reads, roughly: what a plan estimates."""


class PlannedDisk(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan would do with one disk."""

    machine: str
    """Id of the machine."""
    disk: str
    """Volume, snapshot, file or address."""
    action: str
    """`read`, `make a snapshot, read and delete it`, or `none`."""
    size_gib: float
    """Its size."""
    requests: int
    """Calls to expect, at most for listings."""
    reason: str = ""
    """Why nothing is done."""


class Target(Protocol):
    """A machine and the way to its disks."""

    @property
    def identity(self) -> Identity:
        """What it is called and where it belongs."""
        ...

    @property
    def folder(self) -> Path | None:
        """A folder of this machine that is read instead of disks."""
        ...

    def plan(self) -> Sequence[PlannedDisk]:
        """Return what a scan would do. Nothing is made or read."""
        ...

    def opened(self) -> AbstractContextManager[Sequence[CachedSource]]:
        """Open its disks and close them; raises `BlockUnread`."""
        ...

    def kept(self) -> Sequence[str]:
        """Return the ids of the snapshots that are read and stay; none if there are no such; raises `BlockUnread`."""
        ...

    def changed(self, older: Sequence[str], newer: Sequence[str]) -> Sequence[Changed]:
        """Return what differs between snapshots, one by one; raises `BlockUnread` where that cannot be told."""
        ...


class _Once:
    """A way to disks of which nothing stays that a later scan could compare with."""

    def kept(self) -> Sequence[str]:
        """Return nothing."""
        return ()

    def changed(self, older: Sequence[str], newer: Sequence[str]) -> Sequence[Changed]:
        """Refuse: what changed is not known."""
        raise BlockUnread("disk", "what changed on it is not known")


@contextmanager
def _pool() -> Iterator[Executor]:
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="block")
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, kw_only=True)
class FolderTarget(_Once):
    """A folder that holds the root of a machine."""

    identity: Identity
    folder: Path | None

    def plan(self) -> Sequence[PlannedDisk]:
        """Return the folder."""
        return (PlannedDisk(machine=self.identity.id, disk=str(self.folder), action="read", size_gib=0, requests=0),)

    @contextmanager
    def opened(self) -> Iterator[Sequence[CachedSource]]:
        """Open nothing: the reading process reads the folder itself."""
        yield ()


@dataclass(frozen=True, kw_only=True)
class ImageTarget(_Once):
    """Image files or devices: the disks of one machine, the first one first."""

    identity: Identity
    paths: Sequence[Path]
    budget: Budget = field(default_factory=Budget)
    folder: Path | None = None

    def plan(self) -> Sequence[PlannedDisk]:
        """Return each file."""
        with self.opened() as disks:
            return [_planned(self.identity, str(path), disk) for path, disk in zip(self.paths, disks, strict=True)]

    @contextmanager
    def opened(self) -> Iterator[Sequence[CachedSource]]:
        """Open the files; raises `UsageError` for one that cannot be."""
        with ExitStack() as stack:
            stores = []
            for path in self.paths:
                stores.append(FileBlocks(path))
                stack.callback(stores[-1].close)
            yield [CachedSource(store, self.budget, blocks_kept=1) for store in stores]


@dataclass(frozen=True, kw_only=True)
class EbsTarget:
    """Snapshots that there are: the disks of one machine, the first one first."""

    identity: Identity
    ebs: Any
    snapshots: Sequence[str]
    budget: Budget = field(default_factory=Budget)
    folder: Path | None = None

    def plan(self) -> Sequence[PlannedDisk]:
        """Return each snapshot; their blocks are listed for that."""
        with self.opened() as disks:
            return [_planned(self.identity, one, disk) for one, disk in zip(self.snapshots, disks, strict=True)]

    @contextmanager
    def opened(self) -> Iterator[Sequence[CachedSource]]:
        """List the blocks of the snapshots."""
        with _pool() as pool:
            yield [CachedSource(EbsBlocks(self.ebs, one), self.budget, pool) for one in self.snapshots]

    def kept(self) -> Sequence[str]:
        """Return the snapshots."""
        return self.snapshots

    def changed(self, older: Sequence[str], newer: Sequence[str]) -> Sequence[Changed]:
        """Ask what changed between each two."""
        return _changed(self.ebs, older, newer)


@dataclass(frozen=True, kw_only=True)
class InstanceTarget:
    """An EC2 machine: snapshots of its disks are made and deleted, or its newest ones are read."""

    identity: Identity
    ebs: Any
    snapshots: AwsSnapshots
    instance: Instance
    label: str
    waiting: Waiting
    uses_newest: bool = False
    """Read the newest finished snapshots, which others made, and make none."""
    budget: Budget = field(default_factory=Budget)
    folder: Path | None = None

    def plan(self) -> Sequence[PlannedDisk]:
        """Return each disk of the machine."""
        action = "read the newest snapshot" if self.uses_newest else "make a snapshot, read and delete it"
        return [
            PlannedDisk(
                machine=self.identity.id,
                disk=volume.id,
                action="none" if self.instance.is_excluded or volume.is_excluded else action,
                size_gib=volume.size_gib,
                requests=requests_to_list(volume) + FULL_SCAN_BLOCKS,
                reason="excluded by its tag" if self.instance.is_excluded or volume.is_excluded else "",
            )
            for volume in self.instance.volumes
        ]

    @contextmanager
    def opened(self) -> Iterator[Sequence[CachedSource]]:
        """Make or find the snapshots and list their blocks; raises `BlockUnread`."""
        with _pool() as pool, self._found() as found:
            yield [CachedSource(EbsBlocks(self.ebs, one.id), self.budget, pool) for one in found]

    def kept(self) -> Sequence[str]:
        """Return the newest snapshots, if these are read: those that a scan makes do not stay."""
        return [one.id for one in self._newest()] if self.uses_newest else ()

    def changed(self, older: Sequence[str], newer: Sequence[str]) -> Sequence[Changed]:
        """Ask what changed between each two."""
        return _changed(self.ebs, older, newer)

    @contextmanager
    def _found(self) -> Iterator[Sequence[Snapshot]]:
        if self.uses_newest:
            yield self._newest()
            return
        with self.snapshots.fresh(self.instance, self.label, self.waiting) as made:
            yield made

    def _newest(self) -> Sequence[Snapshot]:
        wanted = [one for one in self.instance.volumes if not one.is_excluded]
        if self.instance.is_excluded or not wanted:
            raise Excluded(self.instance.id, f"{self.instance.id} is excluded by its tag {EXCLUDE}")
        return self.snapshots.newest(wanted)


@dataclass(frozen=True, kw_only=True)
class SasTarget(_Once):
    """Azure snapshots whose addresses carry a signature: the disks of one machine, the first one first."""

    identity: Identity
    client: httpx.Client
    addresses: Sequence[str]
    budget: Budget = field(default_factory=Budget)
    folder: Path | None = None

    def plan(self) -> Sequence[PlannedDisk]:
        """Return each snapshot; their ranges are listed for that."""
        with self.opened() as disks:
            shown = [address.split("?")[0] for address in self.addresses]
            return [_planned(self.identity, one, disk) for one, disk in zip(shown, disks, strict=True)]

    @contextmanager
    def opened(self) -> Iterator[Sequence[CachedSource]]:
        """List the written ranges of the snapshots; raises `BlockUnread`."""
        with _pool() as pool:
            yield [CachedSource(SasBlocks(self.client, one), self.budget, pool) for one in self.addresses]


@dataclass(frozen=True, kw_only=True)
class AzureTarget(_Once):
    """An Azure machine: snapshots of its disks are made, read and deleted."""

    identity: Identity
    client: httpx.Client
    snapshots: AzureSnapshots
    machine: VirtualMachine
    label: str
    budget: Budget = field(default_factory=Budget)
    folder: Path | None = None

    def plan(self) -> Sequence[PlannedDisk]:
        """Return each disk of the machine."""
        return [
            PlannedDisk(
                machine=self.identity.id,
                disk=disk.id,
                action="none" if self._is_excluded(disk) else "make a snapshot, read and delete it",
                size_gib=disk.size_gib,
                requests=FULL_SCAN_BLOCKS,
                reason="excluded by its tag" if self._is_excluded(disk) else "",
            )
            for disk in self.machine.disks
        ]

    @contextmanager
    def opened(self) -> Iterator[Sequence[CachedSource]]:
        """Make the snapshots and list their written ranges; raises `BlockUnread`."""
        wanted = [disk.id for disk in self.machine.disks if not self._is_excluded(disk)]
        if not wanted:
            raise Excluded(self.machine.id, f"{self.machine.id} is excluded by its tag {EXCLUDE}")
        with _pool() as pool, ExitStack() as stack:
            opening = [self.snapshots.opened(disk, self.machine.region, self.label) for disk in wanted]
            addresses = [stack.enter_context(one) for one in opening]
            yield [CachedSource(SasBlocks(self.client, one), self.budget, pool) for one in addresses]

    def _is_excluded(self, disk: ManagedDisk) -> bool:
        return self.machine.is_excluded or disk.is_excluded


def _changed(ebs: Any, older: Sequence[str], newer: Sequence[str]) -> Sequence[Changed]:
    return [changed(ebs, before, after) for before, after in zip(older, newer, strict=True)]


def _planned(identity: Identity, name: str, disk: CachedSource) -> PlannedDisk:
    return PlannedDisk(
        machine=identity.id,
        disk=name,
        action="read",
        size_gib=round(disk.size / (1 << 30), 2),
        requests=disk.counters.requests + FULL_SCAN_BLOCKS,
    )
