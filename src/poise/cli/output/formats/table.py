"""A table for a terminal: colours where the terminal has them, columns that fit its width."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from poise.cli.output.answer import Answer, Column, Row, at
from poise.model.text import printable, printable_block

NAME = "table"
PIPED_WIDTH = 200
"""Columns where no terminal says how many it has."""


def render(answer: Answer) -> Iterator[str]:
    """Yield the text, then the rows, as the terminal can show them."""
    console = _console()
    if answer.text:
        console.print(Markdown(printable_block(answer.text), hyperlinks=False))
    if answer.text and answer.columns:
        console.print()
    if answer.columns:
        console.print(_table(answer))
    out = console.file
    if isinstance(out, io.StringIO):
        yield out.getvalue()


def _console() -> Console:
    # rich itself honours NO_COLOR, FORCE_COLOR and TERM; the text goes through one writer, so it is rendered first.
    size = shutil.get_terminal_size((PIPED_WIDTH, 24))
    forced = sys.stdout.isatty() or bool(os.environ.get("FORCE_COLOR"))
    return Console(
        file=io.StringIO(),
        width=size.columns,
        force_terminal=forced,
        no_color="NO_COLOR" in os.environ,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def _table(answer: Answer) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in answer.columns:
        table.add_column(column.heading, overflow="fold")
    for row in answer.rows:
        table.add_row(*(_cell(column, row) for column in answer.columns))
    return table


def _cell(column: Column, row: Row) -> Text:
    style = column.style(at(row, column.path)) if column.style else ""
    return Text(printable(column.text(row)), style=style)
