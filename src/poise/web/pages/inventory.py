"""Inventory: every asset that was read, healthy ones too."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from poise.app import queries
from poise.app.parameters import ASSET_PARAMETERS, asset_filter
from poise.model.listings import Order
from poise.web import facets, files, lists, tally
from poise.web.facets import ASSET_MENUS, HIDDEN_OF_ASSETS
from poise.web.visit import AVisit, Visit

router = APIRouter()

SUMMED: tuple[tuple[str, dict[str, str], str], ...] = (
    ("Assets", {}, ""),
    ("With findings", {"findings": "yes"}, "unhealthy"),
    ("With unread facts", {"unread": "yes"}, "unknown"),
)
"""Title, the filter it adds, the state whose shape stands beside it."""


@router.get("/inventory")
def inventory(visit: AVisit) -> Response:
    """Show the list, or give it as a file."""
    reading = visit.address.reading()
    wanted = asset_filter(reading)
    form = visit.address.first("format")
    if form in files.FORMATS:
        return files.of_assets(visit, wanted, form)
    asked = visit.address.first("sort")
    order = Order(asked) if asked in set(Order) else Order.RISK
    page, part = lists.last_page(visit.address, order, lambda paging: queries.assets(visit.workspace, wanted, paging))
    return visit.page(
        "inventory.html",
        chips=lists.chips((*ASSET_MENUS, *HIDDEN_OF_ASSETS), visit.address),
        choices=lists.options,
        command=lists.command("assets", visit.address.pairs, ASSET_PARAMETERS),
        menus=ASSET_MENUS,
        notes=reading.notes,
        part=part,
        rows=page.rows,
        sort=order,
        strip=_strip(visit),
        total=page.total,
    )


@router.get("/inventory/filters/{name}")
def choices(visit: AVisit, name: str) -> Response:
    """Answer with the values of one filter, and how many assets each would leave."""
    menu = next((menu for menu in ASSET_MENUS if menu.name == name), None)
    if menu is None:
        raise HTTPException(404)
    counts = facets.of_assets(visit, menu)
    return visit.fragment("choices.html", menu=menu, choices=lists.options(menu, visit.address, counts, is_open=True))


def _strip(visit: Visit) -> list[tally.Tally]:
    """Count the assets that the filters leave, and parts of them."""
    kept: dict[str, Any] = {}
    for name, value in visit.address.pairs:
        if name in ASSET_PARAMETERS and name != "scope":
            kept.setdefault(name, []).append(value)
    return [tally.assets(visit, title, mark=mark, **{**kept, **more}) for title, more, mark in SUMMED]
