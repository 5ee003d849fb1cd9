"""qcow2 images, versions 2 and 3 (QEMU documentation, "qcow2 specification"), compressed clusters too.

Written here because libqcow cannot read images that `qemu-img convert -c` writes.
"""

from __future__ import annotations

import struct
import zlib
from collections import OrderedDict
from dataclasses import dataclass

import zstandard

from poise.disk.source.block import BlockSource, BlockUnread, exactly

MAGIC = b"QFI\xfb"
OFFSET_MASK = 0x00FFFFFFFFFFFE00
COMPRESSED, ZEROS = 1 << 62, 1
KNOWN_FEATURES = 0b1011
"""Incompatible features that can be read: dirty, corrupt, and a compression type."""
ZLIB, ZSTD = 0, 1
MOST_L1_BYTES = 32 << 20
"""As QEMU bounds it."""
TABLES_KEPT, CLUSTERS_KEPT = 64, 64


@dataclass(frozen=True)
class Header:
    """What the header says."""

    cluster_bits: int
    size: int
    l1_size: int
    l1_offset: int
    compression: int


def header(image: BlockSource) -> Header:
    """Read the header; raises `BlockUnread` for what is damaged or unsupported."""
    raw = exactly(image, 0, 112)
    version, backing, _, bits, size, crypt, l1_size, l1_offset = struct.unpack_from(">IQIIQIIQ", raw, 4)
    features = struct.unpack_from(">Q", raw, 72)[0] if version >= 3 else 0
    length = struct.unpack_from(">I", raw, 100)[0] if version >= 3 else 72
    if backing:
        raise BlockUnread("disk", "qcow2 image: it holds only the changes of another image")
    if crypt:
        raise BlockUnread("disk", "qcow2 image: encrypted images are unsupported")
    if version not in (2, 3) or features & ~KNOWN_FEATURES:
        raise BlockUnread("disk", f"qcow2 image: version {version} with features {features:#x} is unsupported")
    compression = raw[104] if length > 104 else ZLIB
    if not 9 <= bits <= 21 or l1_size * 8 > MOST_L1_BYTES or compression not in (ZLIB, ZSTD):
        raise BlockUnread("disk", "qcow2 image: its header has impossible numbers")
    return Header(bits, size, l1_size, l1_offset, compression)


class Qcow2:
    """The disk in a qcow2 image."""

    def __init__(self, image: BlockSource) -> None:
        self._image = image
        self._header = header(image)
        self._width = 1 << self._header.cluster_bits
        self._l2_bits = self._header.cluster_bits - 3
        self.size = self._header.size
        self._l1 = exactly(image, self._header.l1_offset, self._header.l1_size * 8)
        self._tables: OrderedDict[int, bytes] = OrderedDict()
        self._inflated: OrderedDict[int, bytes] = OrderedDict()

    def read(self, offset: int, length: int) -> bytes:
        """Return the bytes at an offset, fewer only at the end; raises `BlockUnread`."""
        length = min(length, self.size - offset)
        if length <= 0 or offset < 0:
            return b""
        found = []
        while length > 0:
            cluster, inside = divmod(offset, self._width)
            wanted = min(length, self._width - inside)
            found.append(self._cluster(cluster, inside, wanted))
            offset, length = offset + wanted, length - wanted
        return found[0] if len(found) == 1 else b"".join(found)

    def _cluster(self, cluster: int, inside: int, length: int) -> bytes:
        entry = self._entry(cluster)
        if entry & COMPRESSED:
            return self._unpacked(entry)[inside : inside + length]
        place = entry & OFFSET_MASK
        if not place or entry & ZEROS:
            return bytes(length)
        return exactly(self._image, place + inside, length)

    def _entry(self, cluster: int) -> int:
        first, second = cluster >> self._l2_bits, cluster & ((1 << self._l2_bits) - 1)
        if first >= self._header.l1_size:
            raise BlockUnread("disk", "qcow2 image: its first table is too short")
        place = struct.unpack_from(">Q", self._l1, 8 * first)[0] & OFFSET_MASK
        if not place:
            return 0
        table = self._tables.get(place)
        if table is None:
            table = self._tables[place] = exactly(self._image, place, self._width)
            if len(self._tables) > TABLES_KEPT:
                self._tables.popitem(last=False)
        return int(struct.unpack_from(">Q", table, 8 * second)[0])

    def _unpacked(self, entry: int) -> bytes:
        found = self._inflated.get(entry)
        if found is None:
            found = self._inflated[entry] = self._inflate(entry)
            if len(self._inflated) > CLUSTERS_KEPT:
                self._inflated.popitem(last=False)
        return found

    def _inflate(self, entry: int) -> bytes:
        """Return a compressed cluster; its length is told in sectors, and the last one may lie beyond the file."""
        bits = 62 - (self._header.cluster_bits - 8)
        place = entry & ((1 << bits) - 1)
        sectors = (entry >> bits & ((1 << (62 - bits)) - 1)) + 1
        packed = self._image.read(place, sectors * 512 - place % 512)
        try:
            if self._header.compression == ZSTD:
                found = zstandard.ZstdDecompressor().stream_reader(packed).read(self._width)
            else:
                found = zlib.decompressobj(-12).decompress(packed, self._width)
        except (zlib.error, zstandard.ZstdError) as problem:
            raise BlockUnread("disk", f"qcow2 image: a compressed cluster is damaged: {problem}") from None
        if len(found) != self._width:
            raise BlockUnread("disk", "qcow2 image: a compressed cluster is too short")
        return found
