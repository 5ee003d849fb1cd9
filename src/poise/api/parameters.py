"""Parameters of lists, by the same names in the addresses of pages and of the API.

A program that sends a wrong value gets an error; a person who follows an old link gets the page without it, and a
note: :func:`read_leniently`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from poise.model.check import Category
from poise.model.finding import Effect
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging, Standing
from poise.model.verdict import Severity, State

MOST_ROWS = 1000

P = TypeVar("P", bound="Parameters")


class Parameters(BaseModel):
    """What a list is asked for."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class FindingParameters(Parameters):
    """Which findings. Several values of one name are alternatives; different names must all hold."""

    q: str = Field("", description="Words in check, asset or reason")
    status: Standing = Field(Standing.OPEN, description="Open, fixed, or any")
    state: list[State] = Field([], description="Verdicts; without it, unhealthy and unknown")
    risk: list[Severity] = Field([], description="Level of risk on the finding's own asset")
    severity: list[Severity] = Field([], description="Severity of the check")
    category: list[Category] = Field([], description="What the check is about")
    check: list[str] = Field([], description="Check ids")
    standard: list[str] = Field([], description="Standards whose controls ask for the check")
    effect: list[Effect] = Field([], description="How the finding acts on scores")
    provider: list[str] = Field([], description="Clouds")
    scope: list[str] = Field([], description="Accounts, subscriptions, projects")
    region: list[str] = Field([], description="Regions")
    kind: list[str] = Field([], description="The provider's type names")
    asset: str = Field("", description="Id of one asset")
    source: list[str] = Field([], description="Doors that the facts came through")
    since: datetime | None = Field(None, description="First seen at this time or later")

    def filter(self, checks: Iterable[str] | None) -> FindingFilter:
        """Make the filter; ``checks`` are the ids that category, standard and check leave, None for all."""
        return FindingFilter(
            standing=self.status,
            states=frozenset(self.state),
            severities=frozenset(self.severity),
            risk_levels=frozenset(self.risk),
            effects=frozenset(self.effect),
            sources=frozenset(self.source),
            providers=frozenset(self.provider),
            scopes=frozenset(self.scope),
            regions=frozenset(self.region),
            kinds=frozenset(self.kind),
            checks=None if checks is None else frozenset(checks),
            asset_id=self.asset,
            text=self.q.strip(),
            seen_since=self.since,
        )


class AssetParameters(Parameters):
    """Which assets. Several values of one name are alternatives; different names must all hold."""

    q: str = Field("", description="Words in name or id")
    provider: list[str] = Field([], description="Clouds")
    scope: list[str] = Field([], description="Accounts, subscriptions, projects")
    region: list[str] = Field([], description="Regions")
    kind: list[str] = Field([], description="The provider's type names")
    tag: list[str] = Field([], description="Tags as KEY=VALUE; all must be there")
    findings: bool | None = Field(None, description="With, or without, open unhealthy findings")
    unread: bool | None = Field(None, description="With, or without, facts that could not be read")
    source: list[str] = Field([], description="Doors that the facts came through")

    def filter(self) -> AssetFilter:
        """Make the filter."""
        return AssetFilter(
            sources=frozenset(self.source),
            providers=frozenset(self.provider),
            scopes=frozenset(self.scope),
            regions=frozenset(self.region),
            kinds=frozenset(self.kind),
            tags=dict(tag.partition("=")[::2] for tag in self.tag),
            text=self.q.strip(),
            has_findings=self.findings,
            has_unread=self.unread,
        )


class CursorParameters(Parameters):
    """Which part of a list, for programs."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description="Rows to return")
    cursor: str | None = Field(None, description="Where the last page ended; see the Link header")
    sort: Order = Field(Order.RISK, description="Order of the rows")

    def paging(self) -> Paging:
        """Make the paging."""
        return Paging(order=self.sort, limit=self.limit, cursor=self.cursor)


def read_leniently(kind: type[P], pairs: Iterable[tuple[str, str]]) -> tuple[P, list[str]]:
    """Read parameters, leaving out what is not understood; return these as ``name=value`` texts."""
    values = _gather(kind, pairs)
    ignored: list[str] = []
    while True:
        try:
            return kind.model_validate(values), ignored
        except ValidationError as problem:
            for found in reversed(problem.errors()):  # from the last, so that positions stay true
                ignored.append(_drop(values, found["loc"]))


def _gather(kind: type[Parameters], pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in pairs:
        field = kind.model_fields.get(name)
        if field is None or value == "":
            continue
        if str(field.annotation).startswith("list"):
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    return values


def _drop(values: dict[str, Any], place: tuple[int | str, ...]) -> str:
    name = str(place[0])
    if len(place) > 1 and isinstance(place[1], int):
        return f"{name}={values[name].pop(place[1])}"
    return f"{name}={values.pop(name)}"
