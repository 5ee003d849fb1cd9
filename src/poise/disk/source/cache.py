"""Reads a store of blocks through a cache: each block once, several at once, never beyond the budget."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future

from poise.disk.source.block import BlockStore, BlockUnread, Budget, Counters, blocks_of

MOST_AHEAD = 64
"""Blocks that are asked for before they are needed, at most."""
READ_AHEAD = 4
"""Blocks that are fetched behind a run of blocks read in order."""
RUN = 3
"""Blocks in order that make a run."""


class CachedSource:
    """A disk over a store of blocks.

    With a pool, the blocks of one read are fetched side by side, as are those that :meth:`prefetch` names; without
    one (a local file) there is nothing to win. ``hint`` is told of such blocks where somebody else has the pool.
    """

    def __init__(
        self,
        store: BlockStore,
        budget: Budget | None = None,
        pool: Executor | None = None,
        *,
        blocks_kept: int = MOST_AHEAD * 2,
        hint: Callable[[Sequence[int]], None] | None = None,
    ) -> None:
        self._store = store
        self.budget = budget or Budget()
        """The most that may be read."""
        self._pool = pool
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._hint = hint
        self._most_kept = blocks_kept
        self._coming: dict[int, Future[bytes]] = {}
        self._lock = threading.Lock()
        self._last, self._run = -2, 0
        self.origin: str = getattr(store, "snapshot", "")
        """Snapshot that the blocks are of; empty for other stores."""
        self.asked: set[int] = set()
        """Blocks that :meth:`read_block` was asked for, written or not: all that the reader can know of the disk."""
        self.is_refused = False
        """Whether one of them could not be read."""
        self.counters = Counters(requests=getattr(store, "requests", 0))

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._store.size

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, fewer only at the end; raises `BlockUnread`."""
        length = min(length, self.size - offset)
        if length <= 0 or offset < 0:
            return b""
        width = self._store.block_bytes
        first, last = offset // width, (offset + length - 1) // width
        if first == last:
            start = offset - first * width
            return self._block(first)[start : start + length]
        self.prefetch(range(first, last + 1))
        pieces = [self._block(index) for index in range(first, last + 1)]
        pieces[0] = pieces[0][offset - first * width :]
        pieces[-1] = pieces[-1][: offset + length - last * width]
        return b"".join(pieces)

    def read_block(self, index: int) -> bytes | None:
        """Return one block, or None if it was never written; raises `BlockUnread`."""
        self.asked.add(index)
        try:
            return self._block(index) if self._store.is_written(index) else None
        except BlockUnread:
            self.is_refused = True
            raise

    def prefetch_ranges(self, ranges: Iterable[tuple[int, int]]) -> None:
        """Begin to fetch ranges of (offset, length)."""
        width = self._store.block_bytes
        self.prefetch(index for offset, length in ranges for index in blocks_of(offset, length, width))

    def prefetch(self, indexes: Iterable[int]) -> None:
        """Begin to fetch blocks that will be read, as far as the pool, the bounds and the budget allow."""
        if self._hint is not None:
            self._hint([index for index in indexes if index not in self._kept][:MOST_AHEAD])
        if self._pool is None:
            return
        most = -(-self.size // self._store.block_bytes)
        for index in indexes:
            if len(self._coming) >= MOST_AHEAD:
                return
            known = index in self._kept or index in self._coming
            if known or not 0 <= index < most or not self._store.is_written(index):
                continue
            if not self._may_ask():
                return
            self._coming[index] = self._pool.submit(self._fetch, index)

    def _may_ask(self) -> bool:
        coming = len(self._coming)
        spent = self.counters.bytes_read + coming * self._store.block_bytes
        return spent < self.budget.bytes and self.counters.requests + coming < self.budget.requests

    def _block(self, index: int) -> bytes:
        found = self._kept.get(index)
        if found is not None:
            self._kept.move_to_end(index)
            return found
        if not self._store.is_written(index):
            return bytes(min(self._store.block_bytes, self.size - index * self._store.block_bytes))
        coming = self._coming.get(index)
        try:
            block = coming.result() if coming else self._fetch(index)
        finally:
            self._coming.pop(index, None)
        self._kept[index] = block
        while len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)
        self._follow(index)
        return block

    def _follow(self, index: int) -> None:
        """Fetch ahead where blocks are read in order."""
        self._run = self._run + 1 if index == self._last + 1 else 0
        self._last = index
        if self._run >= RUN:
            self.prefetch(range(index + 1, index + 1 + READ_AHEAD))

    def _fetch(self, index: int) -> bytes:
        with self._lock:
            self.budget.check(self.counters)
            self.counters.requests += 1
        block = self._store.fetch(index)
        with self._lock:
            self.counters.blocks_read += 1
            self.counters.bytes_read += len(block)
        return block
