"""Search across assets, checks and findings; an exact id leads straight to its page."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.model import Check
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging
from poise.web import titles
from poise.web.tally import COUNT_UP_TO
from poise.web.visit import AVisit, Visit

router = APIRouter()

FIRST = 8


@router.get("/search")
def search(visit: AVisit) -> Response:
    """Show what a text is found in."""
    text = visit.address.first("q").strip()
    exact = _exact(visit, text)
    if exact:
        return RedirectResponse(exact, 303)
    if not text:
        return visit.page("search.html", text="", total=0, assets=None, checks=(), findings=None)
    scopes = frozenset(visit.frame.chosen)
    few = Paging(limit=FIRST, count_up_to=COUNT_UP_TO)
    by_name = Paging(order=Order.NAME, limit=FIRST, count_up_to=COUNT_UP_TO)
    assets = visit.workspace.assets(AssetFilter(text=text, scopes=scopes), by_name, visit.viewer)
    findings = visit.workspace.findings(FindingFilter(text=text, scopes=scopes), few, visit.viewer)
    checks = [check for check in visit.workspace.checks().values() if _speaks_of(check, text)]
    return visit.page(
        "search.html",
        text=text,
        assets=assets,
        checks=checks,
        findings=findings,
        rows=[titles.titled(visit, row) for row in findings.rows],
        total=assets.total + findings.total + len(checks),
    )


def _exact(visit: Visit, text: str) -> str:
    if text in visit.workspace.checks():
        return visit.address.at("recommendations", text)
    if len(text) == 20 and visit.workspace.finding(text, visit.viewer):
        return visit.address.at("findings", text)
    if ":" in text or text.startswith("/"):
        found = visit.workspace.asset(text, visit.viewer)
        return visit.address.at("inventory", found.row.asset.id) if found else ""
    return ""


def _speaks_of(check: Check, text: str) -> bool:
    return all(word in f"{check.id} {check.title}".lower() for word in text.lower().split())
