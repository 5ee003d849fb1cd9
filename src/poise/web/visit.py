"""A visit: one request for a page, with what every page needs to answer it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from poise.app.graph import GraphCache
from poise.app.groups import groups as every_group
from poise.app.parameters import groups_of, scopes_of
from poise.app.workspace import Workspace, learn
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter, Coverage, FindingFilter, PartitionState, ScopeCoverage
from poise.model.viewer import GROUP, sees_parts
from poise.web import templating, words
from poise.web.address import Address
from poise.web.kept import Kept
from poise.web.limited import is_refused

T = TypeVar("T")
P = ParamSpec("P")


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
    Place("attack-paths", "Attack paths", "paths", "a"),
    Place("explorer", "Explorer", "explorer", "e"),
    Place("inventory", "Inventory", "inventory", "i"),
    Place("compliance", "Compliance", "compliance", "c"),
    Place("governance", "Governance", "governance", "v"),
    Place("scans", "Scans", "scans", "s"),
    Place("checks", "Checks", "checks", "k"),
)
STALE_AFTER = timedelta(days=7)
FRAGMENTS = {
    "results": ("results", "views", "tabs", "scope"),
    "drawer-body": ("main",),
    "proofs": ("proofs",),
    "what-if": ("what_if",),
}
"""Element that asks for a part of a page -> the blocks that are answered: results, and whatever else links onwards."""


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
    is_stale: bool
    """Whether the oldest reading is older than people expect."""
    groups: tuple[str, ...] = ()
    """Names of the groups of assets that there are."""

    def name_of(self, scope: str) -> str:
        """What people call a scope."""
        if scope.startswith(GROUP):
            return scope.removeprefix(GROUP)
        return next((each.name for each in self.scopes if each.scope == scope), scope) or scope

    @property
    def scope_words(self) -> str:
        """What the scope menu says while it is closed."""
        if not self.chosen and len(self.scopes) == 1:
            return self.scopes[0].name or self.scopes[0].scope
        if not self.chosen:
            return f"All {words.plural(len(self.scopes), 'scope')}"
        if len(self.chosen) > 1:
            return words.plural(len(self.chosen), "scope")
        return self.name_of(self.chosen[0])


@dataclass
class Visit:
    """The request, and the ways to answer it."""

    request: Request

    @cached_property
    def workspace(self) -> Workspace:
        """What the pages show."""
        found: Workspace = self.request.app.state.workspace
        learn(found)
        return found

    @property
    def sees_all(self) -> bool:
        """Whether the viewer sees everything; to who sees a part, nothing is offered that is refused."""
        return self.workspace.viewer is None

    @property
    def sees_whole_scopes(self) -> bool:
        """Whether the viewer sees all of each scope: who may do what is answered for those alone."""
        return not sees_parts(self.workspace.viewer)

    @cached_property
    def graphs(self) -> GraphCache:
        """The latest graph, shared by all requests."""
        found: GraphCache = self.request.app.state.graphs
        return found

    @cached_property
    def address(self) -> Address:
        """What was asked for."""
        return Address(self.request.url.path, tuple(self.request.query_params.multi_items()))

    @cached_property
    def now(self) -> datetime:
        """The time of this answer."""
        return self.workspace.clock()

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The accounts that the page is limited to; empty for all."""
        return scopes_of(self.address.reading())

    @cached_property
    def groups(self) -> frozenset[str]:
        """The groups of assets that the page is limited to; empty for all."""
        return groups_of(self.address.reading())

    @cached_property
    def limits(self) -> tuple[str, ...]:
        """Accounts and groups that the page is limited to, as one list; empty for all."""
        return (*sorted(self.scopes), *(f"{GROUP}{name}" for name in sorted(self.groups)))

    @cached_property
    def wanted_assets(self) -> AssetFilter:
        """The assets that the page is limited to."""
        return AssetFilter(scopes=self.scopes, groups=self.groups)

    @cached_property
    def wanted_findings(self) -> FindingFilter:
        """The findings that the page is limited to."""
        return FindingFilter(scopes=self.scopes, groups=self.groups)

    @cached_property
    def coverage(self) -> Coverage:
        """What was read of each scope, up to a moment ago."""
        kept: Kept[Coverage] = self.request.app.state.coverage
        return kept.get()

    @cached_property
    def frame(self) -> Frame:
        """What stands around the page."""
        every = {scope.scope: scope for scope in self.coverage.scopes}
        shown = [scope for scope in self.coverage.scopes if not self.scopes or scope.scope in self.scopes]
        read = [scope.read_at for scope in shown if scope.read_at]
        incomplete = {scope.scope for scope in shown if scope.state is not PartitionState.DONE}
        oldest = min(read, default=None)
        is_stale = oldest is not None and self.now - oldest > STALE_AFTER
        named = tuple(row.group.name for row in every_group(self.workspace))
        return Frame(tuple(every.values()), self.limits, oldest, len(incomplete), is_stale, named)

    def find(self, query: Callable[Concatenate[Workspace, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask for one thing by its id; where there is none, the page is not found."""
        try:
            return query(self.workspace, *args, **kwargs)
        except UsageError as nothing:
            raise HTTPException(404) from nothing

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """Answer with a page, or with the part of it that was asked for."""
        part = self._part()
        values |= self._surroundings() | {"is_part": bool(part)}
        text = templating.blocks(template, FRAGMENTS[part], values) if part else templating.whole(template, values)
        return HTMLResponse(text, status, {"Vary": "HX-Request, HX-Target"})

    def fragment(self, template: str, **values: Any) -> HTMLResponse:
        """Answer with a piece of a page that scripts ask for."""
        return HTMLResponse(templating.whole(template, values))

    def _surroundings(self) -> dict[str, Any]:
        return {
            "address": self.address,
            "asked": self.address.first("q") if self.address.path == "/search" else "",
            "frame": self.frame,
            "here": self.address.path.split("/")[1],
            "now": self.now,
            "places": [place for place in PLACES if self.sees_all or not is_refused("GET", f"/{place.path}")],
            "sees_all": self.sees_all,
            "sees_whole_scopes": self.sees_whole_scopes,
        }

    def _part(self) -> str:
        headers = self.request.headers
        if "hx-request" not in headers or "hx-history-restore-request" in headers:
            return ""
        target = headers.get("hx-target", "")
        return target if target in FRAGMENTS else ""


def _visit(request: Request) -> Visit:
    return Visit(request)


AVisit = Annotated[Visit, Depends(_visit)]
"""Parameter of a page's function."""
