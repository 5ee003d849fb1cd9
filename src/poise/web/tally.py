"""Numbers that are links: a number is the total of the very list that its link opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from poise.app import queries
from poise.app.parameters import asset_filter, finding_filter
from poise.model.listings import Paging
from poise.web.address import Address
from poise.web.lists import COUNT_UP_TO
from poise.web.visit import Visit

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
    wanted = finding_filter(Address.parse(href).reading(), visit.workspace.checks)
    return Tally(queries.findings(visit.workspace, wanted, ONLY_COUNT).total, href, title, note, mark)


def assets(visit: Visit, title: str, note: str = "", mark: str = "", **parameters: Any) -> Tally:
    """Count assets, with the link to the inventory of them."""
    href = visit.address.at("inventory", **parameters)
    wanted = asset_filter(Address.parse(href).reading())
    return Tally(queries.assets(visit.workspace, wanted, ONLY_COUNT).total, href, title, note, mark)
