"""Scans: what was read, when, and what could not be."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import queries
from poise.model.listings import Paging
from poise.web import gaps
from poise.web.visit import AVisit

router = APIRouter()

RUNS = 50
"""Runs that are listed."""


@router.get("/scans")
def scans(visit: AVisit) -> Response:
    """Show the coverage of now, and the scans that were run."""
    chosen = visit.scopes
    return visit.page(
        "scans.html",
        scan=None,
        scans=queries.scans(visit.workspace, Paging(limit=RUNS)).rows,
        coverage=[scope for scope in visit.coverage.scopes if not chosen or scope.scope in chosen],
        grants=gaps.grants(visit.coverage, chosen),
        expected=gaps.expected(visit.coverage, chosen),
    )


@router.get("/scans/{scan_id}")
def scan(visit: AVisit, scan_id: int) -> Response:
    """Show one scan with its coverage."""
    found = visit.find(queries.scan, scan_id)
    coverage = found.coverage
    return visit.page(
        "scans.html",
        scan=found,
        scans=(),
        coverage=coverage.scopes if coverage else (),
        grants=gaps.grants(coverage) if coverage else [],
        expected=gaps.expected(coverage) if coverage else [],
    )
