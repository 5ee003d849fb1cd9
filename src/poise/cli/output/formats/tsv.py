"""Plain text without colour, for pipes: rows as tab-separated values, one line each; pages as lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from poise.cli.output.answer import Answer, Column, Row
from poise.cli.output.blocks import Block, Code, Facts, Grid, Heading
from poise.model.text import printable, printable_block

NAME = "tsv"


def render(answer: Answer) -> Iterator[str]:
    """Yield the page if there is one, else the headings and the rows."""
    if answer.text:
        yield f"{printable_block(answer.text.strip(chr(10)))}\n"
    elif answer.blocks:
        for number, block in enumerate(answer.blocks):
            yield "\n" if number and isinstance(block, Heading) else ""
            yield from _block(block)
    elif answer.columns:
        yield from _lines(answer.columns, answer.rows)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Grid):
        yield from _lines(block.columns, block.rows)
    elif isinstance(block, Facts):
        yield from (f"{name}\t{printable(value)}\n" for name, value in block.pairs)
    elif isinstance(block, Code):
        yield f"{printable_block(block.text.strip(chr(10)))}\n"
    else:
        yield f"{printable_block(block.text)}\n"


def _lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    yield "\t".join(column.heading for column in columns) + "\n"
    for row in rows:
        yield "\t".join(printable(column.text(row)) for column in columns) + "\n"
