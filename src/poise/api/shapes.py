"""Rows as programs read them: the JSON of the API and of exports, and the same as lines of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from poise.api.reading import Workspace
from poise.model import Check
from poise.model.finding import Effect, Finding
from poise.model.listings import AssetRow, FindingRow, RecommendationRow

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
    "unread",
    "read_at",
    "source",
)
CHECK_COLUMNS = ("id", "title", "severity", "kind", "category", "status", "control")
SCAN_COLUMNS = ("id", "state", "source", "command", "started", "finished")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Row = Mapping[str, Any]
T = TypeVar("T")


def finding(row: FindingRow, workspace: Workspace) -> Row:
    """Shape one finding, with the title and the controls of its check."""
    check = workspace.checks().get(row.check)
    made = Finding(
        id=row.id,
        check=row.check,
        title=check.title if check else row.check,
        severity=row.severity,
        risk=row.risk,
        verdict=row.state,
        reason=row.reason,
        evidence=row.evidence,
        read_at=row.read_at,
        source=row.source,
        asset=row.asset,
        first_seen=row.first_seen,
        owner=None,
        due=None,
        exemption=None if row.effect is Effect.COUNTED else row.effect.value,
        effect=row.effect,
        controls=tuple(workspace.controls().get(row.check, ())),
    )
    shaped: Row = msgspec.to_builtins(made)
    return shaped


def recommendation(row: RecommendationRow, workspace: Workspace) -> Row:
    """Shape one recommendation, with the title of its check."""
    check = workspace.checks().get(row.check)
    shaped: dict[str, Any] = msgspec.to_builtins(row)
    return {"check": row.check, "title": check.title if check else row.check} | shaped


def asset(row: AssetRow, workspace: Workspace) -> Row:
    """Shape one asset with its counts; identity first."""
    shaped: dict[str, Any] = msgspec.to_builtins(row)
    return shaped.pop("asset") | shaped


def check(check: Check, workspace: Workspace) -> Row:
    """Shape one check, without its texts."""
    control = next((c.name for c in workspace.score_controls() if check.id in c.checks), None)
    return {
        "id": check.id,
        "title": check.title,
        "severity": check.severity.value,
        "kind": check.asset.KIND,
        "category": check.category.value,
        "status": check.status.value,
        "control": control,
        "standards": plain(workspace.controls().get(check.id, ())),
    }


def plain(value: Any) -> Any:
    """Turn records into what JSON knows."""
    return msgspec.to_builtins(value)


def to_csv(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """Write rows as CSV: the header, then a line each. A column may name a nested value: ``asset.name``.

    A cell that a spreadsheet would take for a formula is given a leading apostrophe.
    """
    yield _line(columns)
    for row in rows:
        yield _line(_at(row, column) for column in columns)


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


def _line(cells: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple | Mapping):
        value = msgspec.json.encode(value).decode()
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
