"""From a block of a file to the block of the volume: extent trees of ext4, pointers of ext2 and ext3."""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from poise.disk.filesystem.ext_layout import INODE_EXTENTS, Inode
from poise.disk.tree import Unreadable

EXTENT_MAGIC = 0xF30A
MOST_LEVELS = 5
"""Levels of an extent tree (`EXT4_MAX_EXTENT_DEPTH`)."""
UNWRITTEN = 32768
"""A longer extent is reserved and reads as zeros."""
ENDLESS = 1 << 32
DIRECT = 12
MOST_KEPT = 256

ReadBlock = Callable[[int], bytes]
"""Returns one block of the volume."""


class Run(NamedTuple):
    """Blocks of a file in order."""

    physical: int | None
    """The first one on the volume; None for zeros."""
    length: int


class BlockMap:
    """Looks blocks up, and keeps the nodes it has read."""

    def __init__(self, read_block: ReadBlock, block_bytes: int) -> None:
        self._read_block = read_block
        self._per_block = block_bytes // 4
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def run(self, inode: Inode, logical: int) -> Run:
        """Return where a block of a file lies, and how many follow it; raises `Unreadable`."""
        if inode.flags & INODE_EXTENTS:
            return self._extent(inode.map, logical)
        return self._pointer(inode.map, logical)

    def _node(self, block: int) -> bytes:
        found = self._kept.get(block)
        if found is None:
            found = self._kept[block] = self._read_block(block)
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found

    def _extent(self, node: bytes, logical: int) -> Run:
        end, level = ENDLESS, MOST_LEVELS + 1
        while True:
            magic, count, _, depth = struct.unpack_from("<HHHH", node, 0)
            if magic != EXTENT_MAGIC or depth >= level or 12 + 12 * count > len(node):
                raise Unreadable("extents", "an extent tree is damaged")
            place, end = _search(node, count, logical, end)
            if place < 0:
                return Run(None, end - logical)
            if depth == 0:
                return _leaf(node, place, logical, end)
            low, high = struct.unpack_from("<IH", node, 16 + 12 * place)
            node, level = self._node(low | high << 32), depth

    def _pointer(self, pointers: bytes, logical: int) -> Run:
        if logical < DIRECT:
            return _pointed(pointers, logical, DIRECT)
        left, levels, span = logical - DIRECT, 1, self._per_block
        while left >= span and levels < 4:
            left, levels, span = left - span, levels + 1, span * self._per_block
        if levels > 3:
            raise Unreadable("blocks", "a block lies beyond the reach of an inode")
        block = struct.unpack_from("<I", pointers, 4 * (DIRECT + levels - 1))[0]
        while levels:
            span //= self._per_block
            if not block:
                return Run(None, span * self._per_block - left % (span * self._per_block))
            node, (place, left) = self._node(block), divmod(left, span)
            if levels == 1:
                return _pointed(node, place, self._per_block)
            block, levels = struct.unpack_from("<I", node, 4 * place)[0], levels - 1
        raise Unreadable("blocks", "a block map is damaged")


def _search(node: bytes, count: int, logical: int, end: int) -> tuple[int, int]:
    """Return the last entry that begins at or before a block, and where the next one begins."""
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        begin = struct.unpack_from("<I", node, 12 + 12 * middle)[0]
        if begin <= logical:
            low = middle + 1
        else:
            high, end = middle, min(end, begin)
    return low - 1, max(end, logical + 1)


def _leaf(node: bytes, place: int, logical: int, end: int) -> Run:
    begin, length, start_high, start_low = struct.unpack_from("<IHHI", node, 12 + 12 * place)
    written = length if length <= UNWRITTEN else length - UNWRITTEN
    inside = logical - begin
    if inside >= written:
        return Run(None, end - logical)
    if length > UNWRITTEN:
        return Run(None, written - inside)
    return Run((start_low | start_high << 32) + inside, written - inside)


def _pointed(pointers: bytes, place: int, count: int) -> Run:
    """Return the run of blocks that pointers name from a place on."""
    first = struct.unpack_from("<I", pointers, 4 * place)[0]
    length, step = 1, 1 if first else 0
    while place + length < count:
        following = struct.unpack_from("<I", pointers, 4 * (place + length))[0]
        if following != first + length * step:
            break
        length += 1
    return Run(first or None, length)
