"""ext2, ext3 and ext4, read-only: only the blocks that a question needs are read.

Checksums are not tested, directories are read in order (no hash tree), the journal is not replayed: whether it needs
to be is a fact of the volume.
"""

from __future__ import annotations

import struct
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Sequence
from typing import BinaryIO

from poise.disk.filesystem import ext_layout as layout
from poise.disk.filesystem.ext_folder import entries
from poise.disk.filesystem.ext_layout import FILE, FOLDER, LINK, Inode
from poise.disk.filesystem.ext_map import BlockMap
from poise.disk.filesystem.files import MOST_AT_ONCE, opened
from poise.disk.source.block import BlockSource, BlockUnread, exactly
from poise.disk.tree import FileFacts, FileKind, Unreadable

KINDS = {FILE: FileKind.FILE, FOLDER: FileKind.FOLDER, LINK: FileKind.LINK}
INODES_AT_ONCE = 4096
"""Bytes of an inode table that are read together."""
MOST_FOLDER_BYTES = 64 << 20
MOST_LINK_BYTES = 4096
"""Longest path (`PATH_MAX`)."""
TABLES_KEPT, FOLDERS_KEPT = 4096, 2048


class Ext:
    """The files of an ext volume. Nodes are numbers of inodes."""

    def __init__(self, source: BlockSource) -> None:
        self._source = source
        self.superblock = layout.superblock(source)
        self._width = self.superblock.block_bytes
        self._map = BlockMap(self._block, self._width)
        self._table_of: dict[int, int] = {}
        self._tables: OrderedDict[int, bytes] = OrderedDict()
        self._folders: OrderedDict[int, dict[str, int]] = OrderedDict()

    def root(self) -> int:
        """Return the inode of the root folder."""
        return layout.ROOT

    def identity(self, node: int) -> Hashable:
        """Return the number of the inode."""
        return node

    def child(self, folder: int, name: str) -> int | None:
        """Return the inode that a name in a folder stands for, or None; raises `Unreadable`."""
        return self._entries(folder).get(name)

    def names(self, folder: int) -> Sequence[str]:
        """Return the names in a folder, sorted; raises `Unreadable`."""
        return sorted(self._entries(folder))

    def facts(self, node: int) -> FileFacts:
        """Return what is known of an inode; raises `Unreadable`."""
        inode = self._inode(node)
        return FileFacts(
            kind=KINDS.get(inode.kind, FileKind.OTHER),
            size_bytes=inode.size,
            mode=inode.mode & 0o7777,
            uid=inode.uid,
            gid=inode.gid,
            modified=inode.modified,
        )

    def target(self, node: int) -> str:
        """Return the text of a link; raises `Unreadable`."""
        inode = self._inode(node)
        if inode.kind != LINK or inode.size > MOST_LINK_BYTES or inode.flags & layout.INODE_ENCRYPTED:
            raise Unreadable(f"inode {node}", "the link is encrypted or damaged")
        is_fast = inode.size < 60 and not inode.flags & (layout.INODE_EXTENTS | layout.INODE_INLINE)
        text = inode.map[: inode.size] if is_fast else self._content(inode, 0, inode.size)
        return text.decode("utf-8", "surrogateescape")

    def open(self, node: int) -> BinaryIO:
        """Open a file; raises `Unreadable`."""
        inode = self._inode(node)
        if inode.kind != FILE:
            raise Unreadable(f"inode {node}", "it is no file")
        if inode.flags & layout.INODE_ENCRYPTED:
            raise Unreadable(f"inode {node}", "the file is encrypted")
        return opened(f"inode {node}", inode.size, lambda offset, length: self._content(inode, offset, length))

    def _entries(self, folder: int) -> dict[str, int]:
        found = self._folders.get(folder)
        if found is not None:
            self._folders.move_to_end(folder)
            return found
        inode = self._inode(folder)
        if inode.kind != FOLDER or inode.size > MOST_FOLDER_BYTES:
            raise Unreadable(f"inode {folder}", "it is no folder, or one of an absurd length")
        if inode.flags & layout.INODE_ENCRYPTED:
            raise Unreadable(f"inode {folder}", "the folder is encrypted: its names are not readable")
        found = self._folders[folder] = dict(self._folder_entries(inode))
        if len(self._folders) > FOLDERS_KEPT:
            self._folders.popitem(last=False)
        return found

    def _folder_entries(self, inode: Inode) -> Iterator[tuple[str, int]]:
        if inode.flags & layout.INODE_INLINE:
            yield from entries(inode.map[4:])
            yield from entries(layout.inline_rest(inode.raw))
            return
        content = self._content(inode, 0, inode.size)
        for start in range(0, len(content), self._width):
            yield from entries(content[start : start + self._width])

    def _inode(self, number: int) -> Inode:
        sizes = self.superblock
        if not 0 < number <= sizes.inodes:
            raise Unreadable(f"inode {number}", "there is no such inode")
        group, index = divmod(number - 1, sizes.inodes_per_group)
        begin = self._inode_table(group) + index * sizes.inode_bytes
        page, inside = begin - begin % INODES_AT_ONCE, begin % INODES_AT_ONCE
        found = self._tables.get(page)
        if found is None:
            left = sizes.blocks * self._width - page
            found = self._tables[page] = self._bytes(page, min(INODES_AT_ONCE, max(left, sizes.inode_bytes)))
            if len(self._tables) > TABLES_KEPT:
                self._tables.popitem(last=False)
        return layout.inode(number, found[inside : inside + sizes.inode_bytes])

    def _inode_table(self, group: int) -> int:
        """Return the byte at which the inodes of a group begin."""
        found = self._table_of.get(group)
        if found is None:
            raw = self._bytes(self._descriptor(group), self.superblock.descriptor_bytes)
            low = struct.unpack_from("<I", raw, 8)[0]
            high = struct.unpack_from("<I", raw, 40)[0] if len(raw) >= 64 else 0
            found = self._table_of[group] = (low | high << 32) * self._width
        return found

    def _descriptor(self, group: int) -> int:
        """Return the byte at which the descriptor of a group lies."""
        sizes = self.superblock
        if group >= sizes.groups:
            raise Unreadable(f"group {group}", "there is no such group of blocks")
        per_block = self._width // sizes.descriptor_bytes
        table, index = divmod(group, per_block)
        block = (1 if self._width == 1024 else 0) + 1 + table
        if sizes.incompatible & layout.META_BG and table >= sizes.first_meta_group:
            first = table * per_block
            block = sizes.first_block + first * sizes.blocks_per_group + sizes.has_backup(first)
        return block * self._width + index * sizes.descriptor_bytes

    def _content(self, inode: Inode, offset: int, length: int) -> bytes:
        """Return bytes of a file, folder or link; holes are zeros; raises `Unreadable`."""
        length = max(0, min(length, inode.size - offset))
        if length > MOST_AT_ONCE:
            raise Unreadable(f"inode {inode.number}", f"{length:,} bytes are more than are read at once")
        if inode.flags & layout.INODE_INLINE:
            return (inode.map + layout.inline_rest(inode.raw))[offset : offset + length]
        return b"".join(self._pieces(inode, offset, length))

    def _pieces(self, inode: Inode, offset: int, length: int) -> Iterator[bytes]:
        while length > 0:
            logical, inside = divmod(offset, self._width)
            run = self._map.run(inode, logical)
            count = min(length, run.length * self._width - inside)
            yield bytes(count) if run.physical is None else self._bytes(run.physical * self._width + inside, count)
            offset, length = offset + count, length - count

    def _block(self, number: int) -> bytes:
        return self._bytes(number * self._width, self._width)

    def _bytes(self, offset: int, length: int) -> bytes:
        if offset + length > self.superblock.blocks * self._width:
            raise Unreadable("disk", f"byte {offset:,} lies outside of the volume")
        try:
            return exactly(self._source, offset, length)
        except BlockUnread as problem:
            raise Unreadable("disk", problem.reason) from None
