"""The API of attack paths: the answers of the command line, from the same functions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.app import path_fixes, path_lists
from poise.app import paths as attack_paths
from poise.model.errors import UsageError

COLUMNS = ("id", "title", "risk.level", "count", "status", "fix_summary", "first_seen")
POINT_COLUMNS = ("node", "name", "kind", "scope", "share")
FIX_COLUMNS = ("id", "change", "verdict", "paths_before", "paths_after", "effort")
FIXES = {"fix": "Number of a fix, as the list of fixes has it; several count together"}

router = APIRouter(tags=["attack paths"])
AnAsked = Annotated[Asked, Depends(Asked)]


@router.get("/paths", **many("Attack paths, the riskiest first.", path_lists.PATH_PARAMETERS))
def paths(asked: AnAsked) -> Response:
    """List attack paths."""
    rows = path_lists.listed(asked.workspace, path_lists.path_filter(asked.reading))
    return listed(asked, rows, None, COLUMNS)


@router.get("/paths/choke-points", **many("Where most attack paths meet.", {}))
def choke_points(asked: AnAsked) -> Response:
    """List choke points."""
    return listed(asked, attack_paths.meeting_points(asked.workspace), None, POINT_COLUMNS)


@router.get("/paths/top-fixes", **many("The few fixes that take away most risk, each proven.", {}))
def top_fixes(asked: AnAsked) -> Response:
    """List the best fixes."""
    return listed(asked, path_fixes.top_fixes(asked.workspace), None, FIX_COLUMNS)


@router.get("/paths/blind-spots", **many("Paths that there may be, where something was not read.", {}))
def blind_spots(asked: AnAsked) -> Response:
    """List blind spots."""
    return listed(asked, attack_paths.blind_spots(asked.workspace), None, COLUMNS)


@router.get("/paths/why-empty", **one("What is open, what is worth reaching, and where the best attempt ends."))
def why_empty(asked: AnAsked) -> Response:
    """Say why there are no paths."""
    return whole(asked, attack_paths.why_no_paths(asked.workspace))


@router.get("/paths/{id}", **one("One attack path, with its history."))
def path(id: str, asked: AnAsked) -> Response:
    """Show one path."""
    return whole(asked, asked.find(attack_paths.path, id))


@router.get("/paths/{id}/fixes", **many("The fixes of a path, each with its proof.", {}))
def fixes(id: str, asked: AnAsked) -> Response:
    """List the fixes of a path."""
    return listed(asked, asked.find(path_fixes.fixes_of, id), None, FIX_COLUMNS)


@router.get("/paths/{id}/what-if", **one("What some fixes would do together; nothing is touched.", parameters=FIXES))
def what_if(id: str, asked: AnAsked) -> Response:
    """Try fixes out on a copy of what was read."""
    asked.find(attack_paths.path_row, id)
    numbers = [int(word) for word in asked.reading.words("fix") if word.isdecimal() and len(word) < 4]
    try:
        found = asked.request.app.state.estate.what_if(asked.workspace, id, numbers)
    except UsageError as wrong:
        raise RequestValidationError([{"loc": ("query", "fix"), "msg": f"{wrong.what} {wrong.do}"}]) from wrong
    return whole(asked, found or {"fixes": [], "verdict": "no effect"})
