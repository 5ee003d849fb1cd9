"""Standards and their controls in words and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from poise.app import compliance_reports as reports
from poise.cli.output.answer import Column
from poise.cli.output.blocks import Block, Facts, Grid, Heading, Paragraph
from poise.comply.comparison import Comparison
from poise.model.compliance import ControlStatus, Result, StandardStatus
from poise.model.standard import Standard

WORDS = {
    "passed": "passed",
    "failed": "failed",
    "unknown": "not assessed",
    "skipped": "skipped",
    "unsupported": "unsupported",
    "checks": "checks",
    "attested": "attested",
    "no_data": "nothing to judge",
    "manual": "manual",
    "not_automated": "not yet automated",
}
STYLES = {"passed": "green", "failed": "red", "unknown": "yellow", "skipped": "dim", "unsupported": "dim"}


def words(value: Any) -> str:
    """Return a state, or what it rests on, as words."""
    return "" if value is None else WORDS.get(str(value), str(value))


def style(value: Any) -> str:
    """Return the colour of a state."""
    return STYLES.get(str(value), "")


def percent(value: Any) -> str:
    """Return the headline: `62 %`, or a dash where nothing is supported."""
    return "-" if value is None else f"{value * 100:.0f} %"


SUMMARY_COLUMNS = (
    Column("Standard", "standard"),
    Column("Title", "title"),
    Column("Version", "version"),
    Column("State", "state", words, style),
    Column("Score", "percentage", percent),
    Column("Passed", "tally.passed"),
    Column("Failed", "tally.failed"),
    Column("Not assessed", "tally.unknown"),
    Column("Skipped", "tally.skipped"),
    Column("Manual", "tally.manual"),
    Column("Not automated", "tally.not_automated"),
    Column("No data", "tally.no_data"),
)
CONTROL_COLUMNS = (
    Column("Control", "control"),
    Column("Title", "title"),
    Column("State", "state", words, style),
    Column("Basis", "basis", words),
    Column("Check", "check"),
    Column("Failed", "failed_assets"),
    Column("Unknown", "unknown_assets"),
    Column("Passed", "passed_assets"),
)
CHANGED_COLUMNS = (
    Column("Control", "control"),
    Column("Title", "title"),
    Column("Then", "before", words, style),
    Column("After", "after", words, style),
)
PAIR_COLUMNS = (
    Column("Control", "control"),
    Column("State", "state", words, style),
    Column("Title", "title"),
    Column("Other", "other"),
    Column("State", "other_state", words, style),
    Column("Title", "other_title"),
    Column("Checks", "checks"),
)
ALONE_COLUMNS = (Column("Control", "control"), Column("Title", "title"), Column("State", "state", words, style))


def tree(standard: Standard, status: StandardStatus) -> list[Block]:
    """Return a standard as a page: sections, in each its controls, under each its checks."""
    blocks: list[Block] = [Heading(standard.name), Facts(_facts(status))]
    blocks += [Paragraph(standard.notes)] if standard.notes else []
    blocks += _grid([control for control in status.controls if not control.section])
    return blocks + list(_sections(standard, status, ""))


def _sections(standard: Standard, status: StandardStatus, within: str) -> Iterator[Block]:
    for section in standard.sections:
        if section.within == within:
            yield Heading(f"{section.number} {section.title}")
            yield from _grid([control for control in status.controls if control.section == section.number])
            yield from _sections(standard, status, section.number)


def _grid(controls: Sequence[ControlStatus]) -> list[Block]:
    return [Grid([row for control in controls for row in control_rows(control)], CONTROL_COLUMNS)] if controls else []


def control_rows(control: ControlStatus) -> list[dict[str, Any]]:
    """Return a row for a control, then one for each of its checks."""
    head = {"control": control.control, "title": control.title, "state": control.state, "basis": control.basis}
    unknown = sum(made.unknown for made in control.assessments)
    passed = sum(made.passed for made in control.assessments)
    rows = [head | _numbers(control.failed_assets, unknown, passed)]
    return rows + [
        {"state": made.state, "check": made.check, **_numbers(made.failed, made.unknown, made.passed)}
        for made in control.assessments
        if made.state is not Result.UNSUPPORTED
    ]


def _numbers(failed: int, unknown: int, passed: int) -> dict[str, Any]:
    return {"failed_assets": failed or "", "unknown_assets": unknown or "", "passed_assets": passed or ""}


def _facts(status: StandardStatus) -> list[tuple[str, str]]:
    tally = status.tally
    return [
        ("State", words(status.state)),
        ("Passed", f"{percent(status.percentage)} ({tally.passed} of {tally.supported} supported controls)"),
        ("Failed", str(tally.failed)),
        ("Not assessed", str(tally.unknown)),
        ("Skipped", str(tally.skipped)),
        (
            "Unsupported",
            f"{tally.manual} manual, {tally.not_automated} not yet automated, {tally.no_data} without data",
        ),
    ]


def side_by_side(found: Comparison) -> list[Block]:
    """Return two standards as a page: what they share, and what each has alone."""
    shape = reports.comparison_json(found)
    first, second = found.first.title, found.second.title
    return [
        Heading(f"{first} and {second}"),
        Grid([reports.summary_json(found.first), reports.summary_json(found.second)], SUMMARY_COLUMNS),
        Heading("Answered by the same checks"),
        Grid(shape["pairs"], PAIR_COLUMNS),
        Heading(f"Only in {first}"),
        Grid(shape["only_first"], ALONE_COLUMNS),
        Heading(f"Only in {second}"),
        Grid(shape["only_second"], ALONE_COLUMNS),
    ]
