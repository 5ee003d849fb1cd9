"""Writes the present state in a format of `poise.export`."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise import __version__
from poise.app import queries
from poise.app.reports import report, report_findings
from poise.app.vulnerabilities_reporting import reported_machines
from poise.app.workspace import Workspace
from poise.export import formats
from poise.export.report import Recommendation, Report
from poise.model.errors import UsageError
from poise.model.listings import FindingFilter


def format_names() -> tuple[str, ...]:
    """Return the formats that there are."""
    return formats.names()


def export(workspace: Workspace, format: str, wanted: FindingFilter) -> Iterator[str] | Iterator[bytes]:
    """Yield the state of the scopes that a filter names, in a format. Raises :class:`UsageError` for an unknown one."""
    if format not in formats.names():
        raise UsageError(f"There is no report format {format!r}.", f"Choose from {', '.join(format_names())}.")
    return formats.get(format).render(_material(workspace, wanted))


def _material(workspace: Workspace, wanted: FindingFilter) -> Report:
    found = report(workspace, wanted)
    return Report(
        made_at=found.made,
        version=__version__,
        assets=found.assets,
        score=msgspec.to_builtins(found.score),
        coverage=found.coverage,
        recommendations=tuple(_counted(row) for row in found.recommendations),
        findings=report_findings(workspace, wanted),
        checks=workspace.checks,
        machines=reported_machines(workspace, wanted),
    )


def _counted(row: queries.Recommendation) -> Recommendation:
    counts = row.counts
    return Recommendation(
        check=row.check,
        title=row.title,
        severity=row.severity,
        healthy=counts.healthy,
        unhealthy=counts.unhealthy,
        unknown=counts.unknown,
        exempt=counts.waived + counts.mitigated + counts.grace + counts.disabled,
    )
