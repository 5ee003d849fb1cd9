"""The API of compliance, exemptions and reading again. Writes are audited."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.api.governance import AnAsked
from poise.api.writing import ACTOR, require_own, sent, wrong
from poise.app import attesting, changes, compliance, compliance_past, exemptions, tenant_standards
from poise.app import compliance_reports as reports
from poise.app.again import check_again
from poise.app.exemption_words import made
from poise.app.parameters import ASSET_PARAMETERS
from poise.app.shapes import finding_json
from poise.model.attestation import EVERYWHERE, Evidence
from poise.model.errors import BadInput
from poise.model.exemption import Covers, Exemption
from poise.standards.reading import MOST_BYTES

router = APIRouter(tags=["compliance"])
SCOPE = {"scope": ASSET_PARAMETERS["scope"]}
PAST = SCOPE | {"as_of": "A moment of the past, ISO 8601, or 7d", "since": "Show what changed since this moment"}
KINDS = {"csv": "text/csv", "html": "text/html", "oscal": "application/json", "pdf": "application/pdf"}
EXEMPTION_COLUMNS = ("name", "kind", "until", "covered", "reason", "approver", "origin", "notes")
STANDARD_COLUMNS = ("standard", "title", "version", "state", "percentage")


class Exempting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An exemption that is wanted."""

    kind: str = "waiver"
    covers: Covers
    reason: str
    approver: str
    until: str
    """Last day, or a moment."""


class Attesting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person states about a control."""

    by: str
    statement: str = ""
    until: str = ""
    scope: str = EVERYWHERE
    is_met: bool = True
    evidence: tuple[Evidence, ...] = ()
    withdraw: bool = False


class Assigned(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a standard holds."""

    scopes: tuple[str, ...]


@router.get("/standards", **many("The standards with their state; `all=yes` lists those without data too.", SCOPE))
def standards(asked: AnAsked) -> Response:
    """List standards."""
    hidden_too = bool(asked.reading.word("all"))
    found = compliance.overview(asked.workspace, asked.reading.words("scope"), hidden_too=hidden_too)
    return listed(asked, [reports.summary_json(status) for status in found], None, STANDARD_COLUMNS)


@router.get("/standards/{id}", **one("One standard: its sections, controls and checks, now or then.", None, PAST))
def standard(id: str, asked: AnAsked) -> Response:
    """Show a standard, or what changed in it."""
    scopes = asked.reading.words("scope")
    found = asked.find(lambda workspace, name: workspace.standards.get(name), id)
    as_of, since = _moment(asked, "as_of"), _moment(asked, "since")
    if since is not None:
        changed = compliance_past.difference(asked.workspace, id, (since, as_of), scopes)
        both = {"before": reports.summary_json(changed.before), "after": reports.summary_json(changed.after)}
        return whole(asked, msgspec.to_builtins(changed) | both)
    if as_of is not None:
        return whole(asked, reports.tree_json(found, compliance_past.status_at(asked.workspace, id, as_of, scopes)))
    return whole(asked, reports.tree_json(found, compliance.standard_status(asked.workspace, id, scopes)))


@router.get("/standards/{id}/report/{format}", **one("The report of a standard, streamed.", None, SCOPE))
def report(id: str, format: str, asked: AnAsked) -> Response:
    """Give a report: csv, html, oscal or pdf."""
    asked.find(lambda workspace, name: workspace.standards.get(name), id)
    if format not in KINDS:
        raise HTTPException(404)
    pieces = reports.export(asked.workspace, id, format, asked.reading.words("scope"))
    return StreamingResponse(pieces, media_type=KINDS[format])


@router.get("/standards/{id}/compare/{other}", **one("What two standards share.", None, SCOPE))
def compare(id: str, other: str, asked: AnAsked) -> Response:
    """Compare two standards."""
    for name in (id, other):
        asked.find(lambda workspace, wanted: workspace.standards.get(wanted), name)
    found = compliance.comparison(asked.workspace, id, other, asked.reading.words("scope"))
    return whole(asked, reports.comparison_json(found))


async def _content(request: Request) -> bytes:
    require_own(request)
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise HTTPException(413, f"A standard may have {MOST_BYTES:,} bytes.")
    return content


