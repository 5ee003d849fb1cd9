"""What a report holds, whatever the format it is written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from poise.model.check import Check
from poise.model.finding import Finding
from poise.model.listings import Coverage
from poise.model.verdict import Severity


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
    findings: tuple[Finding, ...]
    """Worst first."""
    checks: Mapping[str, Check]
    """The checks that the findings name, by id."""


def by_check(report: Report) -> Iterator[tuple[Recommendation, tuple[Finding, ...]]]:
    """Yield every recommendation that has findings, with these, in the order of the report."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(finding.check, []).append(finding)
    for recommendation in report.recommendations:
        if recommendation.check in groups:
            yield recommendation, tuple(groups[recommendation.check])
