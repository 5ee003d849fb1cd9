"""Overview: how do we stand, and what first?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fastapi import APIRouter
from msgspec.structs import replace
from starlette.responses import Response

from poise.model import State
from poise.model.listings import AssetFilter, FacetCount, FindingFilter
from poise.web import charts, tally, titles
from poise.web.gaps import grants
from poise.web.tally import Tally
from poise.web.visit import AVisit, Visit

router = APIRouter()

FIRST_ROWS = 5
SCOPE_ROWS = 8
KIND_ROWS = 12
TREND_DAYS = (7, 30, 90, 365)
NEW_DAYS = 7


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
    score = visit.workspace.score(frozenset(visit.frame.chosen), visit.viewer)
    days = _days(visit)
    return visit.page(
        "overview.html",
        score=score.overall,
        gauge=charts.gauge(score.overall.percentage, score.overall.range.low, score.overall.range.high),
        trend=_trend(visit, days),
        days=days,
        day_choices=TREND_DAYS,
        first=_first(visit),
        scopes=sorted(score.scopes, key=lambda scope: (not scope.max, scope.percentage))[:SCOPE_ROWS],
        tiles=_tiles(visit),
        estate=_estate(visit),
        kind_rows=KIND_ROWS,
        grants=grants(visit.coverage, visit.frame.chosen),
    )


def _first(visit: Visit) -> list[titles.Recommendation]:
    wanted = FindingFilter(states=frozenset({State.UNHEALTHY}), scopes=frozenset(visit.frame.chosen))
    return titles.recommendations(visit, wanted)[:FIRST_ROWS]


def _tiles(visit: Visit) -> Sequence[Tally]:
    since = (visit.now - timedelta(days=NEW_DAYS)).strftime("%Y-%m-%d")
    return (
        tally.findings(visit, "Critical findings", "open, unhealthy", "critical", verdict="unhealthy", risk="critical"),
        tally.findings(visit, "High findings", "open, unhealthy", "high", verdict="unhealthy", risk="high"),
        tally.findings(visit, "New findings", f"in {NEW_DAYS} days", verdict="unhealthy", since=since),
        tally.findings(visit, "Unknown verdicts", "something was not read", "unknown", verdict="unknown"),
        tally.assets(visit, "Assets", "read and judged"),
        tally.assets(visit, "Assets with findings", "open, unhealthy", findings="yes"),
    )


def _estate(visit: Visit) -> list[KindRow]:
    rows = []
    for provider in sorted({scope.provider for scope in visit.coverage.scopes}):
        wanted = AssetFilter(providers=frozenset({provider}), scopes=frozenset(visit.frame.chosen))
        bad = {facet.value: facet.count for facet in _kinds(visit, wanted, has_findings=True)}
        for facet in _kinds(visit, wanted):
            place = {"provider": provider, "kind": facet.value}
            all_of_kind = visit.address.at("inventory", **place)
            with_findings = visit.address.at("inventory", **place, findings="yes")
            unhealthy = bad.get(facet.value, 0)
            rows.append(KindRow(provider, facet.value, facet.count, unhealthy, all_of_kind, with_findings))
    return sorted(rows, key=lambda row: (-row.unhealthy, -row.assets, row.kind))


def _kinds(visit: Visit, wanted: AssetFilter, has_findings: bool | None = None) -> Sequence[FacetCount]:
    limited = replace(wanted, has_findings=has_findings)
    return visit.workspace.asset_facets("kind", limited, visit.viewer)


def _days(visit: Visit) -> int:
    asked = visit.address.first("days")
    return int(asked) if asked in {str(days) for days in TREND_DAYS} else 30


def _trend(visit: Visit, days: int) -> charts.Trend | None:
    history = [
        (datetime.fromisoformat(day.day).replace(tzinfo=UTC), day.current / day.max, day.low / day.max, day.high / day.max)
        for day in visit.workspace.score_days(days, visit.viewer)
        if day.scope == "*" and day.control == "*" and day.max
    ]
    return charts.trend(history) if len(history) > 1 else None
