"""What judging hands to the store, and what the store hands back so that nothing is judged twice."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime

import msgspec

from poise.model.finding import Effect, Risk
from poise.model.verdict import Severity, State, Verdict


class Phase(enum.StrEnum):
    """Which pass gave a verdict. The two are stored apart, so that neither overwrites the other."""

    OWN = "own"
    """Checks that look at the asset alone."""
    NEIGHBOURS = "neighbours"
    """Checks that ask the inventory; run when all partitions of a scope are done."""
    RISK = "risk"
    """No verdicts: the risk of the findings that the other passes gave."""


class EffectSpan(msgspec.Struct, frozen=True):
    """How a finding acts on scores, and until when."""

    effect: Effect
    until: datetime | None = None
    """The moment (UTC) when it is counted again; None for no end."""


class Judged(msgspec.Struct, frozen=True):
    """The verdicts of one phase on one asset: all of them, each time."""

    asset_id: str
    key: bytes
    """Digest of everything that the verdicts depend on."""
    verdicts: Mapping[str, Verdict]
    """Check id -> verdict."""
    questions: bytes | None = None
    """What the checks asked the inventory, with the digests of the answers; only its writer reads it."""
    next_change_at: datetime | None = None
    """When the same key may give other verdicts; None takes the earliest of the verdicts."""
    risks: Mapping[str, Risk] = {}
    """Check id -> risk of the finding; where absent a finding keeps its risk, a new one has its check's severity."""
    effects: Mapping[str, EffectSpan] = {}
    """Check id -> effect of the finding; where absent a finding keeps its effect, a new one is counted."""


class ScopePass(msgspec.Struct, frozen=True, kw_only=True):
    """One pass of judging over one scope."""

    source: str
    scope: str
    phase: Phase = Phase.NEIGHBOURS
    scan: int | None = None
    """The scan that it belongs to: its verdicts are refused if a newer scan has begun on the scope."""


class StoredKey(msgspec.Struct, frozen=True):
    """What an earlier pass stored about one asset."""

    key: bytes
    questions: bytes | None
    next_change_at: datetime | None


class OpenFinding(msgspec.Struct, frozen=True):
    """A finding of an asset, as far as its risk depends on it."""

    check: str
    state: State
    severity: Severity


class CheckFacts(msgspec.Struct, frozen=True):
    """What the store needs to know of a check to keep findings and roll-ups."""

    severity: Severity
    control: str | None = None
    """The score control that it belongs to; None if it is not scored."""
    is_preview: bool = False
    """A preview is shown but never scored."""
    formerly: tuple[str, ...] = ()
    """Ids that it had before, oldest first."""


Scoring = Mapping[str, CheckFacts]
"""Check id -> its facts, for all checks that there are."""
