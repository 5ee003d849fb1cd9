"""The entries of one block of an ext folder. Nodes of the hash tree look like empty entries and are passed over."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from poise.disk.tree import Unreadable

CHECKSUM_TAIL = 0xDE
"""Kind of the entry that holds the checksum of a block."""
WHOLE_BLOCK = (0, 0xFFFF)
"""Lengths that stand for 65,536 in folders of such blocks."""


def entries(block: bytes) -> Iterator[tuple[str, int]]:
    """Yield name and inode of each entry, `.` and `..` left out; raises `Unreadable` where a length is impossible."""
    place, size = 0, len(block)
    while place + 8 <= size:
        number, length, name_length, kind = struct.unpack_from("<IHBB", block, place)
        if length in WHOLE_BLOCK and size == 65536:
            length = size - place
        if length < 8 or place + length > size or (number and 8 + name_length > length):
            raise Unreadable("folder", "an entry of a folder is damaged")
        name = block[place + 8 : place + 8 + name_length]
        if (
            number
            and kind != CHECKSUM_TAIL
            and name not in (b".", b"..", b"")
            and b"/" not in name
            and b"\0" not in name
        ):
            yield name.decode("utf-8", "surrogateescape"), number
        place += length
