"""The files of a machine as the readers of facts see them, whatever holds them.

A tree is one root file system, read-only: of a disk or snapshot, of a container image, of a host behind SSH, or a
folder. Paths are absolute POSIX text (`/etc/passwd`); bytes that are no UTF-8 are kept by `surrogateescape`.
A tree never leaves its root: links are followed inside it alone, by :func:`resolve`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import BinaryIO, Protocol

import msgspec

from poise.model.errors import NotCollected

MAX_LINKS = 40
"""Links followed before a path counts as a loop, as Linux does (`path_resolution(7)`)."""


class FileKind(StrEnum):
    """What a path names."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    """A device, socket or pipe."""


class FileFacts(msgspec.Struct, frozen=True):
    """What the file system says of a path, without its content."""

    kind: FileKind
    """What it is; a link is not followed."""
    size_bytes: int
    """Length of the content."""
    mode: int
    """Permission bits, setuid, setgid and sticky among them: the low 12 bits of `st_mode`."""
    uid: int
    """Number of the owner."""
    gid: int
    """Number of the owning group."""
    modified: int
    """Time of the last change of its content, seconds since 1970, UTC."""
    has_mode: bool = True
    """False where the file system keeps no Unix owners and modes: these are then 0 and say nothing."""


class Unreadable(NotCollected):
    """A path is there but its content or folder cannot be read."""


class Tree(Protocol):
    """A root file system, read-only."""

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names, or None if there is nothing. A final link is not followed."""
        ...

    def names(self, path: str) -> Sequence[str]:
        """Return the names in a folder, sorted, without `.` and `..`; raises :class:`Unreadable`."""
        ...

    def target(self, path: str) -> str:
        """Return the text of a link; raises :class:`Unreadable`."""
        ...

    def open(self, path: str) -> BinaryIO:
        """Open a file, seekable; links are followed inside the tree; raises :class:`Unreadable`."""
        ...


def read(tree: Tree, path: str, limit_bytes: int = 4 << 20) -> bytes | None:
    """Return the content of a file up to a limit, or None if there is no such file; raises :class:`Unreadable`."""
    real = resolve(tree, path)
    found = real and tree.facts(real)
    if not real or not found or found.kind is not FileKind.FILE:
        return None
    with tree.open(real) as file:
        return file.read(limit_bytes)


def resolve(tree: Tree, path: str) -> str | None:
    """Return the path with every link followed inside the tree, or None where nothing is there.

    `..` above the root stays at the root. Raises :class:`Unreadable` on a loop of links.
    """
    done: list[str] = []
    left = [part for part in reversed(path.split("/")) if part not in ("", ".")]
    links = 0
    while left:
        part = left.pop()
        if part == "..":
            done = done[:-1]
            continue
        here = "/" + "/".join([*done, part])
        found = tree.facts(here)
        if found is None:
            return None
        if found.kind is not FileKind.LINK:
            done.append(part)
            continue
        links += 1
        if links > MAX_LINKS:
            raise Unreadable(path, f"more than {MAX_LINKS} links")
        target = tree.target(here)
        done = [] if target.startswith("/") else done
        left += [p for p in reversed(target.split("/")) if p not in ("", ".")]
    return "/" + "/".join(done)
