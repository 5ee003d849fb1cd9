"""One attack path: the picture, the steps that say the same, how to break it with the proof, and decisions about it."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import JSONResponse, RedirectResponse, Response

from poise.app import path_deciding, path_lists, queries
from poise.app import paths as attack_paths
from poise.app.path_graph import path_graph, with_levels
from poise.app.path_lists import Json
from poise.model import State
from poise.model.errors import UsageError
from poise.model.finding import Finding
from poise.model.listings import FindingFilter, Paging
from poise.model.moment import end_of
from poise.web.drawing import drawn
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnFields, require_own_page

router = APIRouter()

TABS = ("steps", "fixes", "history")
RECOMMENDED = 12
"""Open findings of one place that its panel names."""
DONE = {
    "exempt": "The path is exempt. It is in the audit log.",
    "counted": "The path counts again.",
    "searched": "The estate was searched again.",
    "critical": "The target is marked as critical, and the estate was searched again.",
}


@router.get("/attack-paths/{path_id}")
def path(visit: AVisit, path_id: str) -> Response:
    """Show a path, or give it as a file."""
    row = path_lists.told(visit.find(attack_paths.path, path_id))
    if visit.address.first("format") == "json":
        name = f'attachment; filename="poise-attack-path-{row["id"]}.json"'
        return JSONResponse(row, headers={"Content-Disposition": name})
    tab = visit.address.first("tab")
    tab = tab if tab in TABS and (visit.sees_all or tab != "fixes") else TABS[0]  # proofs are about everything
    graph = with_levels(visit.workspace, path_graph(row, visit.address.values("open")))
    picture = drawn(graph, visit.address, graph["path"])
    return visit.page(
        "attack_path.html",
        row=row,
        tab=tab,
        picture=picture,
        findings=_findings(visit, row) if tab == "steps" else {},
        link=str(visit.request.url),
        done=DONE.get(visit.address.first("done"), ""),
        **(_proofs(visit, row["id"]) if tab == "fixes" else {}),
    )


def _findings(visit: Visit, row: Json) -> dict[str, tuple[Finding, ...]]:
    """Return node -> its open findings, of the nodes of the way that are assets."""
    found = {}
    for node in path_lists.nodes_of(row):
        wanted = FindingFilter(states=frozenset({State.UNHEALTHY}), asset_id=node)
        rows = queries.findings(visit.workspace, wanted, Paging(limit=RECOMMENDED)).rows
        if rows:
            found[node] = tuple(rows)
    return found


def _proofs(visit: Visit, id: str) -> Json:
    """Return the fixes with their proof, and what those that are ticked do together."""
    estate = visit.request.app.state.estate
    ticked = [int(text) for text in visit.address.values("fix") if text.isdecimal() and len(text) < 4]
    problem, outcome = "", None
    try:
        outcome = estate.what_if(visit.workspace, id, ticked) if ticked else None
    except UsageError as wrong:
        problem = f"{wrong.what} {wrong.do}"
    return {"fixes": estate.fixes(visit.workspace, id), "ticked": ticked, "outcome": outcome, "problem": problem}


@router.post("/attack-paths/search")
def search(visit: AVisit) -> Response:
    """Search the estate again."""
    require_own_page(visit.request)
    path_deciding.search_again(visit.workspace)
    back = visit.address.first("path")
    return RedirectResponse(visit.address.at("attack-paths", back, done="searched" if back else None), 303)


@router.post("/attack-paths/{path_id}/{what}")
def decide(visit: AVisit, path_id: str, what: str, fields: OwnFields) -> Response:
    """Exempt a path, count it again, or mark its target as critical."""
    visit.find(attack_paths.path_row, path_id)
    try:
        done = _decided(visit, path_id, what, fields)
    except UsageError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(visit.address.at("attack-paths", path_id, done=done), 303)


def _decided(visit: Visit, id: str, what: str, fields: dict[str, str]) -> str:
    reason, by = fields.get("reason", "").strip(), fields.get("by", "").strip() or PAGES
    if what == "count":
        path_deciding.exempt(visit.workspace, id, "", None, by)
        return "counted"
    if what not in ("exempt", "critical"):
        raise UsageError("This is nothing that can be decided about a path.", "Go back to the path.")
    if not reason:
        raise UsageError("A reason is missing.", "Say why, so that others can follow.")
    if what == "critical":
        path_deciding.mark_target(visit.workspace, id, reason, by)
        return "critical"
    path_deciding.exempt(visit.workspace, id, reason, _last_moment(fields.get("until", "")), by)
    return "exempt"


def _last_moment(day: str) -> datetime | None:
    """Return the end of what was typed; None for nothing."""
    try:
        return end_of(day) if day else None
    except ValueError as wrong:
        raise UsageError(f"{day!r} is no day.", "Give one as 2027-06-30.") from wrong
