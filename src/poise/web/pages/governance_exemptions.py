"""Exemptions: which there are and what is odd about them, a form that looks before it saves, and what was done."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import exemptions
from poise.app.exemption_words import FIELDS, deeds, exemption_of
from poise.app.exemptions import Listed, Switch
from poise.model.check import Category
from poise.model.errors import PoiseError
from poise.model.exemption import Kind
from poise.model.verdict import Severity
from poise.web.visit import AVisit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()
HERE = "/governance/exemptions"
NOTES = ("ending soon", "unused", "too broad", "ended")
DONE = {
    "added": "The exemption holds. Its findings do not count from now on.",
    "removed": "The exemption is removed. Its findings count again.",
    "disabled": "The check is switched off. None of its verdicts counts.",
    "enabled": "The check is switched on again.",
}


@router.get(HERE)
def listed(visit: AVisit) -> Response:
    """List exemptions; with fields in the address, show what that one would cover."""
    typed = {name: visit.address.first(name) for name in FIELDS if visit.address.first(name)}
    problem, preview = "", None
    if "name" in typed:
        try:
            preview = exemptions.preview(visit.workspace, exemption_of(typed))
        except PoiseError as wrong:
            problem = f"{wrong.what} {wrong.do}".strip()
    every, note = exemptions.listed(visit.workspace), visit.address.first("note")
    return visit.page(
        "governance_exemptions.html",
        shown=[row for row in every if note not in NOTES or note in row.notes],
        counts={name: sum(name in row.notes for row in every) for name in NOTES},
        note=note,
        total=len(every),
        words=covers_words,
        typed=typed,
        preview=preview,
        problem=problem,
        kinds=tuple(Kind),
        categories=tuple(Category),
        severities=tuple(Severity),
        deeds=deeds(visit.workspace),
        is_open=bool(typed or visit.address.first("new") or not every),
        done=DONE.get(visit.address.first("done"), ""),
    )


@router.post(HERE)
def change(visit: AVisit, fields: OwnFields) -> Response:
    """Add the exemption that was previewed, remove one, or switch a check off or on."""
    what, workspace = fields.get("what", "add"), visit.workspace
    try:
        if what == "remove":
            exemptions.remove(workspace, fields.get("name", ""), PAGES)
        elif what == "disable":
            exemptions.disable(workspace, _switch(fields), PAGES)
        elif what == "enable":
            exemptions.enable(workspace, _switch(fields), PAGES)
        else:
            exemptions.add(workspace, exemption_of(fields), PAGES)
    except PoiseError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    done = {"remove": "removed", "disable": "disabled", "enable": "enabled"}.get(what, "added")
    return RedirectResponse(f"{HERE}?done={done}", 303)


def _switch(fields: dict[str, str]) -> Switch:
    return Switch(check=fields.get("check", ""), scope=fields.get("scope") or None, reason=fields.get("reason", ""))


def covers_words(row: Listed) -> list[tuple[str, str]]:
    """Return what an exemption covers: name of the field, and its values."""
    found = []
    for name in row.covers.__struct_fields__:
        value = getattr(row.covers, name)
        if isinstance(value, dict):
            value = [f"{key}={text}" for key, text in value.items()]
        if isinstance(value, float):
            found.append((name.replace("_", " "), f"{value:g}"))
        elif value:
            found.append((name, ", ".join(map(str, value))))
    return found
