"""Numbers that are links: a number is the total of the very list that its link opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from poise.api.parameters import AssetParameters, FindingParameters, read_leniently
from poise.api.selection import finding_filter
from poise.model.listings import FindingFilter, Paging
from poise.web.address import Address
from poise.web.visit import Visit

COUNT_UP_TO = 10_000
ONLY_COUNT = Paging(limit=1, count_up_to=COUNT_UP_TO)


@dataclass(frozen=True)
class Tally:
    """A number and the list behind it."""

    count: int
    href: str
    title: str
    note: str = ""
    mark: str = ""
    """State or level whose shape stands beside it."""

    @property
    def is_capped(self) -> bool:
        """Whether counting stopped early."""
        return self.count >= COUNT_UP_TO


def findings(visit: Visit, title: str, note: str = "", mark: str = "", **parameters: Any) -> Tally:
    """Count findings, with the link to the flat list of them."""
    href = visit.address.at("recommendations", view="flat", **parameters)
    page = visit.workspace.findings(filter_of(visit, href), ONLY_COUNT, visit.viewer)
    return Tally(page.total, href, title, note, mark)


def assets(visit: Visit, title: str, note: str = "", mark: str = "", **parameters: Any) -> Tally:
    """Count assets, with the link to the inventory of them."""
    href = visit.address.at("inventory", **parameters)
    wanted, _ = read_leniently(AssetParameters, pairs(href))
    page = visit.workspace.assets(wanted.filter(), ONLY_COUNT, visit.viewer)
    return Tally(page.total, href, title, note, mark)


def filter_of(visit: Visit, href: str) -> FindingFilter:
    """Make the filter that the page at ``href`` uses."""
    wanted, _ = read_leniently(FindingParameters, pairs(href))
    return finding_filter(wanted, visit.workspace)


def pairs(href: str) -> list[tuple[str, str]]:
    """Return the parameters of a link."""
    return list(Address.parse(href).pairs)
