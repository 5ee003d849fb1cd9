"""Why this score? The formula with every number filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from poise.score.secure import ScopeScore
from poise.web.visit import AVisit, Visit

router = APIRouter()


@dataclass(frozen=True)
class ControlRow:
    """One score control over all scopes shown."""

    name: str
    max: int
    current: float
    """Points got, as the scopes' weighted mean."""
    potential: float
    """Points to gain."""
    healthy: int
    unhealthy: int
    unknown: int
    not_applicable: int
    checks: tuple[str, ...]

    @property
    def weight(self) -> int:
        """Assets that were judged."""
        return self.healthy + self.unhealthy


@router.get("/score")
def score(visit: AVisit) -> Response:
    """Show where each point of the score comes from."""
    found = visit.workspace.score(frozenset(visit.frame.chosen), visit.viewer)
    rows = _rows(visit, found.scopes)
    return visit.page(
        "score.html",
        score=found.overall,
        scopes=sorted(found.scopes, key=lambda scope: (scope.percentage, scope.scope)),
        weight=sum(scope.weight for scope in found.scopes if scope.max),
        counted=[row for row in rows if row.weight and row.max],
        rest=[row for row in rows if not (row.weight and row.max)],
    )


def _rows(visit: Visit, scopes: Sequence[ScopeScore]) -> list[ControlRow]:
    rows = []
    for control in visit.workspace.score_controls():
        parts = [part for scope in scopes for part in scope.controls if part.control == control.name]
        healthy = sum(part.healthy for part in parts)
        unhealthy = sum(part.unhealthy for part in parts)
        judged = healthy + unhealthy
        rows.append(
            ControlRow(
                name=control.name,
                max=control.max,
                current=control.max * healthy / judged if judged else 0.0,
                potential=control.max * unhealthy / judged if judged else 0.0,
                healthy=healthy,
                unhealthy=unhealthy,
                unknown=sum(part.unknown for part in parts),
                not_applicable=sum(part.not_applicable for part in parts),
                checks=tuple(control.checks),
            )
        )
    return sorted(rows, key=lambda row: (-row.potential, row.name))
