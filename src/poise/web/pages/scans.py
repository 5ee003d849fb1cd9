"""Scans: what was read, when, and what could not be."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.web import gaps
from poise.web.visit import AVisit

router = APIRouter()


@router.get("/scans")
def scans(visit: AVisit) -> Response:
    """Show the coverage of now, and the scans that were run."""
    chosen = visit.frame.chosen
    return visit.page(
        "scans.html",
        scan=None,
        scans=visit.workspace.scans(visit.viewer),
        coverage=[scope for scope in visit.coverage.scopes if not chosen or scope.scope in chosen],
        grants=gaps.grants(visit.coverage, chosen),
        expected=gaps.expected(visit.coverage, chosen),
    )


@router.get("/scans/{scan_id}")
def scan(visit: AVisit, scan_id: int) -> Response:
    """Show one scan with its coverage."""
    found = visit.workspace.scan(scan_id, visit.viewer)
    if found is None:
        raise HTTPException(404)
    coverage = found.coverage
    return visit.page(
        "scans.html",
        scan=found,
        scans=(),
        coverage=coverage.scopes if coverage else (),
        grants=gaps.grants(coverage) if coverage else [],
        expected=gaps.expected(coverage) if coverage else [],
    )
