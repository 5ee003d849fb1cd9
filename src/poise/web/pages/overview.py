"""Overview: how do we stand, and what first?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.responses import Response

from poise.app import path_lists, queries
from poise.app.cloud_scores import risk_score
from poise.app.scores import secure_score
from poise.model import State
from poise.model.listings import AssetFilter, FindingFilter
from poise.web import charts, path_facts, tally, trend, visits
from poise.web.analysed import analysed
from poise.web.gaps import grants
from poise.web.tally import Tally
from poise.web.visit import AVisit, Visit

router = APIRouter()

FIRST_ROWS = 5
SCOPE_ROWS = 8
KIND_ROWS = 12
NEW_DAYS = 7
OPEN = {"verdict": "unhealthy", "effect": "counted"}
"""What counts as a finding in numbers: unhealthy, and not exempt."""


@dataclass(frozen=True)
class KindRow:
    """Assets of one kind, and how many of them have open findings."""

    provider: str
    kind: str
    assets: int
    unhealthy: int
    href: str
    unhealthy_href: str


@router.get("/")
def overview(visit: AVisit) -> Response:
    """Show the overview, or what to do where nothing was read yet."""
    if not visit.coverage.scopes:
        return visit.page("start.html")
    score = secure_score(visit.workspace, visit.wanted_assets)
    days = trend.asked_days(visit)
    on_paths = path_lists.paths_by_check(visit.workspace, visit.scopes)
    before = visits.last_visit(visit.request)
    since = before or visit.now - timedelta(days=NEW_DAYS)
    page = visit.page(
        "overview.html",
        score=score.overall,
        gauge=charts.gauge(score.overall.percentage, score.overall.range.low, score.overall.range.high),
        trend=trend.of(visit, days),
        days=days,
        day_choices=trend.DAYS,
        first=_first(visit, on_paths),
        on_paths=on_paths,
        meeting=path_facts.meeting(visit),
        analysed=analysed(visit),
        scopes=sorted(score.scopes, key=lambda scope: (not scope.max, scope.percentage))[:SCOPE_ROWS],
        tiles=_tiles(visit),
        estate=_estate(visit),
        kind_rows=KIND_ROWS,
        grants=grants(visit.coverage, visit.scopes),
        since=since,
        is_visit=before is not None,
        turns=visit.workspace.store.history.turns(visit.workspace.viewer, visit.wanted_findings, since),
        risk_score=risk_score(visit.workspace, visit.wanted_assets),
    )
    visits.remember(visit.request, page)
    return page


def _first(visit: Visit, on_paths: Mapping[str, int]) -> Sequence[queries.Recommendation]:
    wanted = FindingFilter(states=frozenset({State.UNHEALTHY}), scopes=visit.scopes, groups=visit.groups)
    rows = queries.recommendations(visit.workspace, wanted)
    unhealthy = [row for row in rows if row.counts.unhealthy]
    return sorted(unhealthy, key=lambda row: -on_paths.get(row.check, 0))[:FIRST_ROWS]


def _tiles(visit: Visit) -> Sequence[Tally]:
    return (
        tally.findings(visit, "Critical findings", "open", "critical", **OPEN, risk="critical"),
        tally.findings(visit, "High findings", "open", "high", **OPEN, risk="high"),
        path_facts.tile(visit),
        tally.findings(visit, "Unknown verdicts", "not readable", "unknown", verdict="unknown"),
        tally.assets(visit, "Assets", "read, healthy ones too"),
        tally.assets(visit, "Assets with findings", "open", findings="yes"),
    )


def _estate(visit: Visit) -> list[KindRow]:
    rows = []
    for provider in sorted({scope.provider for scope in visit.coverage.scopes}):
        wanted = AssetFilter(providers=frozenset({provider}), scopes=visit.scopes, groups=visit.groups)
        with_findings = queries.asset_facet(visit.workspace, replace(wanted, has_findings=True), "kind")
        bad = {facet.value: facet.count for facet in with_findings}
        for facet in queries.asset_facet(visit.workspace, wanted, "kind"):
            place = {"provider": provider, "kind": facet.value}
            href = visit.address.at("inventory", **place)
            unhealthy_href = visit.address.at("inventory", **place, findings="yes")
            row = KindRow(provider, facet.value, facet.count, bad.get(facet.value, 0), href, unhealthy_href)
            rows.append(row)
    return sorted(rows, key=lambda row: (-row.unhealthy, -row.assets, row.kind))
