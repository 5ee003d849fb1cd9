"""The filters of the long lists, and how many rows each of their values would leave."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from poise.app import queries
from poise.app.parameters import asset_filter, finding_filter
from poise.model import Severity
from poise.model.finding import Effect
from poise.model.governance import DueState
from poise.model.listings import FacetCount, Standing
from poise.web import words
from poise.web.lists import COUNT_UP_TO, Menu
from poise.web.tally import ONLY_COUNT
from poise.web.visit import Visit


class FindingState(StrEnum):
    """Verdicts that are findings."""

    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


class YesNo(StrEnum):
    """The values of a filter that asks for having or lacking something."""

    YES = "yes"
    NO = "no"


FINDING_MENUS = (
    Menu("risk", "Risk", Severity),
    Menu("severity", "Severity", Severity),
    Menu("verdict", "Verdict", FindingState, is_counted=False),
    Menu("provider", "Cloud"),
    Menu("kind", "Type", label=words.kind_label),
    Menu("region", "Region", label=str),
    Menu("effect", "Effect", Effect),
    Menu("due", "Due", DueState, is_counted=False),
    Menu("status", "Status", Standing, is_single=True, is_counted=False),
)
HIDDEN_OF_FINDINGS = (
    Menu("check", "Check", label=str),
    Menu("asset", "Asset", label=str),
    Menu("service", "Service", label=str),
    Menu("since", "Since", label=str),
    Menu("owner", "Owner", label=str),
)
"""Filters that links set and chips lift, without a menu."""
ASSET_MENUS = (
    Menu("provider", "Cloud"),
    Menu("kind", "Type", label=words.kind_label),
    Menu("region", "Region", label=str),
    Menu("findings", "Findings", YesNo, {"yes": "With findings", "no": "Without findings"}.__getitem__, True, False),
    Menu("unread", "Unread", YesNo, {"yes": "With unread facts", "no": "Fully read"}.__getitem__, True, False),
)
HIDDEN_OF_ASSETS = (Menu("tag", "Tag", label=str),)


def of_findings(visit: Visit, menu: Menu) -> Iterable[FacetCount]:
    """Count findings by the values of a filter, the other filters in force."""
    reading = visit.address.reading(menu.name)
    if menu.is_counted:
        return queries.finding_facet(visit.workspace, finding_filter(reading, visit.workspace.checks), menu.name)
    counts = []
    for value in menu.fixed or ():
        wanted = finding_filter(visit.address.reading(menu.name, **{menu.name: value}), visit.workspace.checks)
        counts.append(_capped(value, queries.findings(visit.workspace, wanted, ONLY_COUNT).total))
    return counts


def of_assets(visit: Visit, menu: Menu) -> Iterable[FacetCount]:
    """Count assets by the values of a filter, the other filters in force."""
    if menu.is_counted:
        return queries.asset_facet(visit.workspace, asset_filter(visit.address.reading(menu.name)), menu.name)
    counts = []
    for value in menu.fixed or ():
        wanted = asset_filter(visit.address.reading(menu.name, **{menu.name: value}))
        counts.append(_capped(value, queries.assets(visit.workspace, wanted, ONLY_COUNT).total))
    return counts


def _capped(value: str, count: int) -> FacetCount:
    return FacetCount(value, count, count >= COUNT_UP_TO)
