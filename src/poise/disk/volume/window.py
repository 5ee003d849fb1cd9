"""A part of a disk seen as a disk: a partition, a logical volume of several pieces, what a container unpacks."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from poise.disk.source.block import BlockSource, BlockUnread


@dataclass(frozen=True)
class Piece:
    """A run of bytes of a window, and where it lies."""

    start: int
    """Offset in the window."""
    length: int
    source: BlockSource
    offset: int
    """Offset in the source."""


class Window:
    """Pieces in order of their start, without holes."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self.size = pieces[-1].start + pieces[-1].length if pieces else 0

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, fewer only at the end; raises `BlockUnread`."""
        length = min(length, self.size - offset)
        if length <= 0 or offset < 0:
            return b""
        found = list(self._read(offset, length))
        return found[0] if len(found) == 1 else b"".join(found)

    def _read(self, offset: int, length: int) -> Iterable[bytes]:
        place = bisect_right(self._starts, offset) - 1
        while length > 0:
            piece = self._pieces[place]
            inside = offset - piece.start
            wanted = min(length, piece.length - inside)
            found = piece.source.read(piece.offset + inside, wanted)
            if len(found) != wanted:
                raise BlockUnread("disk", f"it ends before byte {piece.offset + inside + wanted:,} of a volume")
            yield found
            offset, length, place = offset + wanted, length - wanted, place + 1


def window(source: BlockSource, offset: int, length: int) -> Window:
    """Return one run of bytes of a source as a disk; raises `BlockUnread` if the source has none of it."""
    if offset < 0 or length <= 0 or offset >= source.size:
        raise BlockUnread("disk", f"a volume at byte {offset:,} lies outside of the disk")
    return Window([Piece(0, length, source, offset)])


class Stream(io.RawIOBase):
    """A disk as a Python file, for the libyal bindings."""

    def __init__(self, source: BlockSource) -> None:
        self._source = source
        self._place = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._place

    def get_size(self) -> int:
        """Return the length, as libyal asks for it."""
        return self._source.size

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._source.size}[whence]
        self._place = max(0, begin + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        wanted = self._source.size - self._place if size is None or size < 0 else size
        found = self._source.read(self._place, wanted)
        self._place += len(found)
        return found

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes."""
        view = memoryview(buffer).cast("B")
        found = self.read(len(view))
        view[: len(found)] = found
        return len(found)
