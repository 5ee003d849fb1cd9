"""Machines: which were scanned, how, what was found on each, and why others were not."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.app.machines import machines
from poise.web import lists
from poise.web.visit import AVisit

router = APIRouter()


@router.get("/scans/machines")
def scanned_machines(visit: AVisit) -> Response:
    """Show all machines, those that were not scanned too."""
    rows = machines(visit.workspace, frozenset(visit.scopes))
    part = lists.part(visit.address, len(rows))
    scanned = [row for row in rows if row.read_at is not None]
    return visit.page(
        "machines.html",
        rows=rows[part.offset : part.offset + part.size],
        part=part,
        total=len(rows),
        scanned=len(scanned),
        not_scanned=len(rows) - len(scanned),
    )
