"""Search across assets, checks and findings; an exact id leads straight to its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import queries
from poise.model import Check
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging
from poise.web.lists import COUNT_UP_TO
from poise.web.visit import AVisit, Visit

router = APIRouter()

FIRST = 8
FINDING_ID_LENGTH = 20


@router.get("/search")
def search(visit: AVisit) -> Response:
    """Show what a text is found in."""
    text = visit.address.first("q").strip()
    exact = _exact(visit, text)
    if exact:
        return RedirectResponse(exact, 303)
    if not text:
        return visit.page("search.html", text="", total=0)
    by_risk = Paging(limit=FIRST, count_up_to=COUNT_UP_TO)
    by_name = Paging(order=Order.NAME, limit=FIRST, count_up_to=COUNT_UP_TO)
    assets = queries.assets(visit.workspace, AssetFilter(text=text, scopes=visit.scopes, groups=visit.groups), by_name)
    findings = queries.findings(
        visit.workspace, FindingFilter(text=text, scopes=visit.scopes, groups=visit.groups), by_risk
    )
    checks = [check for check in visit.workspace.checks.values() if _speaks_of(check, text)]
    total = assets.total + findings.total + len(checks)
    return visit.page("search.html", text=text, assets=assets, checks=checks, findings=findings, total=total)


def _exact(visit: Visit, text: str) -> str:
    if text in visit.workspace.checks:
        return visit.address.at("recommendations", text)
    if len(text) == FINDING_ID_LENGTH and _is_there(visit, queries.finding_row, text):
        return visit.address.at("findings", text)
    if (":" in text or text.startswith("/")) and _is_there(visit, queries.asset, text):
        return visit.address.at("inventory", text)
    return ""


def _is_there(visit: Visit, query: Callable[..., Any], id: str) -> bool:
    try:
        query(visit.workspace, id)
    except UsageError:
        return False
    return True


def _speaks_of(check: Check, text: str) -> bool:
    return all(word in f"{check.id} {check.title}".lower() for word in text.lower().split())
