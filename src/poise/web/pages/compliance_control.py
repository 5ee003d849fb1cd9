"""One control: what decides it, why it is grey if it is, and what people state about it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from poise.app import attesting, compliance
from poise.app.attesting import Statement
from poise.model.attestation import EVERYWHERE, Evidence
from poise.model.compliance import ControlStatus
from poise.model.errors import PoiseError, UsageError
from poise.web.standard_tree import MARKS, state_words, why_grey
from poise.web.visit import AVisit, Visit
from poise.web.writing import fields_of, require_own_page

router = APIRouter()
HERE = "/compliance/{standard}/controls/{number:path}"
MOST_FILES, MOST_BYTES = 10, 20_000_000
DONE = {"attested": "The statement is kept.", "withdrawn": "The statement is withdrawn."}


@router.get(HERE)
def control(visit: AVisit, standard: str, number: str) -> Response:
    """Show a control."""
    return _page(visit, standard, number)


async def _form(request: Request) -> FormData:
    require_own_page(request)
    return await request.form(max_files=MOST_FILES, max_part_size=MOST_BYTES)


@router.post(HERE)
def attest(visit: AVisit, standard: str, number: str, form: Annotated[FormData, Depends(_form)]) -> Response:
    """Keep a statement with its evidence, or withdraw one. Of files the digest is kept, not the content."""
    fields = fields_of(form)
    found = visit.find(lambda workspace: workspace.standards.get(standard))
    _control(visit, found.id, number)
    try:
        if fields.get("what") == "withdraw":
            scope = fields.get("scope", EVERYWHERE)
            attesting.withdraw(visit.workspace, found.id, number, fields.get("by", ""), scope)
        else:
            attesting.attest(visit.workspace, _statement((found.id, number), form, fields))
    except PoiseError as wrong:
        return _page(visit, standard, number, (f"{wrong.what} {wrong.do}".strip(), fields))
    done = "withdrawn" if fields.get("what") == "withdraw" else "attested"
    return RedirectResponse(visit.address.to(done=done), 303)


def _statement(what: tuple[str, str], form: FormData, fields: dict[str, str]) -> Statement:
    links = [Evidence(link=line.strip()) for line in fields.get("links", "").splitlines() if line.strip()]
    return Statement(
        standard=what[0],
        control=what[1],
        scope=fields.get("scope") or EVERYWHERE,
        is_met=fields.get("is_met", "yes") == "yes",
        text=fields.get("statement", ""),
        evidence=(*links, *[_uploaded(file) for file in form.getlist("file") if _is_sent(file)]),
        by=fields.get("by", ""),
        until=fields.get("until", ""),
    )


def _is_sent(file: object) -> bool:
    return isinstance(file, UploadFile) and bool(file.filename)


def _uploaded(file: object) -> Evidence:
    assert isinstance(file, UploadFile)
    content = file.file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UsageError(f"{file.filename} is larger than {MOST_BYTES // 1_000_000} MB.", "Give a link to it instead.")
    return attesting.uploaded(file.filename or "", content)


def _page(visit: Visit, standard: str, number: str, wrong: tuple[str, dict[str, str]] = ("", {})) -> Response:
    found = visit.find(lambda workspace: workspace.standards.get(standard))
    status = _control(visit, found.id, number)
    section = next((one for one in found.sections if one.number == status.section), None)
    return visit.page(
        "compliance_control.html",
        422 if wrong[0] else 200,
        standard=found,
        control=status,
        section=section,
        titles={check.id: check.title for check in visit.workspace.checks.values()},
        mark=MARKS[status.state],
        words=state_words(status),
        why=why_grey(status),
        problem=wrong[0],
        fields=wrong[1],
        everywhere=EVERYWHERE,
        done=DONE.get(visit.address.first("done"), ""),
    )


def _control(visit: Visit, standard: str, number: str) -> ControlStatus:
    status = compliance.standard_status(visit.workspace, standard, visit.limits)
    found = next((one for one in status.controls if one.control.casefold() == number.casefold()), None)
    if found is None:
        raise HTTPException(404)
    return found
