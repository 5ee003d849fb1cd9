"""Attack paths: all that are known, where they meet, and the few fixes that take away most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.app import path_lists
from poise.app import paths as attack_paths
from poise.app.path_lists import PATH_PARAMETERS, Json, PathFilter, PathStatus, path_filter
from poise.attackpaths.categories import PathCategory
from poise.model import Severity
from poise.model.listings import FacetCount
from poise.web import files, lists
from poise.web.lists import Menu
from poise.web.path_facts import searched
from poise.web.visit import AVisit, Visit
from poise.web.words import capitalize_first

router = APIRouter()

VIEWS = (("paths", "Paths"), ("points", "Choke points"), ("fixes", "Top five fixes"))
OF_EVERYTHING = frozenset({"fixes"})
"""Views that are about all that is stored: who sees a part is not offered them."""
MENUS = (
    Menu("risk", "Risk", Severity),
    Menu("entry", "Entry", label=capitalize_first),
    Menu("target", "Target", label=capitalize_first),
    Menu("category", "Category", PathCategory, label=capitalize_first),
    Menu("provider", "Cloud"),
    Menu("status", "State", PathStatus),
)
HIDDEN = (
    Menu("asset", "Passes", label=str),
    Menu("check", "Check", label=str),
    Menu("since", "Since", label=str),
    Menu("length", "Steps at most", label=str),
)
"""Filters that links set and chips lift, without a menu."""
COLUMNS = (
    *("id", "title", "risk.level", "risk.points", "entry.name", "entry.class", "target.name", "target.class"),
    *("length", "count", "status", "first_seen", "fix_summary"),
)
ORDERS = {
    "risk": lambda row: -row["risk"]["points"],
    "length": lambda row: row["length"],
    "instances": lambda row: -row["count"],
    "newest": lambda row: row["first_seen"],
}
MOST_FIXES = 5


@dataclass(frozen=True)
class Shown:
    """The rows of one part of the list."""

    rows: Sequence[Json]
    total: int
    part: lists.Part
    sort: str


@router.get("/attack-paths")
def paths(visit: AVisit) -> Response:
    """Show the list in one of its views, or give it as a file."""
    reading = visit.address.reading()
    wanted = path_filter(reading)
    view = visit.address.first("view")
    views = [each for each in VIEWS if visit.sees_all or each[0] not in OF_EVERYTHING]
    view = view if view in dict(views) else "paths"
    form = visit.address.first("format")
    if form in files.FORMATS:
        return files.download("attack-paths", form, iter(path_lists.listed(visit.workspace, wanted)), COLUMNS)
    chips = lists.chips((*MENUS, *HIDDEN), visit.address)
    return visit.page(
        "attack_paths.html",
        views=views,
        view=view,
        chips=chips,
        choices=lists.options,
        command=lists.command("paths", visit.address.pairs, PATH_PARAMETERS.keys() - {"fixed"}),
        menus=MENUS,
        notes=reading.notes,
        searched=searched(visit),
        shown=_shown(visit, wanted) if view == "paths" else None,
        points=attack_paths.meeting_points(visit.workspace) if view == "points" else (),
    )


@router.get("/attack-paths/filters/{name}")
def choices(visit: AVisit, name: str) -> Response:
    """Answer with the values of one filter, and how many paths each would leave."""
    menu = next((menu for menu in MENUS if menu.name == name), None)
    if menu is None:
        raise HTTPException(404)
    wanted = path_filter(visit.address.reading(name))
    counts: Sequence[FacetCount] = path_lists.facet(visit.workspace, wanted, name)
    return visit.fragment("choices.html", menu=menu, choices=lists.options(menu, visit.address, counts, is_open=True))


@router.get("/attack-paths/top-fixes")
def top_fixes(visit: AVisit) -> Response:
    """Answer with the few fixes that take away most risk: they are proven when somebody asks, which takes a moment."""
    found = visit.request.app.state.estate.top(visit.workspace, MOST_FIXES)
    return visit.page("top_fixes.html", fixes=found, searched=searched(visit))


def _shown(visit: Visit, wanted: PathFilter) -> Shown:
    asked = visit.address.first("sort")
    order = asked if asked in ORDERS else "risk"
    rows = sorted(path_lists.listed(visit.workspace, wanted), key=ORDERS[order], reverse=order == "newest")
    part = lists.part(visit.address, len(rows))
    return Shown(rows[part.offset : part.offset + part.size], len(rows), part, order)
