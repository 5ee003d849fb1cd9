"""What a report holds, whatever the format it is written in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from poise.export.machines import MachineReport
from poise.model.check import Check
from poise.model.finding import Finding
from poise.model.listings import Coverage
from poise.model.verdict import Severity, State


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """A check with the counts of its verdicts."""

    check: str
    """Check id."""
    title: str
    severity: Severity
    healthy: int
    unhealthy: int
    unknown: int
    exempt: int
    """Verdicts that do not count: waived, mitigated, in grace or switched off."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The state of an estate at one moment. Times are UTC."""

    made_at: datetime
    version: str
    """Version of Poise."""
    assets: int
    """Number of assets that were judged."""
    score: Mapping[str, Any]
    """The secure score, as `poise score -o json` gives it."""
    coverage: Coverage
    recommendations: tuple[Recommendation, ...]
    """Worst first."""
    findings: Iterable[Finding]
    """Those that are open. They may come as a stream, so a format reads them once."""
    checks: Mapping[str, Check]
    """The checks that the findings name, by id."""
    machines: Iterable[MachineReport] = ()
    """Machines with their software, read once like the findings."""


def by_check(report: Report) -> Iterator[tuple[Recommendation, Sequence[Finding]]]:
    """Yield every recommendation that has findings, with these, worst first."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(finding.check, []).append(finding)
    for recommendation in report.recommendations:
        if recommendation.check in groups:
            yield recommendation, sorted(groups[recommendation.check], key=_worst_first)


def _worst_first(finding: Finding) -> tuple[bool, int, str]:
    return finding.verdict != State.UNHEALTHY, -finding.risk.level.rank, finding.asset.id
