"""One standard: its sections, controls and checks as a tree; now, at a moment of the past, and what changed since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from poise.app import changes, compliance, compliance_past, tenant_standards
from poise.app import compliance_reports as reports
from poise.model.compliance import StandardStatus
from poise.model.errors import PoiseError, UsageError
from poise.model.standard import Standard
from poise.web import lists
from poise.web.lists import Menu
from poise.web.pages.compliance import bars
from poise.web.standard_tree import MARKS, Wanted, rows_of, state_words, why_grey
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()
HERE = "/compliance/{standard}"
STATES = ("failed", "unknown", "passed", "skipped", "attested", "manual", "not_automated", "no_data")
STATE_WORDS = {"unknown": "Not assessed", "no_data": "Nothing to judge", "not_automated": "Not yet automated"}
KINDS = {"csv": "text/csv", "html": "text/html", "oscal": "application/json", "pdf": "application/pdf"}
ENDINGS = {"oscal": "oscal.json"}


def state_label(state: str) -> str:
    """Return a state of the filter as words."""
    return STATE_WORDS.get(state, state.capitalize())


@router.get(HERE)
def standard(visit: AVisit, standard: str) -> Response:
    """Show a standard."""
    found = visit.find(lambda workspace: workspace.standards.get(standard))
    status, problem = _status(visit, found)
    wanted = _wanted(visit)
    titles = {check.id: check.title for check in visit.workspace.checks.values()}
    sections = [section.number for section in found.sections]
    menu = Menu("state", "State", label=state_label)
    return visit.page(
        "compliance_standard.html",
        standard=found,
        found=status,
        rows=rows_of(found, status, titles, wanted),
        wanted=wanted,
        bars=bars,
        marks=MARKS,
        words=state_words,
        why=why_grey,
        states=[(name, state_label(name)) for name in STATES],
        chips=lists.chips((menu, Menu("section", "Section", label=str)), visit.address),
        toggled=lambda number: visit.address.to(open=_toggled(wanted, number, [*sections])),
        difference=_difference(visit, found),
        problem=problem,
        as_of=visit.address.first("as_of"),
        since=visit.address.first("since"),
        formats=reports.format_names(),
        is_uploaded=tenant_standards.is_uploaded(visit.workspace, found.id),
        patterns=visit.workspace.standards.assigned.get(found.id, ("*",)),
        holds=compliance.scopes_of(visit.workspace, found),
        done={"assigned": "Where the standard holds is changed."}.get(visit.address.first("done"), ""),
    )


@router.get(HERE + "/report")
def report(visit: AVisit, standard: str) -> Response:
    """Give the report of a standard as a file, streamed."""
    found = visit.find(lambda workspace: workspace.standards.get(standard))
    form = visit.address.first("format")
    if form not in KINDS:
        raise HTTPException(404)
    pieces = reports.export(visit.workspace, found.id, form, visit.limits)
    name = f"poise-{found.id}.{ENDINGS.get(form, form)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, headers=headers, media_type=KINDS[form])


@router.post(HERE)
def change(visit: AVisit, standard: str, fields: OwnFields) -> Response:
    """Say where a standard holds, or remove one that was uploaded."""
    found = visit.find(lambda workspace: workspace.standards.get(standard))
    try:
        if fields.get("what") == "remove":
            tenant_standards.remove(visit.workspace, found.id, PAGES)
            return RedirectResponse("/compliance?done=removed", 303)
        scopes = fields.get("scopes", "").replace(",", " ").split()
        tenant_standards.assign(visit.workspace, found.id, scopes, PAGES)
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(f"/compliance/{found.id}?done=assigned", 303)


def _wanted(visit: Visit) -> Wanted:
    address = visit.address
    opened = frozenset(address.first("open").split(",")) if "open" in dict(address.pairs) else None
    return Wanted(frozenset(address.values("state")), address.first("section"), address.first("q"), opened)


def _toggled(wanted: Wanted, number: str, sections: list[str]) -> str:
    opened = frozenset(sections) if wanted.opened is None else wanted.opened
    return ",".join(sorted((opened ^ {number}) - {""})) or "none"


def _status(visit: Visit, found: Standard) -> tuple[StandardStatus, str]:
    as_of = visit.address.first("as_of")
    if as_of:
        try:
            return compliance_past.status_at(visit.workspace, found.id, _moment(visit, as_of), visit.limits), ""
        except UsageError as wrong:
            return compliance.standard_status(visit.workspace, found.id, visit.limits), f"{wrong.what} {wrong.do}"
    return compliance.standard_status(visit.workspace, found.id, visit.limits), ""


def _difference(visit: Visit, found: Standard) -> Any:
    since, as_of = visit.address.first("since"), visit.address.first("as_of")
    if not since:
        return None
    try:
        span = (_moment(visit, since), _moment(visit, as_of) if as_of else None)
        return compliance_past.difference(visit.workspace, found.id, span, visit.limits)
    except UsageError as wrong:
        return wrong.what


def _moment(visit: Visit, text: str) -> datetime:
    return changes.moment_of(text, visit.now)
