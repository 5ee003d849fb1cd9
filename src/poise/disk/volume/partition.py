"""Partition tables: GPT (UEFI specification 2.10, 5.3) and MBR with extended partitions."""

from __future__ import annotations

import struct
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from poise.disk.source.block import BlockSource, BlockUnread, exactly
from poise.disk.volume.window import Window, window

SECTORS = (512, 4096)
GPT_MAGIC = b"EFI PART"
PROTECTIVE = 0xEE
EXTENDED = frozenset({0x05, 0x0F, 0x85})
MOST_PARTITIONS = 1024
"""More entries than any tool writes (GPT: 128; MBR: 4 and a chain)."""
BOOT_SECTORS = (b"NTFS    ", b"EXFAT   ", b"-FVE-FS-", b"MSDOS5.0", b"mkfs.fat", b"MSWIN4.1")
"""OEM names of file systems whose boot sector has the signature of an MBR."""


@dataclass(frozen=True)
class Partition:
    """One partition of a disk."""

    number: int
    """As Linux counts: `sda3` is 3."""
    id: str
    """PARTUUID, lower case."""
    source: Window


class DamagedTable(BlockUnread):
    """A partition table is there and does not hold together."""


def partitions(disk: BlockSource) -> list[Partition] | None:
    """Return the partitions of a disk in order, or None if it has no table.

    Partitions that lie outside of the disk are left out. Raises :class:`DamagedTable` for a table that is broken,
    `BlockUnread` where the disk cannot be read.
    """
    for sector in SECTORS:
        for header_at in (sector, disk.size - sector):
            header = _gpt_header(disk, header_at)
            if header is not None:
                return list(_gpt(disk, header, sector))
    boot = disk.read(0, 512)
    if not _is_mbr(boot, disk.size):
        return None
    found = list(_mbr(disk, boot))
    if any(boot[450 + 16 * entry] == PROTECTIVE for entry in range(4)):
        raise DamagedTable("disk", "the GPT that its MBR announces is damaged, and so is its backup")
    return found


def _gpt_header(disk: BlockSource, offset: int) -> bytes | None:
    """Return a header whose checksum holds, else None."""
    header = disk.read(offset, 512)
    if len(header) < 512 or header[:8] != GPT_MAGIC:
        return None
    length, crc = struct.unpack_from("<II", header, 12)
    if not 92 <= length <= 512:
        return None
    content = header[:16] + bytes(4) + header[20:length]
    return header if zlib.crc32(content) == crc else None


def _gpt(disk: BlockSource, header: bytes, sector: int) -> Iterator[Partition]:
    first, count, width = struct.unpack_from("<QII", header, 72)
    if width < 128 or width > 4096 or count > MOST_PARTITIONS:
        raise DamagedTable("disk", f"its GPT has {count:,} entries of {width:,} bytes")
    table = exactly(disk, first * sector, count * width)
    for number in range(count):
        entry = table[number * width : (number + 1) * width]
        start, end = struct.unpack_from("<QQ", entry, 32)
        is_inside = 0 < start <= end and start * sector < disk.size
        if entry[:16] != bytes(16) and is_inside:
            part = window(disk, start * sector, (end - start + 1) * sector)
            yield Partition(number + 1, str(uuid.UUID(bytes_le=entry[16:32])), part)


def _is_mbr(boot: bytes, size: int) -> bool:
    """Tell an MBR from the boot sector of a file system, which has the same signature."""
    if len(boot) < 512 or boot[510:512] != b"\x55\xaa" or boot[3:11] in BOOT_SECTORS:
        return False
    entries = [boot[446 + 16 * entry : 462 + 16 * entry] for entry in range(4)]
    used = [entry for entry in entries if entry[4]]
    if not used or any(entry[0] not in (0x00, 0x80) for entry in entries):
        return False
    return all(0 < struct.unpack_from("<I", entry, 8)[0] * 512 < size for entry in used)


def _mbr(disk: BlockSource, boot: bytes) -> Iterator[Partition]:
    signature = struct.unpack_from("<I", boot, 440)[0]
    extended = 0
    for entry in range(4):
        kind = boot[450 + 16 * entry]
        start, count = struct.unpack_from("<II", boot, 454 + 16 * entry)
        if kind in EXTENDED:
            extended = extended or start
        elif kind not in (0, PROTECTIVE) and count:
            yield _mbr_partition(disk, signature, entry + 1, (start, count))
    if extended:
        for number, place in enumerate(_logical(disk, extended), 5):
            yield _mbr_partition(disk, signature, number, place)


def _mbr_partition(disk: BlockSource, signature: int, number: int, place: tuple[int, int]) -> Partition:
    part = window(disk, place[0] * 512, place[1] * 512)
    return Partition(number, f"{signature:08x}-{number:02x}", part)


def _logical(disk: BlockSource, extended: int) -> Iterator[tuple[int, int]]:
    """Yield (first sector, sectors) of the logical partitions along their chain."""
    here, seen = extended, set[int]()
    while here not in seen and len(seen) < MOST_PARTITIONS:
        seen.add(here)
        record = disk.read(here * 512, 512)
        if len(record) < 512 or record[510:512] != b"\x55\xaa":
            return
        start, count = struct.unpack_from("<II", record, 454)
        if record[450] and count and (here + start) * 512 < disk.size:
            yield here + start, count
        following = struct.unpack_from("<I", record, 470)[0]
        if record[466] not in EXTENDED or not following:
            return
        here = extended + following
