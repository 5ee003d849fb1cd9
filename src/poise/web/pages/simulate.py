"""Simulate: what changes would open and close, before anyone touches a cloud."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from poise.app import simulate as simulating
from poise.app.workspace import Workspace
from poise.model.errors import PoiseError, UsageError
from poise.web.kept_answers import KeptAnswers
from poise.web.visit import AVisit, Visit
from poise.web.writing import OwnForm

router = APIRouter()

MOST_BYTES = 16_000_000
"""Of records that are sent."""
NAMED = (simulating.FIX, simulating.REMOVE)
"""Changes that an address may name: no files of the server."""


@router.get("/simulate")
def simulate(visit: AVisit) -> Response:
    """Show the form, and what the changes of the address would do."""
    typed = [line.strip() for text in visit.address.values("change") for line in text.splitlines() if line.strip()]
    changes = [line for line in typed if line.startswith(NAMED)]
    found, problem = _answer(visit, changes)
    if found is not None and visit.address.first("format") == "json":
        return JSONResponse(found, headers={"Content-Disposition": 'attachment; filename="poise-simulation.json"'})
    return visit.page(
        "simulate.html",
        found=found,
        problem=problem,
        changes=changes,
        ignored=len(typed) - len(changes),
        link=str(visit.request.url),
        forms=simulating.FORMS,
        command=" ".join(["poise simulate", *(changes or ["changes.json"])]),
    )


def _answer(visit: Visit, changes: list[str]) -> tuple[dict[str, object] | None, str]:
    kept: KeptAnswers = visit.request.app.state.simulations
    digest = visit.address.first("records")
    if digest and not changes:
        found = kept.get(digest)
        return found, "" if found else "This simulation is no longer kept: send the records again."
    if not changes:
        return None, ""
    try:
        return simulating.simulate(visit.workspace, changes), ""
    except UsageError as wrong:
        return None, f"{wrong.what} {wrong.do}".strip()


@router.post("/simulate")
def send(visit: AVisit, form: OwnForm) -> Response:
    """Simulate records that were pasted or uploaded; the answer has an address of its own."""
    file, typed = form.get("file"), form.get("records")
    sent = file.file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    sent = sent or (typed.encode() if isinstance(typed, str) else b"")
    if not sent.strip() or len(sent) > MOST_BYTES:
        what = "Nothing was sent." if not sent.strip() else "These records are too large for a page."
        return visit.page("problem.html", 422, title=what, text=simulating.FORMS, request_id="")
    try:
        found = _simulated(visit.workspace, sent)
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=simulating.FORMS, request_id="")
    digest = hashlib.sha256(sent).hexdigest()[:20]
    visit.request.app.state.simulations.put(digest, found)
    return RedirectResponse(visit.address.at("simulate", records=digest), 303)


def _simulated(workspace: Workspace, sent: bytes) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="poise-simulate-") as folder:
        path = Path(folder) / "changes.json"
        path.write_bytes(sent)
        return simulating.simulate(workspace, [str(path)])
