"""Groups of assets: which there are, what is not known of them, and a form that looks before it saves."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import groups
from poise.app.group_words import FIELDS, group_of, texts_of, words_of
from poise.model.errors import PoiseError
from poise.model.group import GroupKind
from poise.web.visit import AVisit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()
HERE = "/governance/groups"
DONE = {"saved": "The group is saved.", "removed": "The group is removed. Its assets stay."}


@router.get(HERE)
def listed(visit: AVisit) -> Response:
    """List groups; with fields in the address, show what that one would hold."""
    typed = {name: visit.address.first(name) for name in FIELDS if visit.address.first(name)}
    every, edited = groups.groups(visit.workspace), visit.address.first("edit")
    problem, preview = "", None
    if edited and not typed:
        typed = next((texts_of(row.group) for row in every if row.group.name == edited), {})
    elif "name" in typed:
        try:
            preview = groups.preview(visit.workspace, group_of(typed, PAGES))
        except PoiseError as wrong:
            problem = f"{wrong.what} {wrong.do}".strip()
    return visit.page(
        "governance_groups.html",
        rows=every,
        words=words_of,
        typed=typed,
        preview=preview,
        problem=problem,
        kinds=tuple(GroupKind),
        is_open=bool(typed or visit.address.first("new") or not every),
        done=DONE.get(visit.address.first("done"), ""),
    )


@router.post(HERE)
def change(visit: AVisit, fields: OwnFields) -> Response:
    """Save the group that was previewed, or remove one."""
    is_removal = fields.get("what") == "remove"
    try:
        if is_removal:
            groups.remove(visit.workspace, fields.get("name", ""), PAGES)
        else:
            groups.put(visit.workspace, group_of(fields, PAGES))
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(f"{HERE}?done={'removed' if is_removal else 'saved'}", 303)
