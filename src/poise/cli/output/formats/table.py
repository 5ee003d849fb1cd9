"""Tables and pages for a terminal: colours where it has them, columns that fit its width."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from textwrap import indent

from rich.console import Console, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from poise.cli.output.answer import Answer, Column, Row, at
from poise.cli.output.blocks import Block, Code, Facts, Grid, Heading
from poise.model.text import printable, printable_block

NAME = "table"
PIPED_WIDTH = 200
"""Columns where no terminal says how many it has."""


def render(answer: Answer) -> Iterator[str]:
    """Yield the page or the table as the terminal can show it."""
    out = io.StringIO()
    console = _console(out)
    if answer.text:
        console.print(Markdown(printable_block(answer.text), hyperlinks=False))
    for number, block in enumerate(answer.blocks):
        if number and isinstance(block, Heading):
            console.print()
        console.print(_block(block))
    if answer.columns:
        console.print(_table(answer.columns, answer.rows))
    yield out.getvalue()


def _console(out: io.StringIO) -> Console:
    # Rendered first and written by one writer, which knows about closed pipes. rich itself honours FORCE_COLOR.
    return Console(
        file=out,
        width=shutil.get_terminal_size((PIPED_WIDTH, 24)).columns,
        force_terminal=sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR")),
        no_color="NO_COLOR" in os.environ,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _block(block: Block) -> RenderableType:
    if isinstance(block, Grid):
        return _table(block.columns, block.rows)
    if isinstance(block, Facts):
        return _facts(block.pairs)
    if isinstance(block, Code):
        return Text(indent(printable_block(block.text.strip("\n")), "  "), style="cyan")
    return Text(printable_block(block.text), style="bold" if isinstance(block, Heading) else "")


def _facts(pairs: Sequence[tuple[str, str]]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, value in pairs:
        table.add_row(Text(name), Text(printable(value)))
    return table


def _table(columns: Sequence[Column], rows: Iterable[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column.heading, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(column, row) for column in columns))
    return table


def _cell(column: Column, row: Row) -> Text:
    style = column.style(at(row, column.path)) if column.style else ""
    return Text(printable(column.text(row)), style=style)
