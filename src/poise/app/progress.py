"""What a running scan tells whoever watches it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from poise.model.listing import PartitionKey, Scope


class ScopeStarted(msgspec.Struct, frozen=True):
    """A scope was found and its partitions are known."""

    scope: Scope
    partitions: int


class PartitionRead(msgspec.Struct, frozen=True):
    """A partition was read and written."""

    key: PartitionKey
    assets: int
    gaps: int
    state: str
    seconds: float


class ScopeJudged(msgspec.Struct, frozen=True):
    """All checks of a scope were run."""

    scope: str
    verdicts: int


class PathsFound(msgspec.Struct, frozen=True):
    """The estate was searched for attack paths, once everything was judged."""

    opened: tuple[str, ...]
    """Ids of paths that are new, or open again."""
    critical: tuple[str, ...]
    """Those of them that are critical: what alerts are about."""
    fixed: tuple[str, ...]
    """Ids of paths that are not there any more."""


Event = ScopeStarted | PartitionRead | ScopeJudged | PathsFound


class Watcher(Protocol):
    """Receives the events of a scan, from one thread, in order."""

    def __call__(self, event: Event, /) -> None:
        """Take note of an event."""
        ...


def unwatched(event: Event, /) -> None:
    """Take no note."""
