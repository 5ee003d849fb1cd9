"""NTFS through libfsntfs. Names are found without regard to case. It knows no Unix owners or modes, and says so."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Any, BinaryIO

from poise.disk.filesystem.entries import is_utf8, listed, opened_entry, told
from poise.disk.source.block import BlockSource
from poise.disk.tree import FileFacts, FileKind, Unreadable
from poise.disk.volume.libyal import asked
from poise.disk.volume.window import Stream

EPOCH_S, TICKS = 11_644_473_600, 10_000_000
"""Seconds from 1601 to 1970, and units of a Windows time in a second."""
REPARSE_POINT = 0x400
DRIVE = re.compile(r"^(\\\\\?\\|\\\?\?\\)?[A-Za-z]:")


class Ntfs:
    """The files of an NTFS volume. Nodes are a path with the entry of the binding."""

    def __init__(self, source: BlockSource) -> None:
        import pyfsntfs

        self._volume = pyfsntfs.volume()
        asked(lambda: self._volume.open_file_object(Stream(source)), "NTFS volume")
        self.label = str(asked(self._volume.get_name, "NTFS volume") or "")
        self.serial = f"{asked(self._volume.get_serial_number, 'NTFS volume'):016x}"

    def root(self) -> tuple[str, Any]:
        """Return the root folder."""
        return "", told(self._volume.get_root_directory, "NTFS root")

    def identity(self, node: tuple[str, Any]) -> Hashable:
        """Return the number of the entry in the master file table."""
        return int(told(node[1].get_file_reference, node[0]))

    def child(self, folder: tuple[str, Any], name: str) -> tuple[str, Any] | None:
        """Return what a name in a folder stands for, or None; raises `Unreadable`."""
        if "\\" in name or not is_utf8(name):
            return None
        path = f"{folder[0]}\\{name}"
        entry = told(lambda: self._volume.get_file_entry_by_path(path), path)
        return None if entry is None else (path, entry)

    def facts(self, node: tuple[str, Any]) -> FileFacts:
        """Return what is known of an entry; raises `Unreadable`."""
        path, entry = node
        is_folder = told(entry.has_directory_entries_index, path)
        size = 0 if is_folder else told(entry.get_size, path)
        ticks = told(entry.get_modification_time_as_integer, path)
        modified = ticks // TICKS - EPOCH_S
        return FileFacts(_kind(node, is_folder), size, mode=0, uid=0, gid=0, modified=modified, has_mode=False)

    def names(self, folder: tuple[str, Any]) -> Sequence[str]:
        """Return the names in a folder, sorted; raises `Unreadable`."""
        return [name for name in listed(folder[1], folder[0] or "NTFS root") if name != "."]

    def target(self, node: tuple[str, Any]) -> str:
        """Return where a link or junction leads, as a path of this tree; raises `Unreadable`."""
        text = _target(node)
        if text is None:
            raise Unreadable(node[0], "it is no link")
        return DRIVE.sub("", text).replace("\\", "/")

    def open(self, node: tuple[str, Any]) -> BinaryIO:
        """Open the unnamed stream of a file; raises `Unreadable`."""
        return opened_entry(node[1], node[0])


def _kind(node: tuple[str, Any], is_folder: bool) -> FileKind:
    if told(node[1].get_file_attribute_flags, node[0]) & REPARSE_POINT and _target(node):
        return FileKind.LINK
    return FileKind.FOLDER if is_folder else FileKind.FILE


def _target(node: tuple[str, Any]) -> str | None:
    found = told(node[1].get_symbolic_link_target, node[0])
    return None if found is None else str(found)
