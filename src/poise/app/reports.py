"""Sums up what is stored: the report of a scan, and the material of exports."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from poise.app import queries
from poise.app.scores import secure_score
from poise.app.workspace import Workspace
from poise.model.finding import Finding
from poise.model.listings import AssetFilter, Coverage, FindingFilter
from poise.model.verdict import Severity, State
from poise.score.secure import SecureScore

if TYPE_CHECKING:
    from poise.app.scan import Run  # Reading what is stored loads no connector and no analysis.


class PathsSummary(msgspec.Struct, frozen=True, kw_only=True):
    """How many attack paths there are, and what the scan changed."""

    open: int
    critical: int
    opened: int
    fixed: int
    failed: str = ""
    """Why the search failed: the counts are those of an earlier one; empty if it did not."""


class ScanReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a scan gave, over the scopes that it read."""

    scan: int
    started: datetime
    finished: datetime
    assets: int
    checks: int
    """Checks that gave a verdict."""
    verdicts: dict[str, int]
    """State -> number of present verdicts."""
    findings: dict[str, int]
    """Open findings: unhealthy and unknown."""
    worst: Severity | None
    """Highest risk of an open unhealthy finding that counts."""
    score: SecureScore
    coverage: Coverage
    crashes: dict[str, int]
    """Checks that failed, and how often."""
    seconds: dict[str, float]
    """Where the time went: reading (summed over threads), judging, writing, searching attack paths."""
    paths: PathsSummary
    """The attack paths that there are now."""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing that a permission or another try could bring."""
        return self.coverage.is_complete

    def public(self) -> dict[str, Any]:
        """Return the JSON shape that scripts rely on."""
        return {
            "scan": self.scan,
            "started": self.started,
            "finished": self.finished,
            "assets": self.assets,
            "verdicts": self.verdicts,
            "findings": self.findings,
            "score": msgspec.to_builtins(self.score)["overall"],
            "coverage": coverage_json(self.coverage),
            "seconds": self.seconds,
            "crashes": self.crashes,
            "paths": msgspec.to_builtins(self.paths),
        }


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """Return coverage in the JSON shape that scripts rely on."""
    return {
        "complete": coverage.is_complete,
        "scopes": [
            {"scope": s.scope, "provider": s.provider, "name": s.name, "source": s.source, "state": s.state.value}
            for s in coverage.scopes
        ],
        "gaps": [
            {
                "scope": row.scope,
                "region": row.region,
                "service": row.gap.service,
                "call": row.gap.call,
                "reason": row.gap.reason,
                "permission": row.gap.permission,
                "expected": row.gap.expected,
                "count": row.gap.count,
            }
            for row in coverage.gaps
        ],
    }


def scan_report(workspace: Workspace, run: Run) -> ScanReport:
    """Sum up a scan that has ended."""
    row = queries.scan(workspace, run.id)
    coverage = row.coverage or Coverage((), ())
    scopes = frozenset(scope.scope for scope in coverage.scopes)
    sources = frozenset(scope.source for scope in coverage.scopes)
    wanted = FindingFilter(scopes=scopes, sources=sources)
    here = AssetFilter(scopes=scopes, sources=sources)
    counted = _verdicts(workspace, wanted)
    open_findings = [
        workspace.store.findings.count(workspace.viewer, msgspec.structs.replace(wanted, states=frozenset({state})))
        for state in (State.UNHEALTHY, State.UNKNOWN)
    ]
    return ScanReport(
        scan=run.id,
        started=row.started,
        finished=row.finished or workspace.clock(),
        assets=workspace.store.assets.count(workspace.viewer, here),
        checks=counted.pop("checks"),
        verdicts=counted,
        findings=dict(zip(("unhealthy", "unknown"), open_findings, strict=True)),
        worst=_worst(workspace, wanted),
        score=secure_score(workspace, here),
        coverage=coverage,
        crashes=run.crashes,
        seconds={name: round(value, 3) for name, value in vars(run.timing).items()},
        paths=_paths(workspace, run),
    )


def _paths(workspace: Workspace, run: Run) -> PathsSummary:
    rows = workspace.store.paths.all(workspace.viewer)
    critical = sum(row.level == Severity.CRITICAL.rank for row in rows)
    change = run.paths
    return PathsSummary(
        open=len(rows),
        critical=critical,
        opened=len(change.opened) if change else 0,
        fixed=len(change.fixed) if change else 0,
        failed=run.paths_failed,
    )


def _verdicts(workspace: Workspace, wanted: FindingFilter) -> dict[str, int]:
    rows = queries.recommendations(workspace, wanted)
    states = {
        "healthy": sum(r.counts.healthy + r.counts.mitigated for r in rows),
        "unhealthy": sum(r.counts.unhealthy + r.counts.waived + r.counts.grace + r.counts.disabled for r in rows),
        "not_applicable": sum(r.counts.not_applicable for r in rows),
        "unknown": sum(r.counts.unknown for r in rows),
    }
    return states | {"checks": len(rows)}


def _worst(workspace: Workspace, wanted: FindingFilter) -> Severity | None:
    rows = queries.recommendations(workspace, wanted)
    return max((r.highest_risk for r in rows if r.highest_risk), key=lambda s: s.rank, default=None)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The material of an export: a moment's score, coverage, recommendations; findings come as a stream."""

    made: datetime
    scopes: tuple[str, ...]
    assets: int
    score: SecureScore
    coverage: Coverage
    recommendations: tuple[queries.Recommendation, ...]


def report(workspace: Workspace, wanted: FindingFilter) -> Report:
    """Gather the material of an export over the scopes that a filter names."""
    here = AssetFilter(scopes=wanted.scopes, providers=wanted.providers)
    coverage = queries.coverage(workspace)
    return Report(
        made=workspace.clock(),
        scopes=tuple(scope.scope for scope in coverage.scopes),
        assets=workspace.store.assets.count(workspace.viewer, here),
        score=secure_score(workspace, here),
        coverage=coverage,
        recommendations=queries.recommendations(workspace, wanted),
    )


def report_findings(workspace: Workspace, wanted: FindingFilter) -> Iterator[Finding]:
    """Yield the findings of an export, worst first where the store can, with bounded memory."""
    return queries.all_findings(workspace, wanted)
