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
    """Yield the headings, the controls, then the findings of each control with their evidence, check by check."""
    yield line(HEADINGS)
    heads: dict[str, list[str]] = {}
    for control in report.status.controls:
        yield control_line(report, control)
        head = line(_control(report, control, "finding")).removesuffix("\r\n") + ","
        for made in control.assessments:
            heads.setdefault(made.check, []).append(head)
    for check, before in heads.items():
        around = [*before, ""]
        for finding in report.findings(check):
            yield line(_finding(finding)).join(around)


def control_line(report: ComplianceReport, control: ControlStatus) -> str:
    """Return the row of a control."""
    return line((*_control(report, control, "control"), *[""] * (len(HEADINGS) - CONTROL_CELLS)))


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
    """Return the cells of a finding. Words of ours need no care, which halves the time of a large report."""
    asset = finding.asset
    return (
        finding.id,
        finding.check,
        finding.verdict,
        finding.severity,
        finding.effect,
        spreadsheet_cell(asset.id),
        spreadsheet_cell(asset.kind),
        spreadsheet_cell(asset.name),
        asset.provider,
        spreadsheet_cell(asset.scope),
        spreadsheet_cell(asset.region),
        spreadsheet_cell(finding.reason),
        "" if finding.evidence is None else spreadsheet_cell(msgspec.json.encode(finding.evidence).decode()),
        finding.first_seen.isoformat() if finding.first_seen else "",
        finding.read_at.isoformat(),
    )


def line(cells: Iterable[str]) -> str:
    """Return a row with its line break."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
