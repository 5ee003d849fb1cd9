"""Recommendations: what a person should do, by check, by asset, or finding by finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.app import path_lists, queries
from poise.app.parameters import FINDING_PARAMETERS, finding_filter
from poise.app.scores import secure_score
from poise.model import Category
from poise.model.listings import FindingFilter, Order, Paging
from poise.model.owned import Owned
from poise.score.secure import ControlScore
from poise.web import facets, files, lists
from poise.web.analysed import analysed
from poise.web.facets import FINDING_MENUS, HIDDEN_OF_FINDINGS
from poise.web.lists import COUNT_UP_TO
from poise.web.visit import AVisit, Visit
from poise.web.words import plural

router = APIRouter()

VIEWS = (("check", "By recommendation"), ("asset", "By asset"), ("flat", "Flat"))
COMMANDS = {"check": "recommendations", "flat": "findings"}
"""View -> what `poise list` calls its rows. It has no list of assets by their findings."""
NARROWING = ("q", "risk", "severity", "verdict", "effect", "region", "kind", "asset", "since")
"""Filters that act on which checks are listed, not on the numbers of each: these come from roll-ups."""
TAB_WORDS = {
    Category.MISCONFIGURATION: "Misconfigurations",
    Category.VULNERABILITY: "Vulnerabilities",
    Category.SECRET: "Secrets",
    Category.ENTITLEMENT: "Entitlements",
}


@dataclass(frozen=True)
class Shown:
    """The rows of one view."""

    rows: Sequence[Any]
    total: int
    noun: str
    part: lists.Part
    sort: str


@router.get("/recommendations")
def recommendations(visit: AVisit) -> Response:
    """Show the list in one of its views, or give it as a file."""
    reading = visit.address.reading()
    wanted = finding_filter(reading, visit.workspace.checks)
    view = visit.address.first("view")
    view = view if view in dict(VIEWS) else "check"
    form = visit.address.first("format")
    if form in files.FORMATS:
        return files.of_recommendations(visit, view, wanted, form)
    shown = SHOW[view](visit, wanted)
    return visit.page(
        "recommendations.html",
        analysed=None if shown.total else analysed(visit),
        chips=lists.chips((*FINDING_MENUS, *HIDDEN_OF_FINDINGS), visit.address),
        choices=lists.options,
        command=lists.command(COMMANDS.get(view, ""), visit.address.pairs, FINDING_PARAMETERS),
        menus=FINDING_MENUS,
        notes=reading.notes,
        shown=shown,
        tabs=_tabs(visit),
        view=view,
        views=VIEWS,
        on_paths=path_lists.paths_by_check(visit.workspace, visit.scopes) if view == "check" else {},
        owned=_owned(visit, view, shown),
        gains=gains(visit) if view == "check" else {},
        done=done_words(visit.address.first("done")),
        is_narrowed=view == "check" and any(visit.address.values(name) for name in NARROWING),
        is_capped=view != "check" and shown.total >= COUNT_UP_TO,
    )


@router.get("/recommendations/filters/{name}")
def choices(visit: AVisit, name: str) -> Response:
    """Answer with the values of one filter, and how many findings each would leave."""
    menu = next((menu for menu in FINDING_MENUS if menu.name == name), None)
    if menu is None:
        raise HTTPException(404)
    counts = facets.of_findings(visit, menu)
    return visit.fragment("choices.html", menu=menu, choices=lists.options(menu, visit.address, counts, is_open=True))


def _by_check(visit: Visit, wanted: FindingFilter) -> Shown:
    order = visit.address.first("sort", Order.RISK)
    rows = sorted(queries.open_recommendations(visit.workspace, wanted), key=ORDERS.get(order, ORDERS[Order.RISK]))
    part = lists.part(visit.address, len(rows))
    return Shown(rows[part.offset : part.offset + part.size], len(rows), "recommendation", part, order)


def _flat(visit: Visit, wanted: FindingFilter) -> Shown:
    return _paged(visit, "finding", lambda paging: queries.findings(visit.workspace, wanted, paging))


def _by_asset(visit: Visit, wanted: FindingFilter) -> Shown:
    noun = "asset with findings"
    return _paged(visit, noun, lambda paging: queries.assets_with_findings(visit.workspace, wanted, paging))


def _paged(visit: Visit, noun: str, query: Callable[[Paging], Any]) -> Shown:
    asked = visit.address.first("sort")
    order = Order(asked) if asked in set(Order) else Order.RISK
    page, part = lists.last_page(visit.address, order, query)
    return Shown(page.rows, page.total, noun, part, order)


SHOW: Mapping[str, Callable[[Visit, FindingFilter], Shown]] = {"check": _by_check, "asset": _by_asset, "flat": _flat}
ORDERS: Mapping[str, Callable[[queries.Recommendation], Any]] = {
    Order.RISK: lambda _: 0,  # as everywhere: by risk, then severity, then how many
    Order.SEVERITY: lambda one: (-one.severity.rank, -one.counts.unhealthy),
    Order.NAME: lambda one: one.title.lower(),
    "unhealthy": lambda one: -one.counts.unhealthy,
    "unknown": lambda one: -one.counts.unknown,
}


def _tabs(visit: Visit) -> Sequence[tuple[str | None, str]]:
    """List the categories that any installed check has; one alone needs no tabs."""
    present = {check.category for check in visit.workspace.checks.values()}
    if len(present) < 2:
        return ()
    return ((None, "All"), *((each.value, TAB_WORDS[each]) for each in Category if each in present))


def _owned(visit: Visit, view: str, shown: Shown) -> Mapping[str, Owned]:
    """Return who owns the findings of each row; findings say so themselves."""
    owning, viewer = visit.workspace.store.owning, visit.workspace.viewer
    if view == "check":
        return owning.by_check(viewer, [row.check for row in shown.rows], visit.scopes)
    return owning.by_asset(viewer, [row.asset.id for row in shown.rows]) if view == "asset" else {}


def gains(visit: Visit) -> Mapping[str, float]:
    """Return control of the secure score -> points that curing all of it would give."""
    found: dict[str, list[ControlScore]] = {}
    for scope in secure_score(visit.workspace, visit.wanted_assets).scopes:
        for part in scope.controls:
            found.setdefault(part.control, []).append(part)
    return {name: _gain(parts) for name, parts in found.items()}


def _gain(parts: Sequence[ControlScore]) -> float:
    bad, good = sum(part.unhealthy for part in parts), sum(part.healthy for part in parts)
    return max(part.max for part in parts) * bad / (bad + good) if bad else 0.0


def done_words(text: str) -> str:
    """Return what an act on ticked rows did; nothing for words that are not ours."""
    count, _, deed = text.partition(" ")
    words = {"assigned": "assigned", "exempted": "exempted", "ticketed": "with a ticket"}
    if not (count.isdecimal() and deed in words):
        return ""
    if deed == "exempted":
        return f"{plural(int(count), 'exemption')} added. What they cover does not count from now on."
    return f"{plural(int(count), 'finding')} {words[deed]}."
