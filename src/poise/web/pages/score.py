"""Why this score? The formula with every number filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import queries
from poise.app.changes import Formula
from poise.app.cloud_scores import risk_score, rules_of
from poise.app.scores import secure_score
from poise.score.cloud import LEVELS
from poise.score.secure import ControlScore, ScopeScore
from poise.web import score_change
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
    formula = Formula.RISK if visit.address.first("formula") == Formula.RISK else Formula.SECURE
    log = score_change.of(visit, formula)
    if formula is Formula.RISK:
        rules = rules_of(visit.workspace)
        by_risk = risk_score(visit.workspace, visit.wanted_assets)
        return visit.page("score_risk.html", score=by_risk, rules=rules, bases=rules.used, levels=LEVELS, log=log)
    found = secure_score(visit.workspace, visit.wanted_assets)
    rows = _rows(visit, found.scopes)
    counted = [row for row in rows if row.weight and row.max]
    return visit.page(
        "score.html",
        score=found.overall,
        weighing=visit.workspace.choices.weighing,
        log=log,
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
    for row in queries.recommendations(visit.workspace, visit.wanted_findings):
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
