"""The one table of all standards is what a plain loop with Python's own CSV writer gives, whatever stands in a cell."""

from __future__ import annotations

import csv
import io

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from poise.export.compliance import every_standard
from poise.export.compliance.csv import CONTROL_CELLS, HEADINGS, control_line
from poise.export.compliance.material import STATE_WORDS, ComplianceReport
from poise.model.text import spreadsheet_cell
from tests.export.compliance.material import CHECK, CONTROLS, OTHER, report
from tests.export.estate import FORMULA, REVERSED

ACCOUNTS = ("111122223333", "444455556666")
MOMENT = "2026-11-25T09:30:00+00:00"
WORDS = st.one_of(
    st.text(max_size=12),
    st.text("ab,\"'\r\n\t=+-@;\x00\x7f\xe9\u202e ", max_size=6),
    st.sampled_from(["", "bucket-1", FORMULA, REVERSED, ",", '"', "-", "a,=b", '",="', "a\r\nb"]),
)
CELLS = ("finding", "check", "verdict", "severity", "effect", "asset", "kind", "name", "provider", "scope", "region")


def line_of(number: int, check: str, scope: str, texts: list[str]) -> tuple[str, ...]:
    asset, kind, name, region, reason = texts
    words = (f"{number:020x}", check, "unhealthy", "high", "counted", asset, kind, name, "aws", scope, region, reason)
    return (*words, MOMENT, MOMENT)


@st.composite
def estates(draw):
    """Draw some reports over some accounts, and check id -> the lines of its findings."""
    reports = tuple(
        msgspec.structs.replace(
            report(*draw(st.lists(st.sampled_from(CONTROLS), max_size=4)), id=f"house_{n}"),
            scopes=tuple(sorted(draw(st.sets(st.sampled_from(ACCOUNTS))))),
        )
        for n in range(draw(st.integers(0, 3)))
    )
    texts = st.lists(WORDS, min_size=5, max_size=5)
    lines = {
        check: [line_of(n, check, draw(st.sampled_from(ACCOUNTS)), draw(texts)) for n in range(draw(st.integers(0, 4)))]
        for check in (CHECK, OTHER)
    }
    return reports, lines


def literal(reports: tuple[ComplianceReport, ...], lines: dict[str, list[tuple[str, ...]]]) -> str:
    """Write the rows one by one, as the documentation of the table says."""
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADINGS, restval="", lineterminator="\r\n")
    writer.writeheader()
    order: list[str] = []
    for each in reports:
        for control in each.status.controls:
            out.write(control_line(each, control))
            order += [made.check for made in control.assessments if made.check not in order]
    for check in order:
        for line in lines.get(check, ()):
            told = dict(zip((*CELLS, "reason", "first_seen", "read_at"), map(spreadsheet_cell, line), strict=True))
            for each in reports:
                for control in each.status.controls:
                    if line[9] in each.scopes and check in [made.check for made in control.assessments]:
                        known = {"row": "finding", "standard": each.standard.id, "control": control.control}
                        writer.writerow(known | {"state": STATE_WORDS[control.state]} | told)
    return out.getvalue()


@settings(max_examples=150, deadline=None)
@given(estates())
def test_it_is_what_a_plain_loop_writes(estate):
    reports, lines = estate
    written = b"".join(every_standard.render(reports, lambda check: lines.get(check, ())))
    assert written.decode() == literal(reports, lines)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, min_size=5, max_size=5))
def test_a_line_is_what_the_csv_module_writes(texts):
    line = line_of(1, CHECK, ACCOUNTS[0], texts)
    out = io.StringIO()
    cells = [spreadsheet_cell(cell) for cell in line]
    csv.writer(out, lineterminator="\r\n").writerow([*cells[:12], "", *cells[12:]])
    assert every_standard.finding_line(line).decode() == out.getvalue()


def test_pieces_stay_small_and_end_with_a_row():
    lines = [line_of(n, CHECK, ACCOUNTS[0], ["a", "b", "c", "d", "x" * 200]) for n in range(4000)]
    pieces = list(every_standard.render((report(),), lambda check: lines if check == CHECK else ()))
    assert all(piece.endswith(b"\r\n") for piece in pieces)
    assert max(map(len, pieces)) < 2 * every_standard.PIECE_BYTES
    assert len(pieces) < 20 + len(CONTROLS)
    assert len(HEADINGS) == CONTROL_CELLS + 15
