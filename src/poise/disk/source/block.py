"""What every reader of a disk asks of it: its size, and bytes at an offset. And what a store of blocks gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import msgspec

from poise.model.errors import NotCollected

BLOCK_BYTES = 512 * 1024
"""Size of a block of EBS direct reads (EBS user guide, "Concepts for EBS direct APIs"), used for every source."""


class BlockUnread(NotCollected):
    """A part of a disk could not be read."""


class Excluded(BlockUnread):
    """A machine or disk is not to be touched: its tag says so."""


class BudgetSpent(BlockUnread):
    """A scan may read no more: its bytes or requests are spent."""


class BlockSource(Protocol):
    """A disk, partition or volume, read-only."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, fewer only at the end; raises :class:`BlockUnread`."""
        ...


class BlockStore(Protocol):
    """Blocks of a fixed size that are fetched one by one, from several threads."""

    @property
    def size(self) -> int:
        """Length of the disk in bytes."""
        ...

    @property
    def block_bytes(self) -> int:
        """Length of a block."""
        ...

    def is_written(self, index: int) -> bool:
        """Whether a block may hold anything but zeros: one that was never written costs nothing."""
        ...

    def fetch(self, index: int) -> bytes:
        """Return one block, shorter at the end of the disk; raises :class:`BlockUnread`."""
        ...


class Counters(msgspec.Struct):
    """What reading a disk has cost."""

    blocks_read: int = 0
    """Blocks that were fetched, each counted as often as it was."""
    bytes_read: int = 0
    """Their bytes."""
    requests: int = 0
    """Calls to the source, listings of blocks among them."""

    def add(self, other: Counters) -> None:
        """Add what another disk has cost."""
        self.blocks_read += other.blocks_read
        self.bytes_read += other.bytes_read
        self.requests += other.requests


@dataclass(frozen=True)
class Budget:
    """The most that reading one disk may cost."""

    bytes: int = 16 << 30
    requests: int = 100_000

    def check(self, spent: Counters) -> None:
        """Raise :class:`BudgetSpent` if nothing more may be read."""
        if spent.bytes_read >= self.bytes:
            raise BudgetSpent("disk", f"the budget of {self.bytes:,} bytes is spent")
        if spent.requests >= self.requests:
            raise BudgetSpent("disk", f"the budget of {self.requests:,} requests is spent")


def exactly(source: BlockSource, offset: int, length: int) -> bytes:
    """Return so many bytes; raises :class:`BlockUnread` where the disk ends before."""
    found = source.read(offset, length)
    if len(found) != length:
        raise BlockUnread("disk", f"it ends before byte {offset + length:,}")
    return found


def blocks_of(offset: int, length: int, block_bytes: int) -> Iterable[int]:
    """Return the numbers of the blocks that hold a range."""
    return range(offset // block_bytes, -(-(offset + length) // block_bytes)) if length > 0 else ()
