"""Reads the listing that a host gives of its paths, in the form of GNU `find` or of `stat`."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

import msgspec

from poise.disk.tree import FileFacts, FileKind
from poise.model.errors import BadInput

_KINDS = {b"f": FileKind.FILE, b"d": FileKind.FOLDER, b"l": FileKind.LINK}


class Entry(msgspec.Struct, frozen=True):
    """One path."""

    path: str
    """Absolute path."""
    facts: FileFacts
    """What it is."""
    target: str | None
    """Text of a link; None if it is none, or the host does not say."""


def entries(listing: bytes, most: int) -> Iterator[Entry]:
    """Yield every path of a listing; raises :class:`BadInput` if it cannot be understood or has too many."""
    form, _, body = listing.partition(b"\n")
    if form not in (b"gnu", b"stat"):
        raise BadInput("The host's listing has no known form.")
    found = _gnu(body) if form == b"gnu" else _stat(body)
    for number, entry in enumerate(found):
        if number >= most:
            raise BadInput(f"The host has more than {most:,} paths.")
        yield entry


def _gnu(body: bytes) -> Iterator[Entry]:
    """Read kind, mode, owner, group, size and time; path; target: each ended by NUL."""
    parts = body.split(b"\0")
    for at in range(0, len(parts) - 3, 3):
        head, path, target = parts[at : at + 3]
        words = head.split()
        if len(words) != 6:
            raise BadInput("The host's listing is cut off or mixed up.")
        kind = _KINDS.get(words[0], FileKind.OTHER)
        mode, uid, gid, size, modified = (_number(word, 8 if n == 0 else 10) for n, word in enumerate(words[1:]))
        facts = FileFacts(kind=kind, size_bytes=size, mode=mode, uid=uid, gid=gid, modified=modified)
        yield Entry(os.fsdecode(path), facts, os.fsdecode(target) if kind is FileKind.LINK else None)


def _stat(body: bytes) -> Iterator[Entry]:
    """Read lines of raw mode in hexadecimal digits, owner, group, size, time, path.

    A path with a line break cannot be told from two lines and is left out.
    """
    for line in body.split(b"\n"):
        words = line.split(b" ", 5)
        if len(words) != 6 or not words[5].startswith(b"/"):
            continue
        mode, uid, gid, size, modified = (_number(word, 16 if n == 0 else 10) for n, word in enumerate(words[:5]))
        kind = _kind(mode)
        facts = FileFacts(kind=kind, size_bytes=size, mode=stat.S_IMODE(mode), uid=uid, gid=gid, modified=modified)
        yield Entry(os.fsdecode(words[5]), facts, None)


def _kind(mode: int) -> FileKind:
    if stat.S_ISREG(mode):
        return FileKind.FILE
    if stat.S_ISDIR(mode):
        return FileKind.FOLDER
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.OTHER


def _number(word: bytes, radix: int) -> int:
    try:
        return int(word, radix)
    except ValueError as problem:
        raise BadInput(f"The host's listing holds {word[:40]!r} where a number belongs.") from problem
