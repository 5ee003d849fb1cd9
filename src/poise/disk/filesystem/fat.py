"""FAT12, FAT16 and FAT32 through libfsfat. It knows no owners, modes or links: what judges these is told so."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import UTC
from typing import Any, BinaryIO

from poise.disk.filesystem.entries import is_utf8, listed, opened_entry, told
from poise.disk.source.block import BlockSource
from poise.disk.tree import FileFacts, FileKind, Unreadable
from poise.disk.volume.libyal import asked
from poise.disk.volume.window import Stream

FOLDER_FLAG = 0x10


class Fat:
    """The files of a FAT volume. Nodes are entries of the binding."""

    def __init__(self, source: BlockSource) -> None:
        import pyfsfat

        self._volume = pyfsfat.volume()
        asked(lambda: self._volume.open_file_object(Stream(source)), "FAT volume")
        self.label = str(asked(self._volume.get_label, "FAT volume") or "").strip()

    def root(self) -> Any:
        """Return the root folder."""
        return told(self._volume.get_root_directory, "FAT root")

    def identity(self, node: Any) -> Hashable:
        """Return the place of the entry."""
        return int(told(node.get_identifier, "FAT entry") or 0)

    def child(self, folder: Any, name: str) -> Any | None:
        """Return what a name in a folder stands for, whatever its case, or None; raises `Unreadable`."""
        if not is_utf8(name):
            return None
        wanted = name.casefold()
        for place in range(told(folder.get_number_of_sub_file_entries, name)):
            entry = told(lambda: folder.get_sub_file_entry(place), name)  # noqa: B023
            if str(told(lambda: entry.name, name)).casefold() == wanted:  # noqa: B023
                return entry
        return None

    def facts(self, node: Any) -> FileFacts:
        """Return what is known of an entry; raises `Unreadable`."""
        flags = told(node.get_file_attribute_flags, "FAT entry")
        is_folder = flags is None or bool(flags & FOLDER_FLAG)  # the root folder has no entry, and so no flags
        size = 0 if is_folder else told(node.get_size, "FAT entry")
        changed = told(node.get_modification_time, "FAT entry")
        modified = int(changed.replace(tzinfo=UTC).timestamp()) if changed else 0
        kind = FileKind.FOLDER if is_folder else FileKind.FILE
        return FileFacts(kind, size, mode=0, uid=0, gid=0, modified=modified, has_mode=False)

    def names(self, folder: Any) -> Sequence[str]:
        """Return the names in a folder, sorted; raises `Unreadable`."""
        return [name for name in listed(folder, "FAT folder") if name not in (".", "..")]

    def target(self, node: Any) -> str:
        """Raise `Unreadable`: FAT has no links."""
        raise Unreadable("FAT entry", "it is no link")

    def open(self, node: Any) -> BinaryIO:
        """Open a file; raises `Unreadable`."""
        return opened_entry(node, "FAT file")
