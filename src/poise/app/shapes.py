"""The JSON that scripts rely on: fields are added freely and never renamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from poise.app import queries
from poise.app.reports import coverage_json
from poise.app.standards import Standards
from poise.app.workspace import Workspace
from poise.collect.assets_file import FORMAT_VERSION
from poise.model.asset import to_json
from poise.model.check import Check
from poise.model.finding import Finding
from poise.model.listings import AssetFilter, AssetRow, FindingFilter, Order, Page, Paging, ScanRow
from poise.score.secure import SecureScore
from poise.standards.library import control_of

Json = dict[str, Any]
PAGE = 500
"""Rows that are read at once while a whole list is written."""


def finding_json(finding: Finding) -> Json:
    """Return a finding."""
    shape: Json = msgspec.to_builtins(finding)
    return shape


def asset_json(row: AssetRow, asset: Any) -> Json:
    """Return an asset with its facts, in the form that `scan files` reads back."""
    shape = {"format_version": FORMAT_VERSION, **to_json(asset)}
    more = {"source": row.source, "read_at": row.read_at, "open": row.open, "highest_risk": row.highest_risk}
    return shape | {name: msgspec.to_builtins(value) for name, value in more.items()}


def recommendation_json(recommendation: queries.Recommendation) -> Json:
    """Return a recommendation."""
    shape: Json = msgspec.to_builtins(recommendation)
    return shape


def check_json(check: Check, standards: Standards | None = None) -> Json:
    """Return a check, without its texts."""
    return {
        "id": check.id,
        "title": check.title,
        "severity": check.severity.value,
        "kind": check.asset.KIND,
        "provider": check.provider,
        "category": check.category.value,
        "status": check.status.value,
        "control": control_of().get(check.id),
        "standards": msgspec.to_builtins((standards or Standards()).controls_of(check.id)),
    }


def scan_json(row: ScanRow) -> Json:
    """Return a scan; its coverage is there for a single one."""
    shape: Json = msgspec.to_builtins(row)
    return shape | {"coverage": coverage_json(row.coverage) if row.coverage else None}


def score_json(score: SecureScore) -> Json:
    """Return the secure score."""
    shape: Json = msgspec.to_builtins(score)
    return shape


def findings(workspace: Workspace, wanted: FindingFilter, order: Order = Order.RISK) -> Iterator[Finding]:
    """Yield every finding that a filter asks for, in order; memory stays bounded."""
    return _every(lambda paging: queries.findings(workspace, wanted, paging), order)


def assets(workspace: Workspace, wanted: AssetFilter) -> Iterator[Json]:
    """Yield every asset that a filter asks for, with its facts; memory stays bounded."""
    return (asset_json(row, asset) for row, asset in workspace.store.assets.all(workspace.viewer, wanted))


def _every(page: Callable[[Paging], Page[Finding]], order: Order) -> Iterator[Finding]:
    cursor: str | None = None
    while True:
        found = page(Paging(order=order, limit=PAGE, cursor=cursor, count_up_to=1))
        yield from found.rows
        cursor = found.cursor
        if cursor is None:
            return
