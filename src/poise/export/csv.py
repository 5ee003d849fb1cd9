"""CSV (RFC 4180): a line for each finding. No cell is taken for a formula by a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from poise.export.report import Report
from poise.model.finding import Finding
from poise.model.text import spreadsheet_cell

NAME = "csv"
HEADINGS = (
    "id",
    "check",
    "title",
    "severity",
    "risk",
    "verdict",
    "reason",
    "evidence",
    "asset",
    "kind",
    "name",
    "provider",
    "scope",
    "region",
    "first_seen",
    "read_at",
    "source",
    "effect",
    "owner",
    "due",
    "controls",
)


def render(report: Report) -> Iterator[str]:
    """Yield the headings, then the findings."""
    yield _line(HEADINGS)
    for finding in report.findings:
        yield _line(spreadsheet_cell(cell) for cell in _cells(finding))


def _cells(finding: Finding) -> tuple[str, ...]:
    asset = finding.asset
    return (
        finding.id,
        finding.check,
        finding.title,
        finding.severity,
        finding.risk.level,
        finding.verdict,
        finding.reason,
        "" if finding.evidence is None else msgspec.json.encode(finding.evidence).decode(),
        asset.id,
        asset.kind,
        asset.name,
        asset.provider,
        asset.scope,
        asset.region,
        finding.first_seen.isoformat() if finding.first_seen else "",
        finding.read_at.isoformat(),
        finding.source,
        finding.effect,
        finding.owner or "",
        finding.due.isoformat() if finding.due else "",
        " ".join(f"{ref.standard}:{ref.control}" for ref in finding.controls),
    )


def _line(cells: Iterator[str] | tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
