"""Inventory: every asset that was read, healthy ones too, and one asset with all that is held of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.api import shapes
from poise.app.parameters import ASSET_PARAMETERS, asset_filter
from poise.model import State
from poise.model.listings import Order, Paging
from poise.web import exports, history, lists, tally, titles, tree, words
from poise.web.exports import FORMATS
from poise.web.lists import Menu
from poise.web.tally import COUNT_UP_TO
from poise.web.visit import AVisit, Visit

router = APIRouter()

MENUS = (
    Menu("provider", "Cloud"),
    Menu("kind", "Type", label=words.kind_label),
    Menu("region", "Region", label=str),
    Menu("findings", "Findings", lists.YesNo, lists.yes_no("With findings", "Without findings")),
    Menu("unread", "Unread", lists.YesNo, lists.yes_no("With unread facts", "Fully read")),
)
HIDDEN = (Menu("tag", "Tag", label=str),)
FLAGS = {"q": "--text", "provider": "--provider", "scope": "--scope", "region": "--region", "kind": "--kind"}
SUMMED = (
    ("Assets", {}, ""),
    ("With findings", {"findings": "yes"}, "unhealthy"),
    ("With unread facts", {"unread": "yes"}, "unknown"),
)
STATES = (State.UNHEALTHY, State.UNKNOWN, State.HEALTHY, State.NOT_APPLICABLE)


@router.get("/inventory")
def inventory(visit: AVisit) -> Response:
    """Show the list, or give it as a file."""
    reading = visit.address.reading()
    wanted = asset_filter(reading)
    if (form := visit.address.first("format")) in FORMATS:
        found = exports.every(lambda paging: visit.workspace.assets(wanted, paging, visit.viewer))
        rows = (shapes.asset(row, visit.workspace) for row in found)
        return exports.download("assets", form, rows, shapes.ASSET_COLUMNS)
    asked = visit.address.first("sort")
    order = Order(asked) if asked in set(Order) else Order.RISK

    def query(part: lists.Part) -> Any:
        paging = Paging(order=order, limit=part.size, offset=part.offset, count_up_to=COUNT_UP_TO)
        return visit.workspace.assets(wanted, paging, visit.viewer)

    page, part = lists.last_page(visit.address, query)
    return visit.page(
        "inventory.html",
        chips=lists.chips((*MENUS, *HIDDEN), visit.address),
        choices=lists.options,
        command=lists.command("assets", visit.address.pairs, FLAGS),
        notes=reading.notes,
        menus=MENUS,
        part=part,
        rows=page.rows,
        sort=order,
        strip=_strip(visit),
        total=page.total,
    )


@router.get("/inventory/filters/{name}")
def choices(visit: AVisit, name: str) -> Response:
    """Answer with the values of one filter, and how many assets each would leave."""
    menu = next((menu for menu in MENUS if menu.name == name), None)
    if menu is None:
        return Response(status_code=404)
    counts = visit.workspace.asset_facets(name, asset_filter(visit.address.reading(name)), visit.viewer)
    return visit.page("choices.html", menu=menu, choices=lists.options(menu, visit.address, counts, is_open=True))


@router.get("/inventory/{asset_id:path}")
def asset(visit: AVisit, asset_id: str) -> Response:
    """Show one asset."""
    found = visit.workspace.asset(asset_id, visit.viewer)
    if found is None:
        raise HTTPException(404)
    verdicts = sorted(found.verdicts, key=lambda row: (STATES.index(row.state), -row.risk.level.rank, row.check))
    tab = visit.address.first("tab", "findings")
    return visit.page(
        "asset.html",
        row=found.row,
        tab=tab if tab in ("findings", "changes", "raw") else "findings",
        verdicts=[titles.titled(visit, row) for row in verdicts],
        fixed=[titles.titled(visit, row) for row in found.fixed],
        differences=history.of_asset(found.versions),
        nodes=tree.of(found.asset),
    )


def _strip(visit: Visit) -> list[tally.Tally]:
    """Count the assets that the filters leave, and parts of them."""
    kept: dict[str, list[str]] = {}
    for name, value in visit.address.pairs:
        if name in ASSET_PARAMETERS and name != "scope":
            kept.setdefault(name, []).append(value)
    return [tally.assets(visit, title, mark=mark, **{**kept, **more}) for title, more, mark in SUMMED]