@router.put("/standards/{id}", **one("Upload a standard as TOML; what is wrong in it is told with the line."))
def upload(id: str, asked: AnAsked, content: Annotated[bytes, Depends(_content)]) -> Response:
    """Keep a standard."""
    try:
        kept = tenant_standards.upload(asked.workspace, id, content, ACTOR)
    except BadInput as problem:
        raise wrong("body", f"{problem.what} {problem.do}".strip()) from problem
    return whole(asked, {"standard": kept.id, "title": kept.title, "controls": len(kept.controls)})


@router.delete("/standards/{id}", **one("Remove a standard that was uploaded."))
def remove_standard(id: str, asked: AnAsked) -> Response:
    """Remove a standard."""
    require_own(asked.request)
    asked.find(lambda workspace, name: workspace.standards.get(name), id)
    tenant_standards.remove(asked.workspace, id, ACTOR)
    return whole(asked, {"removed": id})


@router.put("/standards/{id}/scopes", **one("Say where a standard holds."))
def assign(id: str, asked: AnAsked, body: Annotated[Assigned, sent(Assigned)]) -> Response:
    """Assign a standard."""
    asked.find(lambda workspace, name: workspace.standards.get(name), id)
    tenant_standards.assign(asked.workspace, id, body.scopes, ACTOR)
    return whole(asked, {"standard": id, "scopes": list(body.scopes)})


@router.post("/standards/{id}/attestations/{control:path}", **one("State whether a control is met."))
def attest(id: str, control: str, asked: AnAsked, body: Annotated[Attesting, sent(Attesting)]) -> Response:
    """Keep or withdraw a statement."""
    if body.withdraw:
        attesting.withdraw(asked.workspace, id, control, body.by, body.scope)
        return whole(asked, {"withdrawn": control})
    statement = attesting.Statement(
        standard=id,
        control=control,
        scope=body.scope,
        is_met=body.is_met,
        text=body.statement,
        evidence=body.evidence,
        by=body.by,
        until=body.until,
    )
    return whole(asked, msgspec.to_builtins(attesting.attest(asked.workspace, statement)))


@router.get("/exemptions", **many("Exemptions, and checks that are switched off.", {}))
def list_exemptions(asked: AnAsked) -> Response:
    """List exemptions."""
    rows = [msgspec.to_builtins(row) for row in exemptions.listed(asked.workspace)]
    return listed(asked, rows, None, EXEMPTION_COLUMNS)


@router.post("/exemptions/{name}/preview", **one("What an exemption would cover. Nothing is changed."))
def preview_exemption(name: str, asked: AnAsked, body: Annotated[Exempting, sent(Exempting)]) -> Response:
    """Look at an exemption."""
    wanted = _exemption(name, body)
    return _told(asked, exemptions.preview(asked.workspace, wanted))


@router.put("/exemptions/{name}", **one("Add an exemption; its findings stop counting at once."))
def add_exemption(name: str, asked: AnAsked, body: Annotated[Exempting, sent(Exempting)]) -> Response:
    """Add an exemption."""
    wanted = _exemption(name, body)
    return _told(asked, exemptions.add(asked.workspace, wanted, ACTOR))


@router.delete("/exemptions/{name}", **one("Remove an exemption; its findings count again at once."))
def remove_exemption(name: str, asked: AnAsked) -> Response:
    """Remove an exemption."""
    require_own(asked.request)
    return whole(asked, msgspec.to_builtins(exemptions.remove(asked.workspace, name, ACTOR)))


@router.post("/check-again/{id:path}", **one("Read an asset, a finding or a check again, and judge it."))
def again(id: str, asked: AnAsked) -> Response:
    """Check again."""
    require_own(asked.request)
    return whole(asked, msgspec.to_builtins(check_again(asked.workspace, id)))


def _exemption(name: str, body: Exempting) -> Exemption:
    texts = {"name": name, "kind": body.kind, "reason": body.reason, "approver": body.approver, "until": body.until}
    return made(texts, msgspec.structs.asdict(body.covers))


def _told(asked: Asked, found: exemptions.Preview) -> Response:
    shape: dict[str, Any] = msgspec.to_builtins(found)
    return whole(asked, shape | {"findings": [finding_json(finding) for finding in found.findings]})


def _moment(asked: Asked, name: str) -> datetime | None:
    text = asked.reading.word(name)
    return changes.moment_of(text, asked.workspace.clock()) if text else None
