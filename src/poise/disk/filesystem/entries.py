"""Entries of the libyal bindings as files: asked for, listed, opened; their faults become `Unreadable`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from poise.disk.filesystem.files import opened
from poise.disk.source.block import BlockUnread
from poise.disk.tree import Unreadable
from poise.disk.volume.libyal import asked

MOST_NAMES = 1_000_000
"""Names in one folder that are read."""


def told(question: Callable[[], Any], about: str) -> Any:
    """Return what a binding answers about a file; its faults become `Unreadable`."""
    try:
        return asked(question, about)
    except BlockUnread as problem:
        raise Unreadable(about, problem.reason) from None


def named(folder: Any, about: str) -> dict[str, int]:
    """Return name -> place below an entry of a binding; raises `Unreadable`."""
    count = told(folder.get_number_of_sub_file_entries, about)
    if count > MOST_NAMES:
        raise Unreadable(about, f"{count:,} names are more than are read")
    return {str(told(lambda: folder.get_sub_file_entry(place).name, about)): place for place in range(count)}  # noqa: B023


def listed(folder: Any, about: str) -> list[str]:
    """Return the names below an entry of a binding, sorted; raises `Unreadable`."""
    return sorted(named(folder, about))


def opened_entry(node: Any, about: str) -> BinaryIO:
    """Open an entry of a binding as a file; raises `Unreadable`."""
    size = told(node.get_size, about)

    def read_at(offset: int, length: int) -> bytes:
        found = bytes(told(lambda: node.read_buffer_at_offset(length, offset), about))
        if len(found) != length:
            raise Unreadable(about, "it ends too early")
        return found

    return opened(about, size, read_at)


def is_utf8(name: str) -> bool:
    """Whether a name can be asked for: the bindings take UTF-8 alone."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
