"""Values that several resources write alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from poise.collect.terraform.resource import NotSimulated


def document(text: Any) -> dict[str, Any] | None:
    """Return a policy document out of its text; None for none. Raises :class:`NotSimulated` if it is no JSON."""
    if not text:
        return None
    try:
        found = msgspec.json.decode(text) if isinstance(text, str) else text
    except (msgspec.DecodeError, RecursionError) as problem:
        raise NotSimulated(f"its policy is no JSON: {problem}") from problem
    if not isinstance(found, Mapping):
        raise NotSimulated("its policy is no document")
    return dict(found)


def rows(value: Any) -> Sequence[Mapping[str, Any]]:
    """Return a list of blocks. Raises :class:`NotSimulated` if it is none."""
    if not isinstance(value or [], list) or not all(isinstance(row, Mapping) for row in value or ()):
        raise NotSimulated("its blocks are no list")
    return value or ()


def words(value: Any) -> tuple[str, ...]:
    """Return a list of texts. Raises :class:`NotSimulated` if it is none."""
    if not isinstance(value or [], list) or not all(isinstance(word, str) for word in value or ()):
        raise NotSimulated("its values are no list of texts")
    return tuple(value or ())


def one_of(value: Any) -> Mapping[str, Any]:
    """Return the one block of a list of blocks; an empty one for none."""
    rows = value if isinstance(value, list) else [value]
    return next((row for row in rows if isinstance(row, Mapping)), {})
