"""The header of an installed rpm: an index of tags over a store of values.

Source: rpm's own format description (docs/manual/format.md): two counts, entries of 16 bytes (tag, type, offset,
count), then the store; everything big-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from poise.model.errors import BadInput

ENTRY = struct.Struct(">IIiI")
MOST_ENTRIES = 100_000
MOST_ITEMS = 1_000_000
INTEGER = {2: ">B", 3: ">H", 4: ">I", 5: ">Q"}
STRINGS = (6, 8, 9)

NAME, VERSION, RELEASE, EPOCH, VENDOR, ARCHITECTURE = 1000, 1001, 1002, 1003, 1011, 1022
OLD_FILES, SOURCE_RPM, FOLDER_INDEXES, BASENAMES, FOLDERS, MODULE = 1027, 1044, 1116, 1117, 1118, 5096

Values = Mapping[int, list[str] | list[int]]


def parse(blob: bytes, wanted: frozenset[int]) -> Values:
    """Return the values of the wanted tags; raises :class:`BadInput` if the header is not sound."""
    if len(blob) < 8:
        raise BadInput("an rpm header is shorter than 8 bytes")
    entries, store_size = struct.unpack_from(">II", blob)
    start = 8 + ENTRY.size * entries
    if entries > MOST_ENTRIES or start + store_size > len(blob):
        raise BadInput("an rpm header is cut off, or its counts are wrong")
    store = blob[start : start + store_size]
    found: dict[int, list[str] | list[int]] = {}
    for at in range(entries):
        tag, kind, offset, count = ENTRY.unpack_from(blob, 8 + ENTRY.size * at)
        if tag in wanted and tag not in found:
            found[tag] = _values(store, kind, offset, count)
    return found


def text(values: Values, tag: int) -> str:
    """Return the first value of a tag as text; empty if it is not there."""
    found = values.get(tag)
    return str(found[0]) if found else ""


def number(values: Values, tag: int) -> int | None:
    """Return the first value of a tag as a number, or None if it is not there."""
    found = values.get(tag)
    return found[0] if found and isinstance(found[0], int) else None


def paths(values: Values) -> Iterator[str]:
    """Yield the paths of the files of a package."""
    yield from (str(path) for path in values.get(OLD_FILES, ()))
    folders = values.get(FOLDERS, [])
    for name, index in zip(values.get(BASENAMES, ()), values.get(FOLDER_INDEXES, ()), strict=False):
        if isinstance(index, int) and index < len(folders):
            yield f"{folders[index]}{name}"


def _values(store: bytes, kind: int, offset: int, count: int) -> list[str] | list[int]:
    if not 0 <= offset <= len(store) or count > MOST_ITEMS:
        raise BadInput("an rpm header points outside of itself")
    if kind in STRINGS:
        return _strings(store, offset, 1 if kind == 6 else count)
    if kind in INTEGER:
        size = struct.calcsize(INTEGER[kind])
        if offset + size * count > len(store):
            raise BadInput("an rpm header points outside of itself")
        return [n for (n,) in struct.iter_unpack(INTEGER[kind], store[offset : offset + size * count])]
    return []


def _strings(store: bytes, offset: int, count: int) -> list[str]:
    if count == 0:
        return []
    parts = store[offset:].split(b"\0", count)
    if len(parts) <= count:
        raise BadInput("a text in an rpm header has no end")
    return [part.decode("utf-8", "replace") for part in parts[:count]]
