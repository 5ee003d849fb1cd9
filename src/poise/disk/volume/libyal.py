"""The libyal bindings behind our protocols: their errors become ours, and what they open is what they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poise.disk.source.block import BlockUnread

FAULTS = (OSError, MemoryError, ValueError, OverflowError, TypeError, RuntimeError, SystemError)
"""What the bindings raise on damaged input."""


def asked(question: Callable[[], Any], about: str) -> Any:
    """Return what a binding answers; its faults become :class:`BlockUnread` about something."""
    try:
        return question()
    except BlockUnread:
        raise
    except FAULTS as problem:
        raise BlockUnread(
            "disk", f"{about}: {str(problem).splitlines()[0][:200] if str(problem) else 'damaged'}"
        ) from None


class Unpacked:
    """A disk that a binding unpacks."""

    def __init__(self, handle: Any, size: int, about: str) -> None:
        self._handle = handle
        self._about = about
        self.size = size

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, fewer only at the end; raises `BlockUnread`."""
        length = min(length, self.size - offset)
        if length <= 0 or offset < 0:
            return b""
        found: list[bytes] = []
        while length > 0:
            piece = bytes(asked(lambda: self._handle.read_buffer_at_offset(length, offset), self._about))  # noqa: B023
            if not piece:
                raise BlockUnread("disk", f"{self._about}: it ends before byte {offset + length:,}")
            found.append(piece)
            offset, length = offset + len(piece), length - len(piece)
        return found[0] if len(found) == 1 else b"".join(found)
