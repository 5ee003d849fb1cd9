"""The structures of ext2, ext3 and ext4 (kernel documentation, "ext4 Data Structures and Algorithms")."""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass

from poise.disk.source.block import BlockSource, exactly
from poise.model.errors import BadInput

MAGIC = 0xEF53
JOURNAL_COMPAT = 0x4
SPARSE_SUPER2 = 0x200
FILETYPE, RECOVER, META_BG, EXTENTS, IS_64BIT = 0x2, 0x4, 0x10, 0x40, 0x80
MMP, FLEX_BG, EA_INODE, CSUM_SEED = 0x100, 0x200, 0x400, 0x2000
LARGEDIR, INLINE_DATA, ENCRYPT, CASEFOLD = 0x4000, 0x8000, 0x10000, 0x20000
READABLE = (
    FILETYPE | RECOVER | META_BG | EXTENTS | IS_64BIT | MMP | FLEX_BG | EA_INODE | CSUM_SEED
    | LARGEDIR | INLINE_DATA | ENCRYPT | CASEFOLD
)  # fmt: skip
"""Incompatible features that a reader of files can live with."""
SPARSE_SUPER, METADATA_CSUM = 0x1, 0x400

INODE_ENCRYPTED, INODE_EXTENTS, INODE_EA, INODE_INLINE, INODE_CASEFOLD = (
    0x800,
    0x80000,
    0x200000,
    0x10000000,
    0x40000000,
)
KIND_MASK, FOLDER, FILE, LINK = 0xF000, 0x4000, 0x8000, 0xA000
ROOT = 2
"""Number of the root folder's inode."""


