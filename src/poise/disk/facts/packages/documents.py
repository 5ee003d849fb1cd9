"""Reads JSON and TOML documents whose shape nobody vouches for."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec

from poise.disk.facts.reading import Reading
from poise.model.errors import BadInput


def json_document(reading: Reading, path: str) -> Any:
    """Return the value of a JSON file; raises :class:`BadInput` and :class:`Unreadable`."""
    return parse_json(reading.content(path) or b"", path)


def parse_json(data: bytes, place: str) -> Any:
    """Return the value of a JSON text; raises :class:`BadInput`."""
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, ValueError, RecursionError) as problem:
        raise BadInput(f"{place} is no JSON: {problem}") from problem


def toml_document(reading: Reading, path: str) -> dict[str, Any]:
    """Return the tables of a TOML file; raises :class:`BadInput` and :class:`Unreadable`."""
    try:
        return tomllib.loads(reading.text(path) or "")
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as problem:
        raise BadInput(f"{path} is no TOML: {problem}") from problem


def table(value: Any, name: str) -> dict[str, Any]:
    """Return the object under a name, or an empty one if there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def tables(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of the list under a name."""
    found = value.get(name) if isinstance(value, dict) else None
    yield from (item for item in found if isinstance(item, dict)) if isinstance(found, list) else ()


def word(value: Any, name: str) -> str:
    """Return the text under a name; empty if there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
