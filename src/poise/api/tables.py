"""Lists as tables: which columns, and CSV or JSON row by row. The JSON of single things is in `poise.app.shapes`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from poise.model.listings import AssetRow
from poise.model.text import spreadsheet_cell

Row = Mapping[str, Any]

FINDING_COLUMNS = (
    "id",
    "check",
    "title",
    "severity",
    "risk.level",
    "verdict",
    "effect",
    "reason",
    "evidence",
    "asset.id",
    "asset.kind",
    "asset.name",
    "asset.provider",
    "asset.scope",
    "asset.region",
    "first_seen",
    "read_at",
    "source",
    "owner",
    "due",
    "rule",
    "eta",
    "exemption",
    "effect_until",
)
RECOMMENDATION_COLUMNS = (
    "check",
    "title",
    "severity",
    "highest_risk",
    "counts.unhealthy",
    "counts.unknown",
    "counts.healthy",
    "counts.not_applicable",
    "scopes",
    "first_seen",
    "category",
    "provider",
    "kind",
    "control",
)
ASSET_COLUMNS = (
    "id",
    "kind",
    "name",
    "provider",
    "scope",
    "region",
    "tags",
    "highest_risk",
    "open.critical",
    "open.high",
    "open.medium",
    "open.low",
    "open.unknown",
    "unread_facts",
    "read_at",
    "source",
)
CHECK_COLUMNS = ("id", "title", "severity", "kind", "provider", "category", "status", "control")
GOVERNANCE_COLUMNS = (
    "by",
    "name",
    "completed",
    "completed_late",
    "on_time",
    "overdue",
    "unassigned",
    "with_eta",
    "open",
    "mean_days",
    "overdue_by_risk.critical",
    "overdue_by_risk.high",
    "overdue_by_risk.medium",
    "overdue_by_risk.low",
)
MACHINE_COLUMNS = (
    "id",
    "name",
    "scope",
    "state",
    "reason",
    "read_at",
    "method",
    "os",
    "packages",
    "exploited",
    "secrets",
)
SOFTWARE_COLUMNS = ("name", "version", "ecosystem", "machines", "vulnerabilities")
SCAN_COLUMNS = ("id", "state", "source", "command", "started", "finished")


def asset(row: AssetRow) -> Row:
    """Shape one asset for a list: identity, then counts. Its facts are in the single asset."""
    shaped: dict[str, Any] = msgspec.to_builtins(row)
    identity: dict[str, Any] = shaped.pop("asset")
    return identity | shaped | {"unread_facts": shaped.pop("unread")}


def to_csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """Write rows as CSV: the header, then a line each. A column may name a nested value: ``asset.name``."""
    yield _line(columns)
    for row in rows:
        yield _line(_cell(_at(row, column)) for column in columns)


def to_json(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as one JSON list, a row a line."""
    before = "["
    for row in rows:
        yield f"{before}\n{msgspec.json.encode(row).decode()}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _at(row: Row, column: str) -> Any:
    value: Any = row
    for name in column.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return spreadsheet_cell(value if isinstance(value, str) else msgspec.json.encode(value).decode())


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
