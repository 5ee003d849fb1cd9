"""Several runs of bytes that take turns: a striped segment of a logical volume."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from poise.disk.source.block import BlockSource, BlockUnread


class Stripes:
    """Runs of bytes, each given by a source and an offset; stripe 0 is on the first, stripe 1 on the second."""

    def __init__(self, places: Sequence[tuple[BlockSource, int]], stripe_bytes: int, size: int) -> None:
        self._places = places
        self._width = stripe_bytes
        self.size = size

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, fewer only at the end; raises `BlockUnread`."""
        length = min(length, self.size - offset)
        return b"".join(self._read(offset, length)) if length > 0 and offset >= 0 else b""

    def _read(self, offset: int, length: int) -> Iterator[bytes]:
        while length > 0:
            stripe, inside = divmod(offset, self._width)
            row, column = divmod(stripe, len(self._places))
            source, begin = self._places[column]
            wanted = min(length, self._width - inside)
            found = source.read(begin + row * self._width + inside, wanted)
            if len(found) != wanted:
                raise BlockUnread("disk", "a stripe ends too early")
            yield found
            offset, length = offset + wanted, length - wanted
