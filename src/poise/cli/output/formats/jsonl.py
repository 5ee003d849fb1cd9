"""JSON lines: one row a line, for pipes."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.cli.output.answer import Answer
from poise.model.text import printable_json

NAME = "jsonl"


def render(answer: Answer) -> Iterator[str]:
    """Yield a line for each row; for the object where there are no rows."""
    rows = answer.rows if answer.columns or answer.document is None else (answer.document,)
    for row in rows:
        yield printable_json(msgspec.json.encode(row).decode())
        yield "\n"
