"""The filtered set as a file: every row of a list, read a thousand at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from starlette.responses import Response, StreamingResponse

from poise.api import shapes
from poise.model.listings import Page, Paging

FORMATS = ("csv", "json")
ROWS_AT_ONCE = 1000


def every(query: Callable[[Paging], Page[shapes.T]]) -> Iterator[shapes.T]:
    """Yield all rows of a list."""
    cursor: str | None = None
    while True:
        page = query(Paging(limit=ROWS_AT_ONCE, cursor=cursor, count_up_to=1))
        yield from page.rows
        if page.cursor is None:
            return
        cursor = page.cursor


def download(name: str, form: str, rows: Iterator[shapes.Row], columns: Sequence[str]) -> Response:
    """Answer with a file of the rows."""
    text = shapes.to_csv(rows, columns) if form == "csv" else shapes.to_json(rows)
    headers = {"Content-Disposition": f'attachment; filename="poise-{name}.{form}"'}
    media_type = "text/csv" if form == "csv" else "application/json"
    return StreamingResponse(text, headers=headers, media_type=media_type)
