"""JSON: the answer's object, or the list of its rows; for scripts."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.cli.output.answer import Answer
from poise.model.text import printable_json

NAME = "json"
SCHEMA_VERSION = 1
"""Goes up when a field is renamed or removed; new fields do not count."""


def render(answer: Answer) -> Iterator[str]:
    """Yield one object, or one list with a row a line."""
    if answer.document is not None:
        value = {"schema_version": SCHEMA_VERSION, **answer.document}
        yield printable_json(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
        yield "\n"
        return
    before = "["
    for row in answer.rows:
        yield before
        yield "\n"
        yield printable_json(msgspec.json.encode(row).decode())
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"
