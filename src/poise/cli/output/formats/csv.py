"""CSV (RFC 4180) for spreadsheets: no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from poise.cli.output.answer import Answer, at, plain
from poise.model.errors import UsageError
from poise.model.text import spreadsheet_cell

NAME = "csv"


def render(answer: Answer) -> Iterator[str]:
    """Yield the headings (field paths), then the rows. Raises :class:`UsageError` if the answer has no rows."""
    if not answer.columns:
        raise UsageError("This answer is no table, so it cannot be written as CSV.", "Use -o json, md or tsv.")
    yield _line([column.path for column in answer.columns])
    for row in answer.rows:
        yield _line([_cell(at(row, column.path)) for column in answer.columns])


def _cell(value: object) -> str:
    text = plain(value)
    return text if isinstance(value, (int, float)) else spreadsheet_cell(text)


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
