"""Zip archives inside each other, read by seeking: only directories and wanted members are touched.

Hostile archives are bounded: members, depth, and the bytes that everything inside one outermost archive inflates to.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

import msgspec

from poise.disk.facts.reading import Reading
from poise.disk.stretch import Stretch
from poise.model.errors import BadInput

NESTED = (".jar", ".war", ".ear", ".par", ".sar", ".rar", ".jpi", ".hpi", ".kar", ".lpkg")
LOCAL_HEADER = struct.Struct("<4s22xHH")
FAILURES = (
    zipfile.BadZipFile, zipfile.LargeZipFile, OSError, EOFError, zlib.error, struct.error, ValueError, RuntimeError,
    NotImplementedError, OverflowError, IndexError, UnicodeDecodeError, MemoryError,
)  # fmt: skip
"""What Python's zipfile raises on archives that are not sound."""


class Budget(msgspec.Struct):
    """What may still be inflated of one outermost archive."""

    bytes_left: int


class Archive:
    """One archive: names of its members, and their content within the budget."""

    def __init__(self, reading: Reading, file: BinaryIO, place: str, budget: Budget) -> None:
        self.place = place
        self._reading, self._file, self._budget = reading, file, budget
        try:
            self._zip = zipfile.ZipFile(file)
        except FAILURES as problem:
            raise BadInput(f"{place} is no sound archive: {problem}") from problem
        self.members = self._zip.infolist()
        if len(self.members) > reading.limits.members:
            reading.miss(place, f"more than {reading.limits.members} members: the rest is not read")
            self.members = self.members[: reading.limits.members]

    def content(self, member: zipfile.ZipInfo, most: int) -> bytes:
        """Return a member up to a limit; raises :class:`BadInput` if it is not sound or the budget is spent."""
        where = f"{self.place}!/{member.filename}"
        allowed = min(most, self._budget.bytes_left)
        try:
            with self._zip.open(member) as file:
                data = file.read(allowed + 1)
        except FAILURES as problem:
            raise BadInput(f"{where} cannot be read: {problem}") from problem
        self._budget.bytes_left -= len(data)
        if len(data) > allowed:
            raise BadInput(f"{where} inflates to more than {allowed} bytes")
        return data

    def nested(self, member: zipfile.ZipInfo) -> Archive:
        """Return an archive inside this one; raises :class:`BadInput` if it is not sound."""
        return Archive(self._reading, self._inner(member), f"{self.place}!/{member.filename}", self._budget)

    def _inner(self, member: zipfile.ZipInfo) -> BinaryIO:
        """Return a stretch of this archive if the member is stored as it is, else inflate it into memory."""
        if member.compress_type == zipfile.ZIP_STORED and not member.flag_bits & 1:
            return io.BufferedReader(Stretch(self._file, self._data_start(member), member.file_size))
        return io.BytesIO(self.content(member, self._reading.limits.inflated_bytes))

    def _data_start(self, member: zipfile.ZipInfo) -> int:
        self._file.seek(member.header_offset)
        head = self._file.read(LOCAL_HEADER.size)
        if len(head) < LOCAL_HEADER.size or head[:4] != b"PK\3\4":
            raise BadInput(f"{self.place}!/{member.filename} has no local header")
        _, name, extra = LOCAL_HEADER.unpack(head)
        return member.header_offset + LOCAL_HEADER.size + int(name) + int(extra)


def archives(reading: Reading, file: BinaryIO, place: str) -> Iterator[Archive]:
    """Yield an archive and those inside it, the outer ones first; one that is not sound is noted and left out."""
    outer = _opened(reading, place, lambda: Archive(reading, file, place, Budget(reading.limits.inflated_bytes)))
    if outer:
        yield from _with_nested(reading, outer, 0)


def _with_nested(reading: Reading, archive: Archive, depth: int) -> Iterator[Archive]:
    yield archive
    nested = [m for m in archive.members if m.filename.lower().endswith(NESTED)]
    if nested and depth == reading.limits.nested:
        reading.miss(archive.place, f"more than {depth} archives inside each other: the inner ones are not opened")
        return
    for member in nested:
        inner = _opened(reading, archive.place, partial(archive.nested, member))
        if inner:
            yield from _with_nested(reading, inner, depth + 1)


def _opened(reading: Reading, place: str, way: Callable[[], Archive]) -> Archive | None:
    try:
        return way()
    except BadInput as problem:
        reading.miss(place, str(problem))
        return None
