"""Two moments of the estate side by side: what a score at a moment, and its change between two, is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from poise.model.finding import AssetRef, Effect
from poise.model.judged import Scoring
from poise.model.verdict import State

ScopeKey = tuple[str, str, str]
"""Source, provider and id of a scope."""


class VerdictThen(msgspec.Struct, frozen=True):
    """A verdict as it was at a moment, and how it acted."""

    state: State
    effect: Effect = Effect.COUNTED
    risk: int = 0
    """Rank of the risk of its finding; 0 where there is none."""


class AssetThen(msgspec.Struct, frozen=True):
    """An asset as it was at a moment."""

    verdicts: Mapping[str, VerdictThen]
    """Check id -> verdict."""


class AssetChange(msgspec.Struct, frozen=True, kw_only=True):
    """An asset of which something may differ between two moments."""

    asset: AssetRef
    scope: ScopeKey
    criticality: int
    before: AssetThen | None
    """None if it was not there."""
    after: AssetThen | None
    by_checks: frozenset[str]
    """Checks whose verdict differs because other code or other parameters judged an asset that had not changed."""


class Rulebook(msgspec.Struct, frozen=True):
    """What was known of checks at a moment."""

    facts: Scoring
    off: frozenset[tuple[str, ScopeKey | None]]
    """Checks that were switched off, and where; None for everywhere."""

    def is_off(self, check: str, scope: ScopeKey) -> bool:
        """Whether a check was switched off in a scope."""
        return (check, scope) in self.off or (check, None) in self.off


class Alike(msgspec.Struct, frozen=True):
    """Assets of one scope of which nothing differs between the moments, and that are counted alike."""

    scope: ScopeKey
    criticality: int
    buckets: tuple[tuple[str, str, int], ...]
    """Check id, where it is counted, and the rank of its risk."""
    count: int


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The estate at two moments."""

    first: datetime
    then: datetime
    before: Rulebook
    after: Rulebook
    scopes_before: frozenset[ScopeKey]
    """Scopes with assets."""
    scopes_after: frozenset[ScopeKey]
    same: tuple[Alike, ...]
    changes: tuple[AssetChange, ...]


class RiskShape(msgspec.Struct, frozen=True):
    """What an asset is in the risk-based score: assets of one shape count alike."""

    criticality: int
    """Degree: 0 to 3."""
    is_judged: bool
    """Whether it has a verdict that says something, healthy or unhealthy."""
    unhealthy: tuple[int, int, int, int]
    """Open recommendations by risk level: critical, high, medium, low."""
    unknown: tuple[int, int, int, int]
    """Those that could not be judged, by the risk they would have."""
