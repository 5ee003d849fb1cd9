"""A visit: one request for a page, with what every page needs to answer it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from poise.api.reading import Workspace
from poise.model.listings import Coverage, PartitionState, ScopeCoverage, ScopeFilter
from poise.web import templating, words
from poise.web.address import Address


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    path: str
    title: str
    icon: str
    key: str
    """The letter after ``g`` that leads there."""


PLACES = (
    Place("", "Overview", "overview", "o"),
    Place("recommendations", "Recommendations", "recommendations", "r"),
    Place("inventory", "Inventory", "inventory", "i"),
    Place("scans", "Scans", "scans", "s"),
    Place("checks", "Checks", "checks", "k"),
)
FRAGMENTS = {"results": "results", "drawer-body": "main"}
"""Element that asks for a part of a page -> the block that is answered."""


@dataclass(frozen=True)
class Frame:
    """What stands around a page."""

    scopes: Sequence[ScopeCoverage]
    chosen: tuple[str, ...]
    """Ids of the scopes that the page is limited to; empty for all."""
    read_at: datetime | None
    """The oldest reading among the scopes shown."""
    incomplete: int
    """Scopes of which not everything could be read."""

    def name_of(self, scope: str) -> str:
        """What people call a scope."""
        return next((each.name for each in self.scopes if each.scope == scope), scope) or scope

    @property
    def scope_words(self) -> str:
        """What the scope menu says while it is closed."""
        if not self.chosen:
            return f"All {words.plural(len(self.scopes), 'scope')}"
        if len(self.chosen) > 1:
            return words.plural(len(self.chosen), "scope")
        return self.name_of(self.chosen[0])


@dataclass(frozen=True)
class Visit:
    """The request, and the ways to answer it."""

    request: Request

    @cached_property
    def workspace(self) -> Workspace:
        """The store's query functions."""
        found: Workspace = self.request.app.state.workspace
        return found

    @cached_property
    def address(self) -> Address:
        """What was asked for."""
        return Address(self.request.url.path, tuple(self.request.query_params.multi_items()))

    @cached_property
    def now(self) -> datetime:
        """The time of this answer."""
        return self.workspace.now()

    @property
    def viewer(self) -> ScopeFilter:
        """The scopes that this viewer may see. There are no accounts yet: whoever reaches the server sees all."""
        return None

    @cached_property
    def coverage(self) -> Coverage:
        """What was read of each scope."""
        return self.workspace.coverage(self.viewer)

    @cached_property
    def frame(self) -> Frame:
        """What stands around the page."""
        chosen = self.address.values("scope")
        shown = [s for s in self.coverage.scopes if not chosen or s.scope in chosen]
        read = [scope.read_at for scope in shown if scope.read_at]
        incomplete = {s.scope for s in shown if s.state is not PartitionState.DONE}
        return Frame(tuple({s.scope: s for s in self.coverage.scopes}.values()), chosen, min(read, default=None), len(incomplete))

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Answer with a page, or with the part of it that was asked for."""
        values |= self._surroundings()
        part = self._part()
        text = templating.block(template, part, values) if part else templating.whole(template, values)
        return HTMLResponse(text, status, {"Vary": "HX-Request, HX-Target"})

    def _surroundings(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "asked": self.address.first("q") if self.address.path == "/search" else "",
            "frame": self.frame,
            "here": self.address.path.split("/")[1],
            "now": self.now,
            "places": PLACES,
        }

    def _part(self) -> str:
        headers = self.request.headers
        if "hx-request" not in headers or "hx-history-restore-request" in headers:
            return ""
        return FRAGMENTS.get(headers.get("hx-target", ""), "")


def _visit(request: Request) -> Visit:
    return Visit(request)


AVisit = Annotated[Visit, Depends(_visit)]
"""Parameter of a page's function."""
