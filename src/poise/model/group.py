"""Groups of assets: an application, a team, an environment. Scopes of viewers, scores, rules and reports."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from poise.model.listings import AssetFilter


class GroupKind(enum.StrEnum):
    """What a group stands for."""

    APPLICATION = "application"
    TEAM = "team"
    ENVIRONMENT = "environment"


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which assets are in a group. Empty fields do not limit; fields that are set must all hold."""

    tags: Mapping[str, str] = {}
    """Tags that the asset bears, key and value exactly."""
    scopes: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    text: str = ""
    """Words in name or id, without case."""
    query: str = ""
    """A question to the security graph, as text: the assets that its first block finds, whatever its limit."""

    def filter(self) -> AssetFilter:
        """Return it as a filter of assets, all but the question."""
        return AssetFilter(
            tags=self.tags,
            scopes=self.scopes,
            providers=self.providers,
            regions=self.regions,
            kinds=self.kinds,
            text=self.text,
        )

    @property
    def is_empty(self) -> bool:
        """Whether it limits nothing."""
        return self == Wanted()


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A named set of assets."""

    name: str
    kind: GroupKind
    wanted: Wanted
    origin: str = ""
    """File that it comes from; empty for one that was set by hand."""
    changed_by: str = ""
    changed_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """Set when it is kept."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the security graph answers to the question of a group."""

    found: frozenset[str] | None = None
    """Ids of what the question finds, whatever the unread facts are; None if it could not be asked."""
    possible: frozenset[str] = frozenset()
    """Ids of what it may find besides: something that decides was not read."""
    by_tags: frozenset[str] | None = None
    """Ids of what it may find if any tags are as they should be; None if it asks for none."""
    gap: str = ""
    """Why nothing can be said of the others, or why it could not be asked; empty if all is known."""


class GroupRow(msgspec.Struct, frozen=True, kw_only=True):
    """A group, and how many assets are in it."""

    group: Group
    assets: int
    possible: int = 0
    """Assets that may be in it besides: something that decides was not read."""
    gap: str = ""
    """Why more is not known, or why its assets are those of an earlier scan; empty if all is known."""
    filled_at: datetime | None = None
    """When its assets were found last."""
