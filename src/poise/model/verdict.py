"""Verdicts: what a check says about one asset, and why."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec


class State(enum.StrEnum):
    """The four things a check can say."""

    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


class Severity(enum.StrEnum):
    """How bad an unhealthy verdict of a check is, whatever the asset."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """4 for critical down to 1 for low."""
        return {"critical": 4, "high": 3, "medium": 2, "low": 1}[self.value]


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """A state, the reason as a person reads it, and the value that decided.

    ``seen`` is the evidence: any JSON-like value. ``next_change_at`` is the moment (UTC) when the same facts
    may give another verdict, for checks that depend on time.
    """

    state: State
    reason: str
    seen: Any = None
    next_change_at: datetime | None = None


def healthy(reason: str, seen: Any = None, next_change_at: datetime | None = None) -> Verdict:
    """Say that the asset is as it should be."""
    return Verdict(State.HEALTHY, reason, seen, next_change_at)


def unhealthy(reason: str, seen: Any = None, next_change_at: datetime | None = None) -> Verdict:
    """Say that the asset is not as it should be; ``seen`` is the value that decided."""
    return Verdict(State.UNHEALTHY, reason, seen, next_change_at)


def not_applicable(reason: str, seen: Any = None) -> Verdict:
    """Say that the rule does not concern this asset."""
    return Verdict(State.NOT_APPLICABLE, reason, seen)


def unknown(reason: str, seen: Any = None) -> Verdict:
    """Say that the rule cannot be judged, and why."""
    return Verdict(State.UNKNOWN, reason, seen)
