"""Markdown, for pull requests and pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from poise.cli.output.answer import Answer, Column, Row
from poise.cli.output.blocks import Block, Code, Facts, Grid, Heading
from poise.model.text import printable, printable_block

NAME = "md"
SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|#!~"})
FENCES = re.compile(r"`{3,}")


def render(answer: Answer) -> Iterator[str]:
    """Yield the page if there is one, then the rows as a table."""
    if answer.text:
        yield f"{answer.text.strip(chr(10))}\n"
    for number, block in enumerate(answer.blocks):
        yield "\n" if number else ""
        yield from _block(block)
    if answer.columns:
        yield from _table(answer.columns, answer.rows)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Grid):
        yield from _table(block.columns, block.rows)
    elif isinstance(block, Facts):
        yield from (f"- {name}: {_escaped(value)}\n" for name, value in block.pairs)
    elif isinstance(block, Code):
        fence = max((found[0] for found in FENCES.finditer(block.text)), key=len, default="``") + "`"
        yield f"{fence}{block.language}\n{printable_block(block.text.strip(chr(10)))}\n{fence}\n"
    else:
        yield f"{'## ' if isinstance(block, Heading) else ''}{_escaped(block.text)}\n"


def _table(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    yield _line([column.heading for column in columns])
    yield _line(["---"] * len(columns))
    for row in rows:
        yield _line([_escaped(column.text(row)) for column in columns])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    return printable(text).translate(SPECIAL)
