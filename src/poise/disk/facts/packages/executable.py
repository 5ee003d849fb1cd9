"""Sections of ELF and PE programs, as far as package lists inside them need.

Sources: the System V ABI (ELF header, section and program headers) and Microsoft's PE format page.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

import msgspec

from poise.model.errors import BadInput

MOST_SECTIONS = 4096
MOST_NAMES = 1 << 20
WRITABLE = 0x80000040
"""PE: initialized data that may be written."""


class Section(msgspec.Struct, frozen=True):
    """A named stretch of a program."""

    name: str
    """Name; empty for an ELF segment."""
    address: int
    """Where it lies in memory."""
    offset: int
    """Where it lies in the file."""
    size: int
    """Bytes in the file."""
    flags: int
    """As the format has them."""


class Program(msgspec.Struct, frozen=True):
    """The sections and segments of a program."""

    kind: str
    """`elf` or `pe`."""
    order: str
    """`<` or `>`: order of bytes."""
    machine: int
    """Number of its processor."""
    sections: tuple[Section, ...]
    """Sections."""
    segments: tuple[Section, ...]
    """Stretches that are loaded; the sections again for PE."""


def parse(file: BinaryIO) -> Program | None:
    """Return the layout of a program, or None if the file is none; raises :class:`BadInput` if it is broken."""
    head = _read(file, 0, 64)
    try:
        if head[:4] == b"\x7fELF" and len(head) >= 52:
            return _elf(file, head)
        if head[:2] == b"MZ" and len(head) == 64:
            return _pe(file, head)
    except struct.error as problem:
        raise BadInput(f"a header of the program is cut off: {problem}") from problem
    return None


def content(file: BinaryIO, section: Section, most: int) -> bytes:
    """Return the bytes of a section, up to a limit."""
    return _read(file, section.offset, min(section.size, most))


def at_address(file: BinaryIO, program: Program, address: int, size: int) -> bytes:
    """Return what lies at an address in memory; raises :class:`BadInput` if nothing does."""
    for segment in program.segments:
        if segment.address <= address and address + size <= segment.address + segment.size:
            return _read(file, segment.offset + address - segment.address, size)
    raise BadInput("an address of the program lies in none of its segments")


def _elf(file: BinaryIO, head: bytes) -> Program:
    wide, order = head[4] == 2, "<" if head[5] == 1 else ">"
    places = struct.unpack_from(f"{order}QQ" if wide else f"{order}II", head, 32 if wide else 28)
    counts = struct.unpack_from(f"{order}HHHHH", head, 54 if wide else 42)
    phentsize, phnum, shentsize, shnum, names_at = counts
    (machine,) = struct.unpack_from(f"{order}H", head, 18)
    segments = [_elf_segment(row, order, wide) for row in _rows(file, places[0], phentsize, phnum, 56 if wide else 32)]
    rows = [_elf_section(row, order, wide) for row in _rows(file, places[1], shentsize, shnum, 64 if wide else 40)]
    names = b""
    if names_at < len(rows):
        names = _read(file, rows[names_at][1].offset, min(rows[names_at][1].size, MOST_NAMES))
    sections = tuple(msgspec.structs.replace(section, name=_name(names, at)) for at, section in rows)
    return Program("elf", order, machine, sections, tuple(s for s in segments if s))


def _rows(file: BinaryIO, start: int, size: int, count: int, least: int) -> list[bytes]:
    if count == 0 or size < least:
        return []
    if count > MOST_SECTIONS:
        raise BadInput(f"the program states {count} sections")
    table = _read(file, start, size * count)
    return [table[at : at + size] for at in range(0, len(table) - size + 1, size)]


def _elf_segment(row: bytes, order: str, wide: bool) -> Section | None:
    if wide:
        kind, flags, offset, address, _, size = struct.unpack_from(f"{order}IIQQQQ", row)
    else:
        kind, offset, address, _, size = struct.unpack_from(f"{order}IIIII", row)
        (flags,) = struct.unpack_from(f"{order}I", row, 24)
    return Section("", address, offset, size, flags) if kind == 1 else None


def _elf_section(row: bytes, order: str, wide: bool) -> tuple[int, Section]:
    name, kind, flags, address, offset, size = struct.unpack_from(f"{order}IIQQQQ" if wide else f"{order}IIIIII", row)
    return name, Section("", address, offset, 0 if kind == 8 else size, flags)


def _name(names: bytes, at: int) -> str:
    return names[at : names.find(b"\0", at)][:256].decode("utf-8", "replace") if 0 <= at < len(names) else ""


def _pe(file: BinaryIO, head: bytes) -> Program | None:
    (start,) = struct.unpack_from("<I", head, 60)
    mark = _read(file, start, 24)
    if mark[:4] != b"PE\0\0":
        return None
    machine, count = struct.unpack_from("<HH", mark, 4)
    (optional,) = struct.unpack_from("<H", mark, 20)
    magic = _read(file, start + 24, 32)
    (base,) = struct.unpack_from("<Q", magic, 24) if magic[:2] == b"\x0b\x02" else struct.unpack_from("<I", magic, 28)
    sections = []
    for row in _rows(file, start + 24 + optional, 40, count, 40):
        name, _, address, size, offset = struct.unpack_from("<8sIIII", row)
        (flags,) = struct.unpack_from("<I", row, 36)
        sections.append(Section(name.rstrip(b"\0").decode("latin-1"), base + address, offset, size, flags))
    return Program("pe", "<", machine, tuple(sections), tuple(sections))


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    try:
        file.seek(offset)
        return file.read(size)
    except (OverflowError, ValueError, OSError) as problem:
        raise BadInput(f"the program points outside of itself: {problem}") from problem
