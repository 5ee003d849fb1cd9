"""Compliance: every standard at a glance, two side by side, and standards of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from poise.app import compliance, tenant_standards
from poise.model.compliance import StandardStatus, Tally
from poise.model.errors import PoiseError, UsageError
from poise.standards.reading import MOST_BYTES
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, require_own_page

router = APIRouter()
HERE = "/compliance"
DONE = {
    "uploaded": "The standard is kept. Its state is below.",
    "removed": "The standard is removed. Attestations of it stay in the audit log.",
    "assigned": "Where the standard holds is changed.",
}
BARS = (("passed", "good"), ("failed", "bad"), ("unknown", "open"), ("skipped", "main"))


@router.get(HERE)
def standards(visit: AVisit) -> Response:
    """Show the standards, or two of them side by side."""
    return _page(visit)


async def _form(request: Request) -> FormData:
    require_own_page(request)
    return await request.form(max_files=1, max_part_size=MOST_BYTES + 1)


@router.post(HERE)
def upload(visit: AVisit, form: Annotated[FormData, Depends(_form)]) -> Response:
    """Take a standard as a TOML file; what is wrong in it is told with the line."""
    name, file = str(form.get("id", "")).strip(), form.get("file")
    try:
        content = _content(file)
        id = name or (file.filename or "").removesuffix(".toml") if isinstance(file, UploadFile) else name
        tenant_standards.upload(visit.workspace, id, content, PAGES)
    except PoiseError as wrong:
        return _page(visit, f"{wrong.what} {wrong.do}".strip(), name, 422)
    return RedirectResponse(f"{HERE}?done=uploaded", 303)


def _content(file: object) -> bytes:
    if not isinstance(file, UploadFile) or not file.filename:
        raise UsageError("No file was sent.", "Choose a TOML file.")
    return file.file.read(MOST_BYTES + 1)


def _page(visit: Visit, problem: str = "", name: str = "", status: int = 200) -> Response:
    every = compliance.overview(visit.workspace, visit.limits, hidden_too=True)
    hidden = bool(visit.address.first("all"))
    shown = [one for one in every if hidden or one.tally.supported]
    return visit.page(
        "compliance.html",
        status,
        shown=shown,
        hidden=[one for one in every if not one.tally.supported],
        is_all=hidden,
        every=every,
        over=_places(visit, shown),
        bars=bars,
        compared=_compared(visit, every),
        problem=problem,
        name=name,
        done=DONE.get(visit.address.first("done"), ""),
    )


def _places(visit: Visit, shown: Sequence[StandardStatus]) -> dict[str, int]:
    """Return id of a standard -> over how many scopes it is judged."""
    standards = (visit.workspace.standards.get(one.standard) for one in shown)
    found = compliance.scopes_of_each(visit.workspace, standards, visit.limits)
    return {id: len(scopes) for id, scopes in found.items()}


def _compared(visit: Visit, every: Sequence[StandardStatus]) -> Any:
    ids = {one.standard for one in every}
    first, second = visit.address.first("compare"), visit.address.first("with")
    if first not in ids or second not in ids or first == second:
        return None
    return compliance.comparison(visit.workspace, first, second, visit.limits)


def bars(tally: Tally) -> list[tuple[str, int]]:
    """Return the parts of a bar of controls; what is left over is not assessed by Poise."""
    return [(look, getattr(tally, name)) for name, look in BARS]
