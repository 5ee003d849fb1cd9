"""The filtered set as a file: every row of a list, with bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from starlette.responses import Response, StreamingResponse

from poise.api import tables
from poise.app import queries
from poise.app.shapes import assets as every_asset
from poise.app.shapes import finding_json, recommendation_json
from poise.model.listings import AssetFilter, FindingFilter, Order, Page, Paging
from poise.web.visit import Visit

T = TypeVar("T")

FORMATS = ("csv", "json")
ROWS_AT_ONCE = 1000


def of_recommendations(visit: Visit, view: str, wanted: FindingFilter, form: str) -> Response:
    """Answer with the rows of a view of the recommendations."""
    workspace = visit.workspace
    if view == "flat":
        found = map(finding_json, queries.all_findings(workspace, wanted))
        return download("findings", form, found, tables.FINDING_COLUMNS)
    if view == "asset":
        rows = _every(lambda paging: queries.assets_with_findings(workspace, wanted, paging))
        return download("assets", form, (tables.asset(row) for row in rows), tables.ASSET_COLUMNS)
    checks = map(recommendation_json, queries.open_recommendations(workspace, wanted))
    return download("recommendations", form, checks, tables.RECOMMENDATION_COLUMNS)


def of_assets(visit: Visit, wanted: AssetFilter, form: str) -> Response:
    """Answer with the assets that are wanted; as JSON with all their facts, so that a scan can read them back."""
    if form == "json":
        return download("assets", form, every_asset(visit.workspace, wanted), tables.ASSET_COLUMNS)
    rows = _every(lambda paging: queries.assets(visit.workspace, wanted, paging))
    return download("assets", form, (tables.asset(row) for row in rows), tables.ASSET_COLUMNS)


def _every(query: Callable[[Paging], Page[T]]) -> Iterator[T]:
    cursor: str | None = None
    while True:
        page = query(Paging(order=Order.ID, limit=ROWS_AT_ONCE, cursor=cursor, count_up_to=1))
        yield from page.rows
        if page.cursor is None:
            return
        cursor = page.cursor


def download(name: str, form: str, rows: Iterator[tables.Row], columns: Sequence[str]) -> Response:
    """Answer with rows as a file."""
    text = tables.to_csv(rows, columns) if form == "csv" else tables.to_json(rows)
    headers = {"Content-Disposition": f'attachment; filename="poise-{name}.{form}"'}
    media_type = "text/csv" if form == "csv" else "application/json"
    return StreamingResponse(text, headers=headers, media_type=media_type)
