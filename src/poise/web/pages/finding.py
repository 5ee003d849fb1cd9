"""One finding: what to do about this asset, the proof, and how the verdict came about."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.model import State
from poise.model.listings import FindingFilter, Paging
from poise.web import gaps, history, rule, titles
from poise.web.visit import AVisit

router = APIRouter()

TABS = ("action", "evidence", "history", "rule")


@router.get("/findings/{finding_id}")
def finding(visit: AVisit, finding_id: str) -> Response:
    """Show a finding."""
    row = visit.workspace.finding(finding_id, visit.viewer)
    if row is None:
        raise HTTPException(404)
    check = visit.workspace.checks().get(row.check)
    others = visit.workspace.findings(FindingFilter(asset_id=row.asset.id), Paging(limit=20), visit.viewer)
    tab = visit.address.first("tab", "action" if row.state is State.UNHEALTHY else "evidence")
    return visit.page(
        "finding.html",
        row=row,
        check=check,
        title=check.title if check else row.check,
        tab=tab if tab in TABS else "action",
        steps=rule.texts(check, row.asset) if check else None,
        rule=rule.of(visit, check) if check else None,
        grants=gaps.behind(visit.coverage, row.asset.scope, row.reason) if row.state is State.UNKNOWN else [],
        events=history.of_finding(row),
        siblings=[titles.titled(visit, other) for other in others.rows if other.id != row.id],
    )
