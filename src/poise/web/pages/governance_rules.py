"""Rules of governance: in order, with a dry run before anything is saved."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from poise.app import governing
from poise.app.governing_words import condition_text, rule_of, texts_of
from poise.app.notifying import channels
from poise.model.errors import UsageError
from poise.model.governance import CountedFrom, Overwrite
from poise.web.visit import AVisit
from poise.web.writing import PAGES, OwnFields

router = APIRouter()
HERE = "/governance/rules"
FIELDS = (
    *("name", "priority", "days", "nodes", "accounts", "tags", "groups", "assets"),
    *("exclude_nodes", "exclude_accounts", "exclude_tags", "exclude_groups", "exclude_assets"),
    *("conditions", "owner_tag", "owner", "default_owner", "grace", "counted_from", "no_owner_mail", "managers"),
    *("ticket", "disabled"),
)
DAYS = (7, 14, 30, 90)
DONE = {"saved": "The rule is saved.", "removed": "The rule is removed. What it has assigned stays.", "moved": ""}


@router.get(HERE)
def rules(visit: AVisit) -> Response:
    """Show the rules, and a form with what its rule would assign."""
    asked = {name: visit.address.first(name) for name in FIELDS if visit.address.first(name)}
    edited = visit.address.first("edit")
    problem, preview = "", None
    overwrite = _overwrite(visit.address.first("overwrite"))
    every = governing.rules(visit.workspace)
    if edited and not asked:
        asked = next((texts_of(rule) for rule in every if rule.name == edited), {})
    elif asked:
        try:
            preview = governing.preview(visit.workspace, rule_of(asked), overwrite)
        except UsageError as wrong:
            problem = f"{wrong.what} {wrong.do}".strip()
    return visit.page(
        "governance_rules.html",
        rules=every,
        typed=asked,
        preview=preview,
        problem=problem,
        overwrite=overwrite,
        overwrites=tuple(Overwrite),
        counted=tuple(CountedFrom),
        days=DAYS,
        words=condition_text,
        desks=[one.name for one in channels(visit.workspace) if one.kind.makes_tickets],
        is_open=bool(asked or visit.address.first("new") or not every),
        done=DONE.get(visit.address.first("done"), ""),
    )


@router.post(HERE)
def save(visit: AVisit, fields: OwnFields) -> Response:
    """Save the rule that was previewed, and let it assign."""
    try:
        how = _overwrite(fields.get("overwrite", ""))
        governing.add(visit.workspace, rule_of(fields), PAGES, how)
    except UsageError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(f"{HERE}?done=saved", 303)


@router.post(f"{HERE}/change")
def change(visit: AVisit, fields: OwnFields) -> Response:
    """Move or remove a rule."""
    name, what = fields.get("name", ""), fields.get("what", "")
    try:
        if what == "remove":
            governing.remove(visit.workspace, name, PAGES)
            return RedirectResponse(f"{HERE}?done=removed", 303)
        governing.move(visit.workspace, name, -1 if what == "up" else 1, PAGES)
    except UsageError as wrong:
        return visit.page("problem.html", 422, title=wrong.what, text=wrong.do, request_id="")
    return RedirectResponse(f"{HERE}?done=moved", 303)


def _overwrite(text: str) -> Overwrite:
    return Overwrite(text) if text in list(Overwrite) else Overwrite.NOTHING
