"""Filters as text: the same names in addresses of pages, in the API and on the command line."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from poise.model.check import Category, Check
from poise.model.finding import Effect
from poise.model.governance import DueState
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging, Standing
from poise.model.verdict import Severity, State
from poise.model.viewer import GROUP

E = TypeVar("E", bound=enum.StrEnum)
Texts = Mapping[str, Sequence[str]]
"""Parameter name -> its values, as an address or a command line holds them."""
PAGE_SIZES = (25, 50, 100, 200)

FINDING_PARAMETERS: Mapping[str, str] = {
    "q": "Words in check, finding, asset or reason",
    "severity": "critical, high, medium, low",
    "risk": "critical, high, medium, low",
    "verdict": "unhealthy, unknown; in full lists also healthy, not_applicable",
    "status": "open (default), fixed, any",
    "effect": "counted, waived, mitigated, grace, disabled",
    "provider": "aws, azure",
    "scope": "Account, subscription or project",
    "region": "Region",
    "kind": "Kind of asset, as the provider names it",
    "check": "Id of a check",
    "category": "misconfiguration, vulnerability, secret, entitlement",
    "group": "Name of a group of assets",
    "service": "Second part of a check's id, with the provider: aws.s3",
    "asset": "Id of an asset",
    "since": "Began on this day or later, ISO 8601",
    "owner": "Address of the owner",
    "due": "unassigned, on_time, overdue, completed",
}
"""Name -> what it takes, for lists of findings and recommendations."""

ASSET_PARAMETERS: Mapping[str, str] = {
    "q": "Words in name or id",
    "provider": "aws, azure",
    "scope": "Account, subscription or project",
    "region": "Region",
    "kind": "Kind of asset, as the provider names it",
    "tag": "key=value",
    "group": "Name of a group of assets",
    "findings": "yes or no",
    "unread": "yes or no",
}
"""Name -> what it takes, for lists of assets."""


@dataclass
class Reading:
    """Reads parameters, noting those that make no sense instead of failing."""

    texts: Texts
    notes: list[str] = field(default_factory=list)

    def words(self, name: str) -> frozenset[str]:
        """Return the values of a parameter; empty texts do not count."""
        return frozenset(value for value in self.texts.get(name, ()) if value)

    def word(self, name: str) -> str:
        """Return the last value of a parameter, or nothing."""
        return next((value for value in reversed(self.texts.get(name, ())) if value), "")

    def members(self, name: str, kind: type[E]) -> frozenset[E]:
        """Return the values of a parameter that has a closed set."""
        return frozenset(found for value in sorted(self.words(name)) for found in self._member(name, kind, value))

    def member(self, name: str, kind: type[E], default: E) -> E:
        """Return the value of a parameter that has a closed set."""
        found = self._member(name, kind, self.word(name)) if self.word(name) else ()
        return next(iter(found), default)

    def number(self, name: str, default: int) -> int:
        """Return a number of 1 or more."""
        text = self.word(name)
        if text and not (text.isdecimal() and len(text) < 10 and int(text) > 0):
            self.notes.append(f"{name}={text} was ignored: expected a number of 1 or more")
            return default
        return int(text) if text else default

    def truth(self, name: str) -> bool | None:
        """Return yes or no; None if neither was said."""
        text = self.word(name).lower()
        if text and text not in ("yes", "no"):
            self.notes.append(f"{name}={text} was ignored: expected yes or no")
        return {"yes": True, "no": False}.get(text)

    def moment(self, name: str) -> datetime | None:
        """Return a moment, UTC where no zone was said."""
        text = self.word(name)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            self.notes.append(f"{name}={text} was ignored: expected a day such as 2026-11-25")
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def _member(self, name: str, kind: type[E], value: str) -> Iterable[E]:
        try:
            return (kind(value.lower()),)
        except ValueError:
            allowed = ", ".join(kind)
            self.notes.append(f"{name}={value} was ignored: expected one of {allowed}")
            return ()


def finding_filter(reading: Reading, checks: Mapping[str, Check]) -> FindingFilter:
    """Return the filter of findings and recommendations that parameters ask for."""
    return FindingFilter(
        standing=reading.member("status", Standing, Standing.OPEN),
        states=reading.members("verdict", State),
        severities=reading.members("severity", Severity),
        risk_levels=reading.members("risk", Severity),
        effects=reading.members("effect", Effect),
        providers=reading.words("provider"),
        scopes=scopes_of(reading),
        regions=reading.words("region"),
        kinds=reading.words("kind"),
        checks=_chosen_checks(reading, checks),
        asset_id=reading.word("asset"),
        text=reading.word("q"),
        seen_since=reading.moment("since"),
        groups=groups_of(reading),
        owners=reading.words("owner"),
        due=reading.members("due", DueState),
    )


def asset_filter(reading: Reading) -> AssetFilter:
    """Return the filter of assets that parameters ask for."""
    pairs = (text.partition("=") for text in sorted(reading.words("tag")))
    tags = {key: value for key, equals, value in pairs if equals}
    return AssetFilter(
        providers=reading.words("provider"),
        scopes=scopes_of(reading),
        regions=reading.words("region"),
        kinds=reading.words("kind"),
        tags=tags,
        text=reading.word("q"),
        has_findings=reading.truth("findings"),
        has_unread=reading.truth("unread"),
        groups=groups_of(reading),
    )


def groups_of(reading: Reading) -> frozenset[str]:
    """Return the groups that are asked for, by name or as a scope: ``scope=group:NAME``."""
    as_scopes = {word.removeprefix(GROUP) for word in reading.words("scope") if word.startswith(GROUP)}
    return reading.words("group") | as_scopes


def scopes_of(reading: Reading) -> frozenset[str]:
    """Return the accounts, subscriptions and projects that are asked for."""
    return frozenset(word for word in reading.words("scope") if not word.startswith(GROUP))


def paging(reading: Reading, default: Order = Order.RISK, size: int = 50) -> Paging:
    """Return the part of a list that ``sort``, ``page``, ``per_page`` and ``cursor`` ask for."""
    limit = min(reading.number("per_page", size), max(PAGE_SIZES))
    page = reading.number("page", 1)
    return Paging(
        order=reading.member("sort", Order, default),
        limit=limit,
        offset=(page - 1) * limit,
        cursor=reading.word("cursor") or None,
    )


def _chosen_checks(reading: Reading, checks: Mapping[str, Check]) -> frozenset[str] | None:
    conditions: list[Callable[[Check], bool]] = []
    categories = reading.members("category", Category)
    services = reading.words("service")
    ids = reading.words("check")
    if categories:
        conditions.append(lambda check: check.category in categories)
    if services:
        conditions.append(lambda check: ".".join(check.id.split(".")[:2]) in services)
    if ids:
        conditions.append(lambda check: bool(ids & {check.id, *check.formerly}))
    if not conditions:
        return None
    return frozenset(id for id, check in checks.items() if all(holds(check) for holds in conditions))


def as_texts(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return options of a command line as texts: None is left out, a list gives several values."""
    texts: dict[str, list[str]] = {}
    for name, value in values.items():
        if value is None or value == "":
            continue
        texts[name] = [str(v) for v in value] if isinstance(value, list | tuple | frozenset | set) else [str(value)]
    return texts
