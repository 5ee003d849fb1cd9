"""Tab-separated values without colour, for pipes: one line a row, no cell holds a tab or a line break."""

from __future__ import annotations

from collections.abc import Iterator

from poise.cli.output.answer import Answer
from poise.model.text import printable, printable_block

NAME = "tsv"


def render(answer: Answer) -> Iterator[str]:
    """Yield the text if there is one, else the headings and the rows."""
    if answer.text:
        yield f"{printable_block(answer.text.strip(chr(10)))}\n"
        return
    yield "\t".join(column.heading for column in answer.columns) + "\n"
    for row in answer.rows:
        yield "\t".join(printable(column.text(row)) for column in answer.columns) + "\n"
