"""CSV (RFC 4180): a row for each control, then a row for each open finding and control. Findings are streamed.

No cell is taken for a formula by a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

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
SCOPE_CELL = 9
"""Place of the scope in a line."""
ROWS_AT_ONCE = 500
"""Findings whose rows are written together."""
Row = tuple[str, ...]
"""Cells of a finding as of the headings, without evidence."""
Lines = Callable[[str], Iterable[Row]]
"""Check id -> its findings."""


def render(report: ComplianceReport) -> Iterator[str]:
    """Yield the headings, the controls, then the findings of each control with their evidence, check by check."""
    yield _line(HEADINGS)
    heads: dict[str, list[str]] = {}
    for control in report.status.controls:
        yield _control_line(report, control)
        head = _line(_control(report, control, "finding")).removesuffix("\r\n") + ","
        for made in control.assessments:
            heads.setdefault(made.check, []).append(head)
    for check, before in heads.items():
        around = [*before, ""]
        for finding in report.findings(check):
            yield _line(_finding(finding)).join(around)


def render_every(reports: Sequence[ComplianceReport], lines: Lines) -> Iterator[str]:
    """Yield the rows of several standards, each finding read once for all of them.

    ``lines`` gives the findings of a check in all scopes of the reports. Their rows name standard, control and state,
    and leave the rest of the control to its own row; evidence is in the report of one standard.
    """
    yield _line(HEADINGS)
    heads: dict[str, list[tuple[frozenset[str], str]]] = {}
    for report in reports:
        scopes = frozenset(report.scopes)
        for control in report.status.controls:
            yield _control_line(report, control)
            head = _line(_brief(report, control)).removesuffix("\r\n") + ","
            for made in control.assessments:
                heads.setdefault(made.check, []).append((scopes, head))
    for check, controls in heads.items():
        yield from _batched(_rows(controls, lines(check)))


def _rows(controls: Sequence[tuple[frozenset[str], str]], lines: Iterable[Row]) -> Iterator[str]:
    """Yield the rows of each finding: its cells are written once, then put behind the cells of each control."""
    around: dict[str, list[str]] = {}
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\r\n").writerow
    for line in lines:
        place = line[SCOPE_CELL]
        if place not in around:
            around[place] = [*(head for scopes, head in controls if place in scopes), ""]
        out.seek(0)
        out.truncate()
        write([*line[:5], *map(spreadsheet_cell, line[5:12]), "", *line[12:]])
        yield out.getvalue().join(around[place])


def _batched(rows: Iterator[str]) -> Iterator[str]:
    while some := "".join(islice(rows, ROWS_AT_ONCE)):
        yield some


def _brief(report: ComplianceReport, control: ControlStatus) -> tuple[str, ...]:
    """Return the cells that tell which control a finding is of."""
    cells = [""] * CONTROL_CELLS
    cells[0] = "finding"
    for name, cell in (
        ("standard", report.standard.id),
        ("control", control.control),
        ("state", STATE_WORDS[control.state]),
    ):
        cells[HEADINGS.index(name)] = spreadsheet_cell(cell)
    return tuple(cells)


def _control_line(report: ComplianceReport, control: ControlStatus) -> str:
    return _line((*_control(report, control, "control"), *[""] * (len(HEADINGS) - CONTROL_CELLS)))


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


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
