"""The API: the lists of the pages, by the same parameters, from the same query functions."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from poise.api import tables
from poise.api.answers import Asked, listed, whole
from poise.api.description import PAGING_PARAMETERS, many, one
from poise.app import queries
from poise.app.machines import MachineRow, PackageRow, machines, software
from poise.app.parameters import (
    ASSET_PARAMETERS,
    FINDING_PARAMETERS,
    asset_filter,
    finding_filter,
    groups_of,
    scopes_of,
)
from poise.app.queries import Recommendation
from poise.app.reports import coverage_json
from poise.app.scores import secure_score
from poise.app.shapes import asset_json, check_json, finding_json, recommendation_json, scan_json, score_json
from poise.model.finding import Finding
from poise.model.listings import AssetFilter
from poise.score.secure import SecureScore

PREFIX = "/api/v1"
SCOPED = {"scope": ASSET_PARAMETERS["scope"]}

router = APIRouter(tags=["lists"])
AnAsked = Annotated[Asked, Depends(Asked)]


@router.get("/findings", **many("Findings, the riskiest first.", {**FINDING_PARAMETERS, **PAGING_PARAMETERS}, Finding))
def findings(asked: AnAsked) -> Response:
    """List findings."""
    wanted = finding_filter(asked.reading, asked.workspace.checks)
    page = queries.findings(asked.workspace, wanted, asked.paging())
    return listed(asked, [finding_json(row) for row in page.rows], page, tables.FINDING_COLUMNS)


@router.get("/findings/{id}", **one("One finding.", Finding))
def finding(id: str, asked: AnAsked) -> Response:
    """Show one finding."""
    return whole(asked, finding_json(asked.find(queries.finding, id)))


@router.get("/recommendations", **many("Checks with findings.", FINDING_PARAMETERS, Recommendation))
def recommendations(asked: AnAsked) -> Response:
    """List recommendations."""
    wanted = finding_filter(asked.reading, asked.workspace.checks)
    rows = [recommendation_json(row) for row in queries.open_recommendations(asked.workspace, wanted)]
    return listed(asked, rows, None, tables.RECOMMENDATION_COLUMNS)


@router.get("/assets", **many("Every asset that was read.", {**ASSET_PARAMETERS, **PAGING_PARAMETERS}))
def assets(asked: AnAsked) -> Response:
    """List assets."""
    page = queries.assets(asked.workspace, asset_filter(asked.reading), asked.paging())
    return listed(asked, [tables.asset(row) for row in page.rows], page, tables.ASSET_COLUMNS)


@router.get("/assets/{id:path}", **one("One asset: its record, what is unread, and all its verdicts."))
def asset(id: str, asked: AnAsked) -> Response:
    """Show one asset."""
    found = asked.find(queries.asset, id)
    verdicts = [finding_json(queries.to_finding(asked.workspace, row)) for row in found.verdicts]
    return whole(asked, {**asset_json(found.row, found.asset), "verdicts": verdicts})


@router.get(
    "/machines", **many("Machines that were scanned, and those that were not with the reason.", SCOPED, MachineRow)
)
def machine_list(asked: AnAsked) -> Response:
    """List machines."""
    rows = [msgspec.to_builtins(row) for row in machines(asked.workspace, asked.reading.words("scope"))]
    return listed(asked, rows, None, tables.MACHINE_COLUMNS)


@router.get("/software", **many("Packages on the machines that were scanned.", SCOPED, PackageRow))
def software_list(asked: AnAsked) -> Response:
    """List packages."""
    rows = [msgspec.to_builtins(row) for row in software(asked.workspace, asked.reading.words("scope"))]
    return listed(asked, rows, None, tables.SOFTWARE_COLUMNS)


@router.get("/checks", **many("The installed checks.", {}))
def checks(asked: AnAsked) -> Response:
    """List checks."""
    rows = [check_json(check) for check in asked.workspace.checks.values()]
    return listed(asked, rows, None, tables.CHECK_COLUMNS)


@router.get(
    "/score", **one("The secure score.", SecureScore, {name: ASSET_PARAMETERS[name] for name in ("scope", "group")})
)
def score(asked: AnAsked) -> Response:
    """Show the score."""
    wanted = AssetFilter(scopes=scopes_of(asked.reading), groups=groups_of(asked.reading))
    return whole(asked, score_json(secure_score(asked.workspace, wanted)))


@router.get("/scans", **many("The scans that were run, the latest first.", PAGING_PARAMETERS))
def scans(asked: AnAsked) -> Response:
    """List scans."""
    page = queries.scans(asked.workspace, asked.paging())
    return listed(asked, [scan_json(row) for row in page.rows], page, tables.SCAN_COLUMNS)


@router.get("/scans/{number}", **one("One scan, with its coverage."))
def scan(number: int, asked: AnAsked) -> Response:
    """Show one scan."""
    return whole(asked, scan_json(asked.find(queries.scan, number)))


@router.get("/coverage", **one("What was read of each scope, and what could not be."))
def coverage(asked: AnAsked) -> Response:
    """Show the coverage."""
    return whole(asked, coverage_json(queries.coverage(asked.workspace)))
