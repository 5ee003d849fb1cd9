"""Software: every package on the machines that were scanned, and what is wrong with it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.app.machines import software
from poise.web import lists
from poise.web.visit import AVisit

router = APIRouter()


@router.get("/inventory/software")
def installed(visit: AVisit) -> Response:
    """Show packages with their versions, machines and vulnerabilities."""
    text = visit.address.first("q")
    rows = software(visit.workspace, frozenset(visit.scopes), text)
    part = lists.part(visit.address, len(rows))
    return visit.page(
        "installed.html", rows=rows[part.offset : part.offset + part.size], part=part, total=len(rows), text=text
    )
