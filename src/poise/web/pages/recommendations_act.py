"""Acting on rows that were ticked: says what will change and for how many, then does it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from poise.api import tables
from poise.app import bulk
from poise.app.again import Again, check_again
from poise.app.bulk import Chosen, Decided
from poise.app.governing_assign import Decision
from poise.app.notifying import channels
from poise.app.shapes import finding_json
from poise.model.errors import PoiseError, UsageError
from poise.model.exemption import Kind
from poise.model.moment import end_of
from poise.web import files
from poise.web.address import Address
from poise.web.visit import AVisit, Visit
from poise.web.writing import PAGES, OwnForm, fields_of

router = APIRouter()
HERE = "/act"
ACTS = {"assign": "Assign", "exempt": "Exempt", "again": "Check again", "ticket": "Create tickets"}
MOST_AGAIN = 20
"""Things that are read again at once."""


@router.get(HERE)
def confirm(visit: AVisit) -> Response:
    """Show what an act would change, with the form that does it; or give the rows as a file."""
    address = visit.address
    chosen = _chosen(visit, address.values("finding"), address.values("check"), address.values("asset"))
    what = address.first("what")
    if what in files.FORMATS:
        rows = map(finding_json, bulk.findings_of(visit.workspace, chosen))
        return files.download("findings", what, rows, tables.FINDING_COLUMNS)
    return _page(visit, what if what in ACTS else "assign", chosen)


@router.post(HERE)
def act(visit: AVisit, form: OwnForm) -> Response:
    """Do it."""
    texts = {name: value.strip() for name, value in fields_of(form).items()}
    chosen = _chosen(visit, _all(form, "finding"), _all(form, "check"), _all(form, "asset"))
    what = texts.get("what", "")
    try:
        if what == "again":
            return _page(visit, what, chosen, again=_again(visit, chosen))
        done = _done(visit, what, chosen, texts)
    except PoiseError as wrong:
        return _page(visit, what if what in ACTS else "assign", chosen, problem=(f"{wrong.what} {wrong.do}", texts))
    back = Address.parse(texts.get("back", ""))
    path = back if back.path.startswith("/recommendations") else Address("/recommendations")
    return RedirectResponse(path.to(done=done), 303)


def _done(visit: Visit, what: str, chosen: Chosen, texts: dict[str, str]) -> str:
    workspace = visit.workspace
    if what == "exempt":
        made = bulk.exempt_many(workspace, chosen, _decided(texts), PAGES)
        return f"{len(made)} exempted"
    if what == "ticket":
        return f"{bulk.ticket_many(workspace, chosen, texts.get('channel', ''), PAGES)} ticketed"
    if what == "assign":
        decision = Decision(owner=texts.get("owner") or None, due=texts.get("due") or None)
        return f"{bulk.assign_many(workspace, chosen, decision, PAGES)} assigned"
    raise UsageError("Nothing was chosen to be done.")


def _again(visit: Visit, chosen: Chosen) -> Sequence[Again]:
    ids = [*chosen.findings, *chosen.checks, *chosen.assets]
    if not 0 < len(ids) <= MOST_AGAIN:
        raise UsageError(f"{len(ids)} rows are chosen.", f"Choose 1 to {MOST_AGAIN}, or run a scan.")
    return [check_again(visit.workspace, id) for id in ids]


def _decided(texts: dict[str, str]) -> Decided:
    try:
        until = end_of(texts.get("until", ""))
    except ValueError as problem:
        raise UsageError(f"It ends on {texts.get('until', '')!r}.", "Give a date like 2026-12-31.") from problem
    return Decided(
        name=texts.get("name", ""),
        kind=Kind.MITIGATED if texts.get("kind") == Kind.MITIGATED.value else Kind.WAIVER,
        reason=texts.get("reason", ""),
        approver=texts.get("approver", ""),
        until=until,
    )


def _chosen(visit: Visit, findings: Sequence[str], checks: Sequence[str], assets: Sequence[str]) -> Chosen:
    return Chosen(findings=tuple(findings), checks=tuple(checks), assets=tuple(assets), scopes=visit.scopes)


def _all(form: FormData, name: str) -> list[str]:
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def _page(
    visit: Visit, what: str, chosen: Chosen, problem: tuple[str, dict[str, str]] = ("", {}), again: Sequence[Again] = ()
) -> Response:
    try:
        found, wrong = bulk.findings_of(visit.workspace, chosen), problem[0]
    except UsageError as nothing:
        found, wrong = (), problem[0] or f"{nothing.what} {nothing.do}".strip()
    pairs = [("finding", id) for id in chosen.findings] + [("check", id) for id in chosen.checks]
    pairs += [("asset", id) for id in chosen.assets]
    back = problem[1].get("back") or visit.address.first("back") or "/recommendations"
    return visit.page(
        "recommendations_act.html",
        422 if problem[0] else 200,
        what=what,
        acts=ACTS,
        findings=found,
        assets=len({one.asset.id for one in found}),
        pairs=pairs,
        query=urlencode([*pairs, ("back", back)]),
        back=back if back.startswith("/recommendations") else "/recommendations",
        problem=wrong,
        fields=problem[1],
        again=again,
        desks=[one.name for one in channels(visit.workspace) if one.kind.makes_tickets],
        kinds=tuple(Kind),
    )
