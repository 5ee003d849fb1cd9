"""Runs a scan for a command, tells what it gave, and decides how the command ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from poise.app import exporting, queries, shapes
from poise.app.reports import ScanReport, scan_report
from poise.app.scan import ScanOptions, scan
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted, level_style
from poise.cli.progress import ScanProgress, elapsed
from poise.cli.scores import overall_words
from poise.model.listings import FindingFilter
from poise.model.verdict import Severity

if TYPE_CHECKING:
    from poise.app.workspace import Workspace
    from poise.collect.connector import Connector

FINDINGS, INCOMPLETE = 1, 3
MOST_NAMED = 8
"""Permissions that the summary names; the coverage has them all."""
COLUMNS = (
    Column("Severity", "severity", style=level_style),
    Column("Unhealthy", "counts.unhealthy"),
    Column("Unknown", "counts.unknown"),
    Column("Check", "check"),
    Column("Title", "title"),
)


@dataclass(frozen=True)
class Ending:
    """What makes a scan end with something else than 0."""

    fail_on: str | None
    require_complete: bool


def run_scan(
    run: Invocation, workspace: Workspace, connectors: Sequence[Connector], then: Callable[[], None] | None = None
) -> ScanReport:
    """Scan, with progress on the standard error stream. ``then`` runs before the scan is summed up."""
    with ScanProgress(run) as progress:
        options = ScanOptions(command=" ".join(("poise", *sys.argv[1:])), watch=progress)
        done = scan(workspace, connectors, options)
        if then is not None:
            then()
        return scan_report(workspace, done)


def ending(report: ScanReport, ends: Ending) -> int:
    """Return the exit code: findings at or above the level win over an incomplete scan."""
    if ends.fail_on and report.worst and report.worst.rank >= Severity(ends.fail_on).rank:
        return FINDINGS
    return INCOMPLETE if ends.require_complete and not report.is_complete else 0


@dataclass(frozen=True)
class Outcome:
    """Tells what a scan gave. Made before the scan, so that a wrong `-o` costs nothing."""

    run: Invocation

    def __post_init__(self) -> None:
        self.run.targets(exporting.format_names())

    def tell(self, workspace: Workspace, report: ScanReport, started: float, unused: Sequence[Path] = ()) -> None:
        """Write what to do first, the JSON of the scan or an export, and the summary line.

        ``unused`` are the files of an export that no connector asked for.
        """
        scopes = report.coverage.scopes
        wanted = FindingFilter(
            scopes=frozenset(scope.scope for scope in scopes), sources=frozenset(scope.source for scope in scopes)
        )
        rows = [
            shapes.recommendation_json(row)
            for row in queries.recommendations(workspace, wanted)
            if row.counts.unhealthy or row.counts.unknown
        ]
        answer = Answer(rows, COLUMNS, document=report.public() | {"not_needed": [str(path) for path in unused]})
        names = exporting.format_names()
        self.run.answer(answer, lambda format: exporting.export(workspace, format, wanted), names)
        for line in summary(report, started):
            self.run.say(line)
        self._tell_unused(unused)

    def _tell_unused(self, unused: Sequence[Path]) -> None:
        if not unused:
            return
        shown = unused if self.run.shared.verbose else ()
        more = ":" if shown else "; -v lists them."
        self.run.say(f"{counted(len(unused), 'file')} held nothing that is needed{more}")
        for path in shown:
            self.run.say(str(path))


def summary(report: ScanReport, started: float) -> list[str]:
    """Return the lines that sum a scan up."""
    missing = [row.gap for row in report.coverage.gaps if not row.gap.expected]
    permissions = {gap.permission for gap in missing if gap.permission}
    unknown = f"{report.findings['unknown']:,} unknown"
    if permissions:
        unknown += f" ({counted(len(permissions), 'permission')} missing)"
    elif missing:
        unknown += f" ({counted(len(missing), 'call')} not answered)"
    parts = (
        counted(report.assets, "asset"),
        counted(report.checks, "check"),
        f"{report.findings['unhealthy']:,} unhealthy",
        unknown,
        elapsed(started),
    )
    lines = [f"{', '.join(parts)}. {overall_words(report.score)}"]
    if report.paths.open:
        critical = f", {report.paths.critical:,} critical" if report.paths.critical else ""
        lines.append(f"{counted(report.paths.open, 'attack path')}{critical} (poise list paths)")
    if report.paths.failed:
        lines.append(f"The search for attack paths failed, and those of before stand: {report.paths.failed}")
    lines += _to_grant(report)
    if report.crashes:
        names = ", ".join(sorted(report.crashes))
        lines.append(f"{counted(len(report.crashes), 'check')} failed and gave unknown: {names}")
    return lines


def _to_grant(report: ScanReport) -> Iterator[str]:
    """Yield a line for each provider that refused something, with the permissions that would cure it."""
    providers = {(scope.source, scope.scope): scope.provider for scope in report.coverage.scopes}
    missing: dict[str, set[str]] = {}
    for row in report.coverage.gaps:
        if row.gap.permission and not row.gap.expected:
            missing.setdefault(providers[row.source, row.scope], set()).add(row.gap.permission)
    for provider, permissions in sorted(missing.items()):
        names = ", ".join(sorted(permissions)[:MOST_NAMED])
        more = f" and {len(permissions) - MOST_NAMED} more" if len(permissions) > MOST_NAMED else ""
        yield f"Grant: {names}{more} (poise connect policy {provider})"
