"""Why this score? The formula with every number filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import queries
from poise.app.scores import secure_score
from poise.model.listings import AssetFilter, FindingFilter
from poise.score.secure import ControlScore, ScopeScore
from poise.web.visit import AVisit, Visit

router = APIRouter()


@dataclass(frozen=True)
class ControlRow:
    """One score control over all scopes shown. Assets that no scope could judge give it no points to lose."""

    name: str
    max: int
    healthy: int
    unhealthy: int
    unknown: int
    checks: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Assets that were judged."""
        return self.healthy + self.unhealthy

    @property
    def current(self) -> float:
        """Points got."""
        return self.max * self.healthy / self.weight

    @property
    def potential(self) -> float:
        """Points to gain."""
        return self.max * self.unhealthy / self.weight


@router.get("/score")
def score(visit: AVisit) -> Response:
    """Show where each point of the score comes from."""
    found = secure_score(visit.workspace, AssetFilter(scopes=visit.scopes))
    rows = _rows(visit, found.scopes)
    counted = [row for row in rows if row.weight and row.max]
    return visit.page(
        "score.html",
        score=found.overall,
        scopes=sorted(found.scopes, key=lambda scope: (not scope.max, scope.percentage, scope.scope)),
        weight=sum(scope.weight for scope in found.scopes if scope.max),
        counted=sorted(counted, key=lambda row: (-row.potential, row.name)),
        rest=[row for row in rows if not (row.weight and row.max)],
    )


def _rows(visit: Visit, scopes: Sequence[ScopeScore]) -> list[ControlRow]:
    parts: dict[str, list[ControlScore]] = defaultdict(list)
    for scope in scopes:
        for part in scope.controls:
            parts[part.control].append(part)
    checks: dict[str, list[str]] = defaultdict(list)
    for row in queries.recommendations(visit.workspace, FindingFilter(scopes=visit.scopes)):
        checks[row.control or ""].append(row.check)
    return [_row(name, of_scopes, tuple(checks[name])) for name, of_scopes in parts.items()]


def _row(name: str, parts: Sequence[ControlScore], checks: tuple[str, ...]) -> ControlRow:
    return ControlRow(
        name=name,
        max=max(part.max for part in parts),
        healthy=sum(part.healthy for part in parts),
        unhealthy=sum(part.unhealthy for part in parts),
        unknown=sum(part.unknown for part in parts),
        checks=checks,
    )
