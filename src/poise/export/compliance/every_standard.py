"""One CSV of all standards, of millions of rows: each finding is read once, and its cells are written once.

A row is the cells of a control, then those of a finding. Both are bytes that are made once and joined, so a row costs
little more than copying it. The columns are those of the report of one standard.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from poise.export.compliance.csv import CONTROL_CELLS, HEADINGS, control_line, line
from poise.export.compliance.material import STATE_WORDS, ComplianceReport
from poise.model.compliance import ControlStatus
from poise.model.text import FORMULA, spreadsheet_cell

Line = Sequence[str]
"""Cells of a finding as of the headings, without evidence."""
Lines = Callable[[str], Iterable[Line]]
"""Check id -> its findings."""
Head = tuple[frozenset[str], bytes]
"""Scopes that a standard holds for, and the cells that tell one of its controls, with the comma after them."""
SCOPE_CELL = 9
"""Place of the scope in a line."""
EVIDENCE_CELL = 12
"""Place of the evidence among the cells of a finding; it is left empty."""
COMMAS = len(HEADINGS) - CONTROL_CELLS - 1
starts_formula = re.compile(f",[{re.escape(''.join(sorted(FORMULA)))}]").search
PIECE_BYTES = 128 * 1024
"""Rows are given in pieces of about this size: it stays in a processor's cache."""


def render(reports: Sequence[ComplianceReport], lines: Lines) -> Iterator[bytes]:
    """Yield the rows of several standards in UTF-8: each control, then each finding with each control of its check.

    ``lines`` gives the findings of a check in all scopes of the reports. Their rows name standard, control and state,
    and leave the rest of the control to its own row; evidence is in the report of one standard.
    """
    yield line(HEADINGS).encode()
    heads: dict[str, list[Head]] = {}
    for report in reports:
        scopes = frozenset(report.scopes)
        for control in report.status.controls:
            yield control_line(report, control).encode()
            head = _head(report, control)
            for made in control.assessments:
                heads.setdefault(made.check, []).append((scopes, head))
    for check, controls in heads.items():
        yield from _pieces(_rows(controls, lines(check)))


def _head(report: ComplianceReport, control: ControlStatus) -> bytes:
    """Return the cells that tell which control a finding is of."""
    known = {
        "row": "finding",
        "standard": report.standard.id,
        "control": control.control,
        "state": STATE_WORDS[control.state],
    }
    cells = (spreadsheet_cell(known.get(name, "")) for name in HEADINGS[:CONTROL_CELLS])
    return line(cells).removesuffix("\r\n").encode() + b","


def _rows(controls: Sequence[Head], lines: Iterable[Line]) -> Iterator[bytes]:
    """Yield the rows of each finding: its cells, put behind the cells of each control that holds for its scope."""
    around: dict[str, tuple[bytes, ...]] = {}
    for cells in lines:
        place = cells[SCOPE_CELL]
        if place not in around:
            around[place] = (*(head for scopes, head in controls if place in scopes), b"")
        yield finding_line(cells).join(around[place])


def finding_line(cells: Line) -> bytes:
    """Return the cells of a finding with their line break; as :mod:`csv` writes them, which is slower."""
    text = f"{','.join(cells[:EVIDENCE_CELL])},,{','.join(cells[EVIDENCE_CELL:])}"
    # Nearly every line is printable ASCII without quotes, line breaks and commas of its own: no cell needs quoting.
    # The first cell is an id of ours, so that a cell that begins like a formula stands behind a comma.
    is_plain = text.isascii() and text.isprintable() and '"' not in text and text.count(",") == COMMAS
    if is_plain and not starts_formula(text):
        return text.encode() + b"\r\n"
    safe = [spreadsheet_cell(cell) for cell in cells]
    return line((*safe[:EVIDENCE_CELL], "", *safe[EVIDENCE_CELL:])).encode()


def _pieces(rows: Iterable[bytes]) -> Iterator[bytes]:
    some: list[bytes] = []
    size = 0
    for row in rows:
        some.append(row)
        size += len(row)
        if size >= PIECE_BYTES:
            yield b"".join(some)
            some, size = [], 0
    if some:
        yield b"".join(some)
