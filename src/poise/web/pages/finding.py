"""One finding: what to do about this asset, the proof, and how the verdict came about."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import path_lists, queries
from poise.app.explain import explain_finding
from poise.app.governing_assign import assignment_of
from poise.app.notifying import channels
from poise.model import State
from poise.model.listings import FindingFilter, Paging
from poise.web import gaps, history, rule
from poise.web.visit import AVisit

router = APIRouter()

TABS = ("action", "evidence", "history", "rule")
SIBLINGS = 20


@router.get("/findings/{finding_id}")
def finding(visit: AVisit, finding_id: str) -> Response:
    """Show a finding."""
    why = visit.find(explain_finding, finding_id)
    row = visit.find(queries.finding_row, finding_id)
    check = visit.find(queries.check_of, row.check)
    others = queries.findings(visit.workspace, FindingFilter(asset_id=row.asset.id), Paging(limit=SIBLINGS))
    usual = "action" if row.state is State.UNHEALTHY else "evidence"
    tab = visit.address.first("tab", usual)
    return visit.page(
        "finding.html",
        why=why,
        finding=why.finding,
        check=check,
        tab=tab if tab in TABS else usual,
        steps=rule.filled_texts(why.fix),
        rule=rule.of(visit, check, row.asset.scope),
        grants=gaps.behind(visit.coverage, row.asset.scope, row.reason) if row.state is State.UNKNOWN else [],
        events=history.of_finding(row),
        assignment=assignment_of(visit.workspace, row.id) if row.resolved_at is None else None,
        tickets=[one for one in visit.workspace.store.channels.tickets() if one.finding == row.id],
        desks=[one.name for one in channels(visit.workspace) if one.kind.makes_tickets],
        through=path_lists.through(visit.workspace, row.asset.id),
        siblings=[other for other in others.rows if other.id != row.id],
    )
