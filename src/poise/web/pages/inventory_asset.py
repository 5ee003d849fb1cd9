"""One asset with all that is held of it: verdicts, entitlements, exposure, changes, the raw record."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import marking, path_lists, queries
from poise.app.exposure import exposure
from poise.app.machines import detail
from poise.model import State
from poise.model.finding import Finding
from poise.model.mark import Topic
from poise.score.risk_rules import Degree
from poise.web import history, questions, tree
from poise.web.visit import AVisit

router = APIRouter()

MACHINE_TABS = {"software": "Software and vulnerabilities", "scan": "Agentless scan"}
TABS = ("findings", "changes", "raw")
TOPICS = {Topic.CRITICALITY: "Critical", Topic.SENSITIVITY: "Sensitive data"}
"""What an asset is marked as, in words."""
STATES = (State.UNHEALTHY, State.UNKNOWN, State.HEALTHY, State.NOT_APPLICABLE)
"""The order in which verdicts are listed."""


@router.get("/inventory/{asset_id:path}")
def asset(visit: AVisit, asset_id: str) -> Response:
    """Show one asset."""
    found = visit.find(queries.asset, asset_id)
    seen = detail(visit.workspace, found.asset)
    more = (*questions.tabs_of(visit, found.asset), *(MACHINE_TABS if seen else ()))
    asked = visit.address.first("tab")
    tab = asked if asked in (*TABS, *more) else TABS[0]
    return visit.page(
        "asset.html",
        row=found.row,
        marks=marking.marks_of(visit.workspace, found.row.asset.id),
        topics=TOPICS,
        degrees=tuple(Degree),
        through=path_lists.through(visit.workspace, found.row.asset.id),
        machine=seen,
        tab=tab,
        more_tabs=[(name, MACHINE_TABS.get(name, name.capitalize()), None) for name in more],
        asking=questions.asking(visit, found) if tab == "entitlements" else None,
        is_graph=tab == "graph",
        drawn=questions.around(visit, found) if tab == "graph" else None,
        exposed=exposure(visit.workspace, found) if tab == "exposure" else None,
        verdicts=sorted((queries.to_finding(visit.workspace, row) for row in found.verdicts), key=_worst_first),
        fixed=[(queries.to_finding(visit.workspace, row), row.resolved_at) for row in found.fixed],
        differences=history.of_asset(found.versions),
        nodes=tree.of(found.asset),
    )


def _worst_first(verdict: Finding) -> tuple[int, int, str]:
    return STATES.index(verdict.verdict), -verdict.risk.level.rank, verdict.check
