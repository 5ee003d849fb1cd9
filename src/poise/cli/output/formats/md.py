"""Markdown, for pull requests and pages."""

from __future__ import annotations

from collections.abc import Iterator

from poise.cli.output.answer import Answer
from poise.model.text import printable

NAME = "md"
SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#!~"})


def render(answer: Answer) -> Iterator[str]:
    """Yield the text if there is one, then the rows as a table."""
    if answer.text:
        yield f"{answer.text.strip(chr(10))}\n"
    if not answer.columns:
        return
    if answer.text:
        yield "\n"
    yield _line([column.heading for column in answer.columns])
    yield _line(["---"] * len(answer.columns))
    for row in answer.rows:
        yield _line([printable(column.text(row)).translate(SPECIAL) for column in answer.columns])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"
