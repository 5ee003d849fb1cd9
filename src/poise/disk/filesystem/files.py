"""What a file system gives, node by node; paths, links and mounts are the matter of :mod:`poise.disk.machine_tree`."""

from __future__ import annotations

import io
from collections.abc import Callable, Hashable, Sequence
from typing import Any, BinaryIO, Protocol, cast

from poise.disk.tree import FileFacts, Unreadable

Node = Any
"""A file or folder, as its file system names it: an inode, an entry, a path."""
MOST_AT_ONCE = 256 << 20
"""Bytes that one read may return: files of absurd length are read in parts or not at all."""


class FileSystem(Protocol):
    """The files of one volume, read-only. Every method but `root` and `identity` may raise `Unreadable`."""

    def root(self) -> Node:
        """Return its root folder."""
        ...

    def identity(self, node: Node) -> Hashable:
        """Return what tells a node from every other of the volume."""
        ...

    def child(self, folder: Node, name: str) -> Node | None:
        """Return what a name in a folder stands for, or None."""
        ...

    def facts(self, node: Node) -> FileFacts:
        """Return what is known of a node."""
        ...

    def names(self, folder: Node) -> Sequence[str]:
        """Return the names in a folder, sorted."""
        ...

    def target(self, node: Node) -> str:
        """Return the text of a link."""
        ...

    def open(self, node: Node) -> BinaryIO:
        """Open a file, seekable."""
        ...


ReadAt = Callable[[int, int], bytes]
"""Returns the bytes at (offset, length) of a file; raises `Unreadable`."""


class OpenFile(io.RawIOBase):
    """An open file whose bytes are fetched when they are read."""

    def __init__(self, path: str, size: int, read_at: ReadAt) -> None:
        self._path = path
        self._size = size
        self._read_at = read_at
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

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if begin + offset < 0:
            raise ValueError("a place before the begin of the file")
        self._place = begin + offset
        return self._place

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes; raises `Unreadable`."""
        left = max(0, self._size - self._place)
        wanted = left if size is None or size < 0 else min(size, left)
        if wanted > MOST_AT_ONCE:
            raise Unreadable(self._path, f"{wanted:,} bytes are more than are read at once")
        found = self._read_at(self._place, wanted) if wanted else b""
        self._place += len(found)
        return found

    def readall(self) -> bytes:
        """Return all that is left; raises `Unreadable`."""
        return self.read(-1)

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with the next bytes; raises `Unreadable`."""
        view = memoryview(buffer).cast("B")
        found = self.read(len(view))
        view[: len(found)] = found
        return len(found)


def opened(path: str, size: int, read_at: ReadAt) -> BinaryIO:
    """Return an open file of a length whose bytes are given by a function."""
    return cast("BinaryIO", OpenFile(path, size, read_at))
