"""A Windows registry hive, by key paths whose case does not matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pyregf

from poise.disk.facts.reading import Reading
from poise.disk.tree import Unreadable
from poise.model.errors import BadInput

FOLDER = "/Windows/System32/config"
MOST_KEYS = 200_000
MOST_TEXT = 1000
TEXTS = (1, 2)
NUMBERS = (4, 5, 11)


class Hive:
    """One hive file."""

    def __init__(self, file: BinaryIO, place: str) -> None:
        self.place = place
        self._hive = pyregf.file()
        try:
            self._hive.open_file_object(file)
        except (OSError, MemoryError) as problem:
            raise BadInput(f"{place} is no sound registry hive") from problem

    def value(self, key: str, name: str) -> str | None:
        """Return a text or number, or None if the key or value is not there or of another type."""
        found = self._key(key)
        return _value(found, name) if found is not None else None

    def keys(self, key: str) -> Iterator[str]:
        """Yield the names of the keys inside a key."""
        found = self._key(key)
        try:
            count = found.number_of_sub_keys if found is not None else 0
            for at in range(min(count, MOST_KEYS)):
                yield found.get_sub_key(at).name or ""
        except (OSError, MemoryError) as problem:
            raise BadInput(f"{self.place}: the key {key} cannot be read") from problem

    def _key(self, path: str) -> Any:
        try:
            return self._hive.get_key_by_path("\\" + path.strip("\\"))
        except (OSError, MemoryError):
            return None


def open_hive(reading: Reading, name: str) -> Hive | None:
    """Return a hive of a Windows tree, or None if it is not there; raises :class:`BadInput`, :class:`Unreadable`."""
    path = cased(reading, f"{FOLDER}/{name}")
    if path is None:
        return None
    facts = reading.facts(path)
    if facts and facts.size_bytes > reading.limits.database_bytes:
        raise BadInput(f"{path} is larger than {reading.limits.database_bytes} bytes")
    return Hive(reading.open(path), path)


def cased(reading: Reading, path: str) -> str | None:
    """Return a path as the disk spells it, or None if it is not there whatever the case."""
    if reading.facts(path):
        return path
    found = ""
    for part in path.strip("/").split("/"):
        try:
            names = reading.tree.names(found or "/")
        except Unreadable:
            return None
        name = next((name for name in names if name.lower() == part.lower()), None)
        if name is None:
            return None
        found = f"{found}/{name}"
    return found


def _value(key: Any, name: str) -> str | None:
    try:
        value = key.get_value_by_name(name)
        if value is None:
            return None
        if value.type in TEXTS:
            return str(value.get_data_as_string() or "")[:MOST_TEXT]
        return str(value.get_data_as_integer()) if value.type in NUMBERS else None
    except (OSError, MemoryError, UnicodeDecodeError):
        return None
