"""What judging gave for one asset: the unit that the store writes."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime

import msgspec

from poise.model.verdict import Verdict


class Phase(enum.StrEnum):
    """When a check runs: on the asset alone, or after its neighbours are known."""

    OWN = "own"
    NEIGHBOURS = "neighbours"


class Judged(msgspec.Struct, frozen=True):
    """All verdicts of one phase on one asset."""

    asset_id: str
    phase: Phase
    key: bytes
    """Digest of everything that decided: facts, answers to questions, code, parameters."""
    verdicts: Mapping[str, Verdict]
    """Check id -> verdict."""
    questions: bytes = b""
    """The questions that were asked of the inventory, so that their answers can be compared next time."""
    next_change_at: datetime | None = None
    """When time alone may change a verdict, UTC."""


class Stored(msgspec.Struct, frozen=True):
    """What the store remembers of an earlier judging of one asset."""

    key: bytes
    questions: bytes = b""
    next_change_at: datetime | None = None
