"""Checks: everything that is looked at, also what is healthy everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from poise.app import queries
from poise.model import Category, Check, Severity
from poise.model.listings import FacetCount
from poise.web import lists, words
from poise.web.address import Address
from poise.web.lists import Menu, Option
from poise.web.visit import AVisit

router = APIRouter()

MENUS = (
    Menu("severity", "Severity", Severity),
    Menu("category", "Category", Category),
    Menu("provider", "Cloud"),
    Menu("kind", "Type", label=words.kind_label),
)


@router.get("/checks")
def checks(visit: AVisit) -> Response:
    """Show every installed check with the counts of its verdicts."""
    every = visit.workspace.checks
    rows = queries.recommendations(visit.workspace, visit.wanted_findings)
    found = [check for check in every.values() if _is_wanted(check, visit.address)]
    found.sort(key=lambda check: (check.provider, check.service, -check.severity.rank, check.id))
    return visit.page(
        "checks.html",
        chips=lists.chips(MENUS, visit.address),
        choices=lambda menu, address: _choices(menu, address, every),
        checks=found,
        counts={row.check: row.counts for row in rows},
        menus=MENUS,
    )


def _held(check: Check) -> dict[str, str]:
    return {
        "severity": check.severity.value,
        "category": check.category.value,
        "provider": check.provider,
        "kind": check.asset.KIND,
    }


def _is_wanted(check: Check, address: Address, left_out: str = "") -> bool:
    held = _held(check)
    for name, value in held.items():
        chosen = address.values(name)
        if name != left_out and chosen and value not in chosen:
            return False
    words_asked = address.first("q").lower().split()
    return all(word in f"{check.id} {check.title}".lower() for word in words_asked)


def _choices(menu: Menu, address: Address, every: Mapping[str, Check]) -> list[Option]:
    counted = Counter(_held(check)[menu.name] for check in every.values() if _is_wanted(check, address, menu.name))
    facets = [FacetCount(value, count) for value, count in counted.items()]
    return lists.options(menu, address, facets, is_open=True)
