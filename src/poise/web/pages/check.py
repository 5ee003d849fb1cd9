"""One recommendation: what to do, where, and the rule behind it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.model import Check, State
from poise.model.listings import FindingFilter, Order, Paging, Standing
from poise.web import lists, rule, titles
from poise.web.tally import COUNT_UP_TO
from poise.web.visit import AVisit, Visit

router = APIRouter()

LISTED = (State.UNHEALTHY, State.UNKNOWN, State.HEALTHY, State.NOT_APPLICABLE)


@router.get("/recommendations/{check_id}")
def check(visit: AVisit, check_id: str) -> Response:
    """Show a check with its findings; whatever is not unhealthy has a tab too."""
    found = visit.workspace.checks().get(check_id)
    if found is None:
        raise HTTPException(404)
    scopes = frozenset(visit.frame.chosen)
    one = titles.recommendation(visit, found, scopes)
    tab = visit.address.first("tab", "findings")
    return visit.page(
        "check.html",
        check=found,
        one=one,
        tab=tab if tab in ("findings", "action", "rule") else "findings",
        rule=rule.of(visit, found),
        steps=rule.texts(found),
        **_findings(visit, found, scopes, one),
    )


def _findings(visit: Visit, check: Check, scopes: frozenset[str], one: titles.Recommendation) -> dict[str, Any]:
    counts = {state: getattr(one.counts, state) for state in LISTED}
    asked = visit.address.first("verdict")
    state = State(asked) if asked in counts else next((s for s in LISTED if counts[s]), State.UNHEALTHY)
    wanted = FindingFilter(
        standing=Standing.OPEN, states=frozenset({state}), checks=frozenset({check.id}), scopes=scopes
    )

    def query(part: lists.Part) -> Any:
        paging = Paging(order=Order.RISK, limit=part.size, offset=part.offset, count_up_to=COUNT_UP_TO)
        return visit.workspace.verdicts(wanted, paging, visit.viewer)

    page, part = lists.last_page(visit.address, query)
    return {"state": state, "counts": counts, "rows": page.rows, "total": page.total, "part": part}
