"""LVM2: physical volumes, their metadata, and the logical volumes that are linear or striped.

Layout: label and physical volume header in one of the first four sectors, metadata areas as text in a ring
(`lvm2` source: `lib/format_text/layout.h`, `lib/label/label.h`). Checksums are not tested.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from poise.disk.source.block import BlockSource, BlockUnread, exactly
from poise.disk.volume import lvm_text
from poise.disk.volume.stripes import Stripes
from poise.disk.volume.window import Piece, Window
from poise.model.errors import BadInput

LABEL, LABEL_TYPE = b"LABELONE", b"LVM2 001"
AREA_MAGIC = b" LVM2 x[5A%r0N*>"
MOST_AREAS = 16
MOST_METADATA_BYTES = 16 << 20
MOST_SEGMENTS = 100_000
SECTOR = 512


class Segment(msgspec.Struct):
    """A run of extents of a logical volume, as the metadata has it."""

    start_extent: int
    extent_count: int
    type: str
    stripe_count: int = 0
    stripe_size: int = 0
    """Sectors."""
    stripes: list[str | int] = []
    """Name of a physical volume and its first extent, in turn."""


class PhysicalVolume(msgspec.Struct):
    """A disk of a group, as the metadata has it."""

    id: str
    pe_start: int
    """Sector of its first extent."""


class Group(msgspec.Struct):
    """A volume group, as the metadata has it."""

    id: str
    seqno: int
    extent_size: int
    """Sectors."""
    physical_volumes: dict[str, PhysicalVolume]
    logical_volumes: dict[str, dict[str, object]] = {}


@dataclass(frozen=True)
class Physical:
    """A disk or partition that is a physical volume."""

    id: str
    source: BlockSource
    group: str
    """Name of its volume group; empty for none."""
    metadata: Group | None


@dataclass(frozen=True)
class Logical:
    """A logical volume: its source, or the reason why it cannot be read."""

    group: str
    name: str
    id: str
    source: BlockSource | None
    reason: str = ""


def physical_volume(source: BlockSource) -> Physical | None:
    """Return the physical volume that a source is, or None if it is none; raises `BlockUnread`, `BadInput`."""
    head = source.read(0, 4 * SECTOR)
    for at in range(0, len(head) - SECTOR + 1, SECTOR):
        label = head[at : at + SECTOR]
        if label[:8] == LABEL and label[24:32] == LABEL_TYPE:
            return _physical(source, label)
    return None


def logical_volumes(found: Sequence[Physical]) -> Iterator[Logical]:
    """Yield the visible logical volumes of all groups that physical volumes belong to."""
    newest: dict[str, Physical] = {}
    for one in found:
        held = newest.get(one.metadata.id) if one.metadata else None
        if one.metadata and (held is None or held.metadata is None or held.metadata.seqno < one.metadata.seqno):
            newest[one.metadata.id] = one
    sources = {one.id: one.source for one in found}
    for one in newest.values():
        if one.metadata is not None:
            yield from _of_group(one.group, one.metadata, sources)


def _physical(source: BlockSource, label: bytes) -> Physical:
    place = struct.unpack_from("<I", label, 20)[0]
    if place + 40 > SECTOR:
        raise BadInput("the LVM label points outside of its sector")
    id = label[place : place + 32].decode("ascii", "replace")
    _, place = _areas(label, place + 40)
    areas, _ = _areas(label, place)
    group, metadata = "", None
    for offset, length in areas:
        text = _metadata(source, offset, length)
        if text:
            group, metadata = _group(text)
            break
    return Physical(id, source, group, metadata)


def _areas(label: bytes, place: int) -> tuple[list[tuple[int, int]], int]:
    """Return a list of (offset, length) that ends with a zero, and the place behind it."""
    found: list[tuple[int, int]] = []
    while place + 16 <= SECTOR and len(found) < MOST_AREAS:
        offset, length = struct.unpack_from("<QQ", label, place)
        place += 16
        if not offset:
            break
        found.append((offset, length))
    return found, place


def _metadata(source: BlockSource, area: int, area_length: int) -> bytes:
    """Return the newest text of a metadata area, which is a ring behind its first sector; nothing if it has none."""
    header = exactly(source, area, SECTOR)
    if header[4:20] != AREA_MAGIC:
        raise BadInput("an LVM metadata area has no magic number")
    offset, length = struct.unpack_from("<QQ", header, 40)
    if not offset or not length:
        return b""
    if length > min(MOST_METADATA_BYTES, area_length) or not SECTOR <= offset < area_length:
        raise BadInput(f"the LVM metadata of {length:,} bytes does not fit its area")
    first = min(length, area_length - offset)
    text = exactly(source, area + offset, first)
    return text + exactly(source, area + SECTOR, length - first) if first < length else text


def _group(text: bytes) -> tuple[str, Group]:
    sections = lvm_text.parse(text.rstrip(b"\0").decode("utf-8", "replace"))
    name = next((name for name, value in sections.items() if isinstance(value, dict)), None)
    if name is None:
        raise BadInput("the LVM metadata has no volume group")
    try:
        return name, msgspec.convert(sections[name], Group)
    except msgspec.ValidationError as problem:
        raise BadInput(f"the LVM metadata of {name} is malformed: {problem}") from None


def _of_group(name: str, group: Group, sources: dict[str, BlockSource]) -> Iterator[Logical]:
    for volume, section in group.logical_volumes.items():
        status = section.get("status")
        if isinstance(status, list) and "VISIBLE" not in status:
            continue
        id = str(section.get("id", ""))
        try:
            yield Logical(name, volume, id, _assembled(group, section, sources))
        except (BadInput, BlockUnread) as problem:
            yield Logical(name, volume, id, None, problem.what)


def _assembled(group: Group, section: dict[str, object], sources: dict[str, BlockSource]) -> BlockSource:
    count = section.get("segment_count")
    if not isinstance(count, int) or not 0 < count <= MOST_SEGMENTS:
        raise BadInput("it has no segments")
    extent, end, pieces = group.extent_size * SECTOR, 0, []
    if extent <= 0:
        raise BadInput("its extents have no size")
    for number in range(1, count + 1):
        try:
            segment = msgspec.convert(section.get(f"segment{number}"), Segment)
        except msgspec.ValidationError as problem:
            raise BadInput(f"segment {number} is malformed: {problem}") from None
        if segment.start_extent != end or segment.extent_count <= 0:
            raise BadInput(f"segment {number} does not follow the one before")
        end += segment.extent_count
        source, offset = _segment(group, segment, sources)
        pieces.append(Piece(segment.start_extent * extent, segment.extent_count * extent, source, offset))
    return Window(pieces)


def _segment(group: Group, segment: Segment, sources: dict[str, BlockSource]) -> tuple[BlockSource, int]:
    """Return where a segment lies: a source and the offset in it."""
    if segment.type not in ("striped", "linear"):
        raise BadInput(f"LVM volumes of type {segment.type} are unsupported")
    names, extents = segment.stripes[::2], segment.stripes[1::2]
    if not names or len(names) != len(extents) or len(names) != segment.stripe_count:
        raise BadInput("the stripes of a segment do not match their count")
    places = [_place(group, name, first, sources) for name, first in zip(names, extents, strict=True)]
    if len(places) == 1:
        return places[0]
    length = segment.extent_count * group.extent_size * SECTOR
    if segment.stripe_size <= 0:
        raise BadInput("the stripes of a segment have no size")
    return Stripes(places, segment.stripe_size * SECTOR, length), 0


def _place(group: Group, name: object, first: object, sources: dict[str, BlockSource]) -> tuple[BlockSource, int]:
    volume = group.physical_volumes.get(str(name))
    if volume is None or not isinstance(first, int) or first < 0:
        raise BadInput(f"the physical volume {name} is not in the metadata")
    source = sources.get(volume.id.replace("-", ""))
    if source is None:
        raise BadInput(f"the physical volume {name} ({volume.id}) is missing")
    return source, (volume.pe_start + first * group.extent_size) * SECTOR