@dataclass(frozen=True)
class Superblock:
    """What the superblock says."""

    block_bytes: int
    blocks: int
    inodes: int
    first_block: int
    blocks_per_group: int
    inodes_per_group: int
    inode_bytes: int
    descriptor_bytes: int
    compatible: int
    incompatible: int
    read_only_compatible: int
    first_meta_group: int
    backup_groups: tuple[int, int]
    uuid: str
    label: str

    @property
    def groups(self) -> int:
        """Number of block groups."""
        return -(-(self.blocks - self.first_block) // self.blocks_per_group)

    @property
    def needs_recovery(self) -> bool:
        """Whether the journal holds changes that are not in the files yet."""
        return bool(self.incompatible & RECOVER)

    @property
    def generation(self) -> str:
        """`ext2`, `ext3` or `ext4`, by the features it uses."""
        if self.incompatible & (EXTENTS | IS_64BIT | FLEX_BG | INLINE_DATA | META_BG):
            return "ext4"
        return "ext3" if self.compatible & JOURNAL_COMPAT else "ext2"

    def has_backup(self, group: int) -> bool:
        """Whether a group begins with a copy of the superblock."""
        if group == 0:
            return True
        if self.compatible & SPARSE_SUPER2:
            return group in self.backup_groups
        if group == 1 or not self.read_only_compatible & SPARSE_SUPER:
            return True
        return group % 2 == 1 and any(_is_power(group, number) for number in (3, 5, 7))


def is_ext(source: BlockSource) -> bool:
    """Whether a volume has the magic number of ext."""
    return source.read(1080, 2) == MAGIC.to_bytes(2, "little")


def superblock(source: BlockSource) -> Superblock:
    """Read the superblock; raises :class:`BadInput` where its numbers make no sense, `BlockUnread`."""
    raw = exactly(source, 1024, 1024)
    inodes, blocks_low = struct.unpack_from("<II", raw, 0)
    first_block, shift = struct.unpack_from("<II", raw, 20)
    blocks_per_group, _, inodes_per_group = struct.unpack_from("<III", raw, 32)
    magic = struct.unpack_from("<H", raw, 56)[0]
    revision = struct.unpack_from("<I", raw, 76)[0]
    features = struct.unpack_from("<III", raw, 92) if revision else (0, 0, 0)
    if magic != MAGIC or shift > 6:
        raise BadInput("the ext superblock is damaged")
    is_wide = bool(features[1] & IS_64BIT)
    blocks_high = struct.unpack_from("<I", raw, 336)[0] if is_wide else 0
    found = Superblock(
        block_bytes=1024 << shift,
        blocks=blocks_low | blocks_high << 32,
        inodes=inodes,
        first_block=first_block,
        blocks_per_group=blocks_per_group,
        inodes_per_group=inodes_per_group,
        inode_bytes=struct.unpack_from("<H", raw, 88)[0] if revision else 128,
        descriptor_bytes=struct.unpack_from("<H", raw, 254)[0] if is_wide else 32,
        compatible=features[0],
        incompatible=features[1],
        read_only_compatible=features[2],
        first_meta_group=struct.unpack_from("<I", raw, 260)[0],
        backup_groups=struct.unpack_from("<II", raw, 588),
        uuid=str(uuid.UUID(bytes=raw[104:120])),
        label=raw[120:136].split(b"\0")[0].decode("utf-8", "replace"),
    )
    _require_sense(found)
    return found


def _require_sense(found: Superblock) -> None:
    unknown = found.incompatible & ~READABLE
    if unknown:
        raise BadInput(f"ext features {unknown:#x} are unsupported")
    is_inode_size = (
        128 <= found.inode_bytes <= min(found.block_bytes, 4096) and found.inode_bytes & (found.inode_bytes - 1) == 0
    )
    is_descriptor_size = 32 <= found.descriptor_bytes <= 1024 and found.descriptor_bytes % 8 == 0
    most_per_group = found.block_bytes * 8
    has_counts = 0 < found.inodes_per_group <= most_per_group and found.blocks_per_group > 0
    if not (is_inode_size and is_descriptor_size and has_counts and found.blocks > found.first_block and found.inodes):
        raise BadInput("the ext superblock has impossible numbers")


def _is_power(number: int, root: int) -> bool:
    while number % root == 0:
        number //= root
    return number == 1


@dataclass(frozen=True, slots=True)
class Inode:
    """A file, folder or link."""

    number: int
    mode: int
    uid: int
    gid: int
    size: int
    modified: int
    flags: int
    map: bytes
    """Its 60 bytes of extents, pointers, or content."""
    raw: bytes
    """All of it, for what is kept behind."""

    @property
    def kind(self) -> int:
        """`FILE`, `FOLDER`, `LINK` or another."""
        return self.mode & KIND_MASK


def inode(number: int, raw: bytes) -> Inode:
    """Read an inode from its bytes."""
    mode, uid, size, _, _, mtime, _, gid, _, _, flags = struct.unpack_from("<HHIIIIIHHII", raw, 0)
    size_high = struct.unpack_from("<I", raw, 108)[0]
    uid_high, gid_high = struct.unpack_from("<HH", raw, 120)
    return Inode(
        number=number,
        mode=mode,
        uid=uid | uid_high << 16,
        gid=gid | gid_high << 16,
        size=size | (size_high << 32 if mode & KIND_MASK == FILE else 0),
        modified=_seconds(raw, mtime),
        flags=flags,
        map=raw[40:100],
        raw=raw,
    )


def _seconds(raw: bytes, low: int) -> int:
    """Return a time with its two more bits, where the inode has room for them."""
    signed = low - (1 << 32) if low & 0x80000000 else low
    if len(raw) < 140 or struct.unpack_from("<H", raw, 128)[0] < 12:
        return signed
    more: int = struct.unpack_from("<I", raw, 136)[0] & 3
    return signed + (more << 32)


XATTR_MAGIC, SYSTEM_INDEX = 0xEA020000, 7


def inline_rest(raw: bytes) -> bytes:
    """Return the part of inline data that is kept as the attribute `system.data` behind the inode."""
    if len(raw) <= 132:
        return b""
    begin = 128 + struct.unpack_from("<H", raw, 128)[0]
    if begin + 4 > len(raw) or struct.unpack_from("<I", raw, begin)[0] != XATTR_MAGIC:
        return b""
    first = place = begin + 4
    while place + 16 <= len(raw) and raw[place : place + 4] != bytes(4):
        length, index, offset, _, size, _ = struct.unpack_from("<BBHIII", raw, place)
        if index == SYSTEM_INDEX and raw[place + 16 : place + 16 + length] == b"data":
            return raw[first + offset : first + offset + size]
        place += (16 + length + 3) & ~3
    return b""
