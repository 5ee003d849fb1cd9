"""XFS through libfsxfs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Any, BinaryIO

from poise.disk.filesystem.entries import named, opened_entry, told
from poise.disk.source.block import BlockSource
from poise.disk.tree import FileFacts, FileKind
from poise.disk.volume.libyal import asked
from poise.disk.volume.window import Stream

KINDS = {0x8000: FileKind.FILE, 0x4000: FileKind.FOLDER, 0xA000: FileKind.LINK}
NANOSECONDS = 1_000_000_000
FOLDERS_KEPT = 512


class Xfs:
    """The files of an XFS volume. Nodes are entries of the binding."""

    def __init__(self, source: BlockSource) -> None:
        import pyfsxfs

        self._volume = pyfsxfs.volume()
        asked(lambda: self._volume.open_file_object(Stream(source)), "XFS volume")
        self.label = str(asked(self._volume.get_label, "XFS volume") or "")
        self._folders: OrderedDict[Hashable, dict[str, int]] = OrderedDict()

    def root(self) -> Any:
        """Return the root folder."""
        return told(self._volume.get_root_directory, "XFS root")

    def identity(self, node: Any) -> Hashable:
        """Return the number of the inode."""
        return int(told(node.get_inode_number, "XFS inode"))

    def child(self, folder: Any, name: str) -> Any | None:
        """Return what a name in a folder stands for, or None; raises `Unreadable`."""
        place = self._places(folder).get(name)
        return None if place is None else told(lambda: folder.get_sub_file_entry(place), name)

    def facts(self, node: Any) -> FileFacts:
        """Return what is known of an entry; raises `Unreadable`."""
        mode = told(node.get_file_mode, "XFS inode")
        return FileFacts(
            kind=KINDS.get(mode & 0xF000, FileKind.OTHER),
            size_bytes=told(node.get_size, "XFS inode"),
            mode=mode & 0o7777,
            uid=told(node.get_owner_identifier, "XFS inode"),
            gid=told(node.get_group_identifier, "XFS inode"),
            modified=told(node.get_modification_time_as_integer, "XFS inode") // NANOSECONDS,
        )

    def names(self, folder: Any) -> Sequence[str]:
        """Return the names in a folder, sorted; raises `Unreadable`."""
        return sorted(self._places(folder))

    def _places(self, folder: Any) -> dict[str, int]:
        """Return name -> place in the folder: the binding's own search by name finds nothing in small folders."""
        inode = self.identity(folder)
        found = self._folders.get(inode)
        if found is None:
            found = self._folders[inode] = named(folder, "XFS folder")
            if len(self._folders) > FOLDERS_KEPT:
                self._folders.popitem(last=False)
        return found

    def target(self, node: Any) -> str:
        """Return the text of a link; raises `Unreadable`."""
        return str(told(node.get_symbolic_link_target, "XFS link") or "")

    def open(self, node: Any) -> BinaryIO:
        """Open a file; raises `Unreadable`."""
        return opened_entry(node, "XFS file")
