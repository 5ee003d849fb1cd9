"""The API: the lists of the pages, by the same parameters, from the same query functions."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from poise.api import shapes
from poise.api.answers import Asked, described, listed, whole
from poise.api.reading import Workspace
from poise.app.parameters import ASSET_PARAMETERS, FINDING_PARAMETERS, asset_filter, finding_filter
from poise.model.asset import to_json

PREFIX = "/api/v1"

router = APIRouter(tags=["lists"])
AnAsked = Annotated[Asked, Depends(Asked)]


def _workspace(request: Request) -> Workspace:
    found: Workspace = request.app.state.workspace
    return found


AWorkspace = Annotated[Workspace, Depends(_workspace)]


@router.get("/findings", **described("Findings, the riskiest first.", FINDING_PARAMETERS))
def findings(asked: AnAsked, workspace: AWorkspace) -> Response:
    """List findings."""
    wanted = finding_filter(asked.reading, workspace.checks())
    page = workspace.findings(wanted, asked.paging(), asked.viewer)
    rows = [shapes.finding(row, workspace) for row in page.rows]
    return listed(asked, rows, page, shapes.FINDING_COLUMNS)


@router.get("/findings/{id}", **described("One finding."))
def finding(id: str, asked: AnAsked, workspace: AWorkspace) -> Response:
    """Show one finding."""
    row = _there(workspace.finding(id, asked.viewer))
    return whole(asked, shapes.finding(row, workspace))


@router.get("/recommendations", **described("Checks with the counts of their verdicts.", FINDING_PARAMETERS))
def recommendations(asked: AnAsked, workspace: AWorkspace) -> Response:
    """List recommendations."""
    wanted = finding_filter(asked.reading, workspace.checks())
    found = workspace.recommendations(wanted, asked.viewer)
    rows = [shapes.recommendation(row, workspace) for row in found]
    return listed(asked, rows, None, shapes.RECOMMENDATION_COLUMNS)


@router.get("/assets", **described("Every asset that was read.", ASSET_PARAMETERS))
def assets(asked: AnAsked, workspace: AWorkspace) -> Response:
    """List assets."""
    page = workspace.assets(asset_filter(asked.reading), asked.paging(), asked.viewer)
    rows = [shapes.asset(row, workspace) for row in page.rows]
    return listed(asked, rows, page, shapes.ASSET_COLUMNS)


@router.get("/assets/{id:path}", **described("One asset: its record, what is unread, and all its verdicts."))
def asset(id: str, asked: AnAsked, workspace: AWorkspace) -> Response:
    """Show one asset."""
    found = _there(workspace.asset(id, asked.viewer))
    verdicts = [shapes.finding(row, workspace) for row in found.verdicts]
    return whole(asked, {**shapes.asset(found.row, workspace), **to_json(found.asset), "verdicts": verdicts})


@router.get("/checks", **described("The installed checks."))
def checks(asked: AnAsked, workspace: AWorkspace) -> Response:
    """List checks."""
    rows = [shapes.check(check, workspace) for check in workspace.checks().values()]
    return listed(asked, rows, None, shapes.CHECK_COLUMNS)


@router.get("/score", **described("The secure score, of all and of each scope.", {"scope": ASSET_PARAMETERS["scope"]}))
def score(asked: AnAsked, workspace: AWorkspace) -> Response:
    """Show the score."""
    found = workspace.score(asked.reading.words("scope"), asked.viewer)
    return whole(asked, msgspec.to_builtins(found))


@router.get("/scans", **described("The scans that were run, the latest first."))
def scans(asked: AnAsked, workspace: AWorkspace) -> Response:
    """List scans."""
    rows = [shapes.plain(row) for row in workspace.scans(asked.viewer)]
    return listed(asked, rows, None, shapes.SCAN_COLUMNS)


@router.get("/scans/{id}", **described("One scan, with its coverage."))
def scan(id: int, asked: AnAsked, workspace: AWorkspace) -> Response:
    """Show one scan."""
    return whole(asked, shapes.plain(_there(workspace.scan(id, asked.viewer))))


@router.get("/coverage", **described("What was read of each scope, and what could not be."))
def coverage(asked: AnAsked, workspace: AWorkspace) -> Response:
    """Show the coverage."""
    found = workspace.coverage(asked.viewer)
    return whole(asked, {"complete": found.is_complete, **shapes.plain(found)})


def _there(found: Any) -> Any:
    if found is None:
        raise HTTPException(404)
    return found
