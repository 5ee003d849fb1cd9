"""What a compliance report holds, whatever the format it is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from poise.model.compliance import ControlStatus, Result, StandardStatus
from poise.model.finding import Finding
from poise.model.standard import Section, Standard

Findings = Callable[[str], Iterable[Finding]]
"""Check id -> findings."""
STATE_WORDS = {
    Result.PASSED: "passed",
    Result.FAILED: "failed",
    Result.UNKNOWN: "not assessed",
    Result.SKIPPED: "skipped",
    Result.UNSUPPORTED: "unsupported",
}
BASIS_WORDS = {
    "checks": "by checks",
    "attested": "attested",
    "no_data": "nothing there to judge",
    "manual": "manual",
    "not_automated": "not yet automated",
}


class ComplianceReport(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one standard at one moment. Times are UTC."""

    made_at: datetime
    version: str
    """Version of Poise."""
    standard: Standard
    status: StandardStatus
    scopes: tuple[str, ...]
    """Accounts, subscriptions and projects that were looked at."""
    titles: Mapping[str, str]
    """Check id -> title."""
    findings: Findings
    """Check id -> its open findings, as a stream that may be asked for again."""

    def controls_of(self) -> Mapping[str, tuple[ControlStatus, ...]]:
        """Return check id -> controls that it answers, in the order of the standard."""
        found: dict[str, tuple[ControlStatus, ...]] = {}
        for control in self.status.controls:
            for made in control.assessments:
                found[made.check] = (*found.get(made.check, ()), control)
        return found


def by_section(report: ComplianceReport) -> Iterator[tuple[Section | None, int, tuple[ControlStatus, ...]]]:
    """Yield each section with its depth and its own controls, in the order of the standard; None for no section."""
    inside: dict[str, list[ControlStatus]] = {}
    for control in report.status.controls:
        inside.setdefault(control.section, []).append(control)
    if "" in inside:
        yield None, 0, tuple(inside[""])
    depths: dict[str, int] = {}
    for section in in_order(report.standard.sections):
        depths[section.number] = depths[section.within] + 1 if section.within else 0
        yield section, depths[section.number], tuple(inside.get(section.number, ()))


def in_order(sections: tuple[Section, ...], within: str = "") -> Iterator[Section]:
    """Yield sections so that each comes after the one around it, and before the next beside it."""
    for section in sections:
        if section.within == within:
            yield section
            yield from in_order(sections, section.number)
