"""A row for each control, and one for each finding and control."""

from __future__ import annotations

import csv
import io

from poise.export.compliance import csv as compliance_csv
from tests.export.compliance.material import CHECK, CONTROLS, FINDINGS, OTHER, report
from tests.export.estate import FORMULA


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(compliance_csv.render(report())))))


def test_every_control_has_a_row_with_its_state():
    found = [row for row in rows() if row["row"] == "control"]
    assert [row["control"] for row in found] == [control.control for control in CONTROLS]
    assert [row["state"] for row in found] == [
        "failed",
        "not assessed",
        "passed",
        "skipped",
        "passed",
        "unsupported",
        "unsupported",
        "unsupported",
    ]
    assert [row["basis"] for row in found][-4:] == ["attested", "manual", "not yet automated", "nothing there to judge"]
    assert (found[4]["attested_by"], found[4]["attested_until"][:10]) == ("ann@example.org", "2026-12-25")


def test_every_finding_has_a_row_for_each_of_its_controls():
    found = [(row["control"], row["finding"]) for row in rows() if row["row"] == "finding"]
    expected = [("1.1", finding.id) for finding in FINDINGS[CHECK]]
    expected += [(number, finding.id) for finding in FINDINGS[OTHER] for number in ("1.1", "1.2")]
    assert found == expected


def test_no_cell_is_taken_for_a_formula():
    assert all(cell[:1] not in "=+-@" for row in rows() for cell in row.values() if cell)
    assert f"'{FORMULA}" in {row["name"] for row in rows()}


def test_findings_are_streamed():
    asked: list[str] = []

    def findings(check: str):
        asked.append(check)
        return iter(FINDINGS.get(check, ()))

    pieces = compliance_csv.render(
        type(report())(**{n: getattr(report(), n) for n in report().__struct_fields__} | {"findings": findings})
    )
    for _ in range(1 + len(CONTROLS)):
        next(pieces)
    assert asked == []
    next(pieces)
    assert asked == [CHECK]
