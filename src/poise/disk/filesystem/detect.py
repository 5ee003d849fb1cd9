"""Tells what a volume holds by its magic numbers, and opens it where it can be read.

What is not known is said to be unsupported; nothing else is ever read in its place.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from poise.disk.filesystem import ext_layout
from poise.disk.filesystem.ext import Ext
from poise.disk.filesystem.fat import Fat
from poise.disk.filesystem.files import FileSystem
from poise.disk.filesystem.ntfs import Ntfs
from poise.disk.filesystem.xfs import Xfs
from poise.disk.source.block import BlockSource
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput, NotCollected

UNSUPPORTED = (
    (0, b"hsqs", "squashfs"),
    (3, b"-FVE-FS-", "BitLocker"),
    (3, b"EXFAT   ", "exFAT"),
    (3, b"ReFS\0\0\0\0", "ReFS"),
    (32, b"NXSB", "APFS"),
    (1024, struct.pack("<I", 0xF2F52010), "F2FS"),
    (1024, b"H+\0\4", "HFS+"),
    (1024, b"HX\0\5", "HFSX"),
    (4096, struct.pack("<I", 0xA92B4EFC), "Linux software RAID"),
    (0, struct.pack("<I", 0xA92B4EFC), "Linux software RAID"),
    (32768, b"JFS1", "JFS"),
    (32769, b"CD001", "ISO 9660"),
    (65588, b"ReIsEr", "ReiserFS"),
    (65600, b"_BHRfS_M", "btrfs"),
    (131072, struct.pack("<Q", 0x00BAB10C), "ZFS"),
)
"""Offset, magic number and name of what is recognised and not read."""
SWAP_MAGICS, PAGE = (b"SWAPSPACE2", b"SWAP-SPACE"), 4096


@dataclass(frozen=True)
class Detected:
    """What a volume holds."""

    kind: str
    """Name of the file system; empty if it is not known."""
    files: FileSystem | None
    reason: str = ""
    """Why there are no files."""
    uuid: str = ""
    """As Linux names it in `fstab`, lower case."""
    label: str = ""
    needs_recovery: bool | None = None
    """Whether its journal was not replayed; None where that is not known."""
    doubt: str = ""
    """Why some of its files may not be readable."""


def detect(source: BlockSource) -> Detected | None:
    """Return what a volume holds, or None if it has no magic number that is known; raises `BlockUnread`."""
    head = source.read(0, 512)
    if ext_layout.is_ext(source):
        return _tried("ext", lambda: _ext(source))
    if head[:4] == b"XFSB":
        return _tried("xfs", lambda: _xfs(source, head))
    if head[3:11] == b"NTFS    ":
        return _tried("ntfs", lambda: _ntfs(source))
    for offset, magic, name in UNSUPPORTED:
        if source.read(offset, len(magic)) == magic:
            return Detected(name, None, f"{name} is unsupported: not scanned")
    if source.read(PAGE - 10, 10) in SWAP_MAGICS:
        return Detected("swap", None, "it is swap space")
    if head[510:512] == b"\x55\xaa" and (head[54:57] == b"FAT" or head[82:87] == b"FAT32"):
        return _tried("fat", lambda: _fat(source, head))
    return None


def _tried(kind: str, open_it: Callable[[], Detected]) -> Detected:
    try:
        return open_it()
    except (BadInput, Unreadable) as problem:
        return Detected(kind, None, problem.what)
    except NotCollected as problem:
        return Detected(kind, None, f"it cannot be read: {problem.reason}")


def _ext(source: BlockSource) -> Detected:
    files = Ext(source)
    told = files.superblock
    files.facts(files.root())
    is_cut = told.blocks * told.block_bytes > source.size
    return Detected(
        told.generation,
        files,
        uuid=told.uuid,
        label=told.label,
        needs_recovery=told.needs_recovery,
        doubt="the disk is shorter than its file system" if is_cut else "",
    )


def _xfs(source: BlockSource, head: bytes) -> Detected:
    files = Xfs(source)
    return Detected("xfs", files, uuid=str(uuid.UUID(bytes=head[32:48])), label=files.label)


def _ntfs(source: BlockSource) -> Detected:
    files = Ntfs(source)
    return Detected("ntfs", files, uuid=files.serial, label=files.label)


def _fat(source: BlockSource, head: bytes) -> Detected:
    files = Fat(source)
    serial = struct.unpack_from("<I", head, 67 if head[82:87] == b"FAT32" else 39)[0]
    return Detected("fat", files, uuid=f"{serial >> 16:04x}-{serial & 0xFFFF:04x}", label=files.label)
