"""Assigns a finding from its page."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import governing_assign
from poise.app.governing_assign import Decision
from poise.app.notifying import sender
from poise.app.ticking_tickets import open_ticket
from poise.model.errors import PoiseError
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()


@router.post("/findings/{finding_id}/assign")
def assign(visit: AVisit, finding_id: str, fields: OwnFields) -> Response:
    """Set owner, due date, grace period and expected date, or make a ticket."""
    try:
        _act(visit, finding_id, fields)
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(f"/findings/{finding_id}", 303)


def _act(visit: Visit, id: str, fields: dict[str, str]) -> None:
    workspace = visit.workspace
    if fields.get("ticket"):
        open_ticket(workspace, sender(workspace), fields["ticket"], id, PAGES)
    elif fields.get("clear"):
        governing_assign.unassign(workspace, [id], PAGES)
    else:
        governing_assign.assign(workspace, [id], _decision(fields), PAGES)


def _decision(fields: dict[str, str]) -> Decision:
    """Return what a form decides; what it shows unchanged stays as it is, so that a past date can stay."""

    def changed(name: str) -> str | None:
        text = fields.get(name, "").strip()
        return None if text == fields.get(f"was_{name}", "") else text

    grace = fields.get("grace", "")
    return Decision(
        owner=changed("owner"),
        due=changed("due"),
        is_grace=None if grace == fields.get("was_grace", "") else bool(grace),
        eta=changed("eta"),
        justification=fields.get("justification", "").strip() if changed("eta") else "",
    )
