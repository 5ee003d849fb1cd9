"""Recommendations: what a person should do, by check, by asset, or finding by finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from poise.api import shapes
from poise.app.parameters import finding_filter
from poise.model import Category, Severity
from poise.model.finding import Effect
from poise.model.listings import FindingFilter, Order, Paging, Standing
from poise.web import exports, lists, titles, words
from poise.web.exports import FORMATS
from poise.web.lists import Menu
from poise.web.tally import COUNT_UP_TO
from poise.web.visit import AVisit, Visit

router = APIRouter()



class FindingState(StrEnum):
    """Verdicts that are findings."""

    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


VIEWS = (("check", "By recommendation"), ("asset", "By asset"), ("flat", "Flat"))
MENUS = (
    Menu("risk", "Risk", Severity),
    Menu("severity", "Severity", Severity),
    Menu("verdict", "Verdict", FindingState),
    Menu("provider", "Cloud"),
    Menu("kind", "Type", label=words.kind_label),
    Menu("region", "Region", label=str),
    Menu("effect", "Effect", Effect),
    Menu("status", "Status", Standing),
)
HIDDEN = (Menu("check", "Check", label=str), Menu("asset", "Asset", label=str))
"""Filters that links set and chips lift, without a menu."""
FLAGS = {
    "q": "--text",
    "risk": "--risk",
    "severity": "--severity",
    "verdict": "--verdict",
    "provider": "--provider",
    "scope": "--scope",
    "region": "--region",
    "kind": "--kind",
    "check": "--check",
}
"""Parameter -> flag of `poise list`."""


@router.get("/recommendations")
def recommendations(visit: AVisit) -> Response:
    """Show the list in one of its views, or as a file."""
    reading = visit.address.reading()
    wanted = finding_filter(reading, visit.workspace.checks())
    view = visit.address.first("view", "check")
    show = {"flat": _flat, "asset": _by_asset}.get(view, _by_check)
    form = visit.address.first("format")
    if form in FORMATS:
        return _file(visit, wanted, view, form)
    values = {
        "chips": lists.chips((*MENUS, *HIDDEN), visit.address),
        "command": lists.command("findings" if view == "flat" else "recommendations", visit.address.pairs, FLAGS),
        "notes": reading.notes,
        "menus": MENUS,
        "choices": lists.options,
        "tabs": _tabs(visit),
        "view": view if view in dict(VIEWS) else "check",
        "views": VIEWS,
    }
    return visit.page("recommendations.html", **values, **show(visit, wanted))


@router.get("/recommendations/filters/{name}")
def choices(visit: AVisit, name: str) -> Response:
    """Answer with the values of one filter, and how many findings each would leave."""
    menu = next((menu for menu in MENUS if menu.name == name), None)
    if menu is None:
        return Response(status_code=404)
    others = finding_filter(visit.address.reading(name), visit.workspace.checks())
    counts = visit.workspace.finding_facets(name, others, visit.viewer)
    return visit.page("choices.html", menu=menu, choices=lists.options(menu, visit.address, counts, is_open=True))


def _by_check(visit: Visit, wanted: FindingFilter) -> dict[str, Any]:
    rows = titles.recommendations(visit, wanted)
    order = visit.address.first("sort", Order.RISK)
    rows = sorted(rows, key=ORDERS.get(order, ORDERS[Order.RISK]))
    part = lists.part(visit.address, len(rows))
    return {
        "total": len(rows),
        "noun": "recommendation" if len(rows) == 1 else "recommendations",
        "part": part,
        "rows": rows[part.offset : part.offset + part.size],
        "sort": order,
    }


def _flat(visit: Visit, wanted: FindingFilter) -> dict[str, Any]:
    order = _order(visit)

    def query(part: lists.Part) -> Any:
        paging = Paging(order=order, limit=part.size, offset=part.offset, count_up_to=COUNT_UP_TO)
        return visit.workspace.findings(wanted, paging, visit.viewer)

    page, part = lists.last_page(visit.address, query)
    return {
        "total": page.total,
        "capped": page.total >= COUNT_UP_TO,
        "noun": "finding" if page.total == 1 else "findings",
        "part": part,
        "rows": [titles.titled(visit, row) for row in page.rows],
        "sort": order,
    }


def _by_asset(visit: Visit, wanted: FindingFilter) -> dict[str, Any]:
    order = _order(visit)

    def query(part: lists.Part) -> Any:
        paging = Paging(order=order, limit=part.size, offset=part.offset, count_up_to=COUNT_UP_TO)
        return visit.workspace.assets_with_findings(wanted, paging, visit.viewer)

    page, part = lists.last_page(visit.address, query)
    return {
        "total": page.total,
        "capped": page.total >= COUNT_UP_TO,
        "noun": "asset with findings" if page.total == 1 else "assets with findings",
        "part": part,
        "rows": page.rows,
        "sort": order,
    }


ORDERS: dict[str, Callable[[titles.Recommendation], Any]] = {
    Order.RISK: titles.riskiest,
    Order.SEVERITY: lambda one: (-one.row.severity.rank, -one.counts.unhealthy, one.row.check),
    Order.NAME: lambda one: one.title.lower(),
    "unhealthy": lambda one: (-one.counts.unhealthy, one.row.check),
    "unknown": lambda one: (-one.counts.unknown, one.row.check),
}


def _order(visit: Visit) -> Order:
    asked = visit.address.first("sort")
    return Order(asked) if asked in set(Order) else Order.RISK


def _tabs(visit: Visit) -> Sequence[tuple[str | None, str]]:
    """List the categories that any installed check has; one alone needs no tabs."""
    present = {check.category for check in visit.workspace.checks().values()}
    if len(present) < 2:
        return ()
    return ((None, "All"), *((each.value, CATEGORY_WORDS[each]) for each in Category if each in present))


CATEGORY_WORDS = {
    Category.MISCONFIGURATION: "Misconfigurations",
    Category.VULNERABILITY: "Vulnerabilities",
    Category.SECRET: "Secrets",
    Category.ENTITLEMENT: "Entitlements",
}


def _file(visit: Visit, wanted: FindingFilter, view: str, form: str) -> Response:
    workspace, viewer = visit.workspace, visit.viewer
    if view == "flat":
        found = exports.every(lambda paging: workspace.findings(wanted, paging, viewer))
        rows = (shapes.finding(row, workspace) for row in found)
        return exports.download("findings", form, rows, shapes.FINDING_COLUMNS)
    if view == "asset":
        assets = exports.every(lambda paging: workspace.assets_with_findings(wanted, paging, viewer))
        lines = (shapes.asset(row, workspace) for row in assets)
        return exports.download("assets", form, lines, shapes.ASSET_COLUMNS)
    checks = (shapes.recommendation(one.row, workspace) for one in titles.recommendations(visit, wanted))
    return exports.download("recommendations", form, checks, shapes.RECOMMENDATION_COLUMNS)
