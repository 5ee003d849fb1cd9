"""CSV (RFC 4180): a row for each control, then a row for each open finding and control. Findings are streamed.

No cell is taken for a formula by a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from poise.export.compliance.material import BASIS_WORDS, STATE_WORDS, ComplianceReport
from poise.model.compliance import ControlStatus
from poise.model.finding import Finding
from poise.model.text import spreadsheet_cell

NAME = "csv"
HEADINGS = (
    "row",
    "standard",
    "version",
    "section",
    "control",
    "title",
    "state",
    "basis",
    "passed_checks",
    "failed_checks",
    "skipped_checks",
    "unknown_checks",
    "failed_assets",
    "attested_by",
    "attested_until",
    "statement",
    "finding",
    "check",
    "verdict",
    "severity",
    "effect",
    "asset",
    "kind",
    "name",
    "provider",
    "scope",
    "region",
    "reason",
    "evidence",
    "first_seen",
    "read_at",
)
CONTROL_CELLS = HEADINGS.index("finding")
"""Cells of a row that are about the control."""


def render(report: ComplianceReport) -> Iterator[str]:
    """Yield the headings, the controls, then the findings of each control, check by check."""
    yield _line(HEADINGS)
    for control in report.status.controls:
        yield _line((*_control(report, control, "control"), *[""] * (len(HEADINGS) - CONTROL_CELLS)))
    for check, controls in report.controls_of().items():
        heads = [_line(_control(report, control, "finding")).removesuffix("\r\n") for control in controls]
        for finding in report.findings(check):
            tail = _line(_finding(finding))
            yield "".join(f"{head},{tail}" for head in heads)


def _control(report: ComplianceReport, control: ControlStatus, row: str) -> tuple[str, ...]:
    last = control.attestations[-1] if control.attestations else None
    numbers = (control.passed, control.failed, control.skipped, control.unknown, control.failed_assets)
    cells = (
        row,
        report.standard.id,
        report.standard.version,
        control.section,
        control.control,
        control.title,
        STATE_WORDS[control.state],
        BASIS_WORDS[control.basis],
        *(str(number) for number in numbers),
        last.by if last else "",
        last.until.isoformat() if last else "",
        last.statement if last else "",
    )
    return tuple(spreadsheet_cell(cell) for cell in cells)


def _finding(finding: Finding) -> tuple[str, ...]:
    asset = finding.asset
    cells = (
        finding.id,
        finding.check,
        finding.verdict,
        finding.severity,
        finding.effect,
        asset.id,
        asset.kind,
        asset.name,
        asset.provider,
        asset.scope,
        asset.region,
        finding.reason,
        "" if finding.evidence is None else msgspec.json.encode(finding.evidence).decode(),
        finding.first_seen.isoformat() if finding.first_seen else "",
        finding.read_at.isoformat(),
    )
    return tuple(spreadsheet_cell(cell) for cell in cells)


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
