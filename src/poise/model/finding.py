"""Findings: an unhealthy or unknown verdict on an asset, with its history."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Any

import msgspec

from poise.model.verdict import Severity, State


class Effect(enum.StrEnum):
    """How a finding acts on scores and compliance."""

    COUNTED = "counted"
    WAIVED = "waived"
    """Risk accepted: the asset leaves the calculation of that check."""
    MITIGATED = "mitigated"
    """Solved in another way: the asset counts as healthy for that check."""
    GRACE = "grace"
    """Inside a grace period: no effect until it ends."""
    DISABLED = "disabled"
    """The check is switched off in this scope."""


class RiskFactor(msgspec.Struct, frozen=True):
    """One input of a risk level and what it adds."""

    name: str
    points: float
    because: str


class Risk(msgspec.Struct, frozen=True):
    """The level of a finding on its own asset, with the arithmetic."""

    level: Severity
    factors: tuple[RiskFactor, ...] = ()


class AssetRef(msgspec.Struct, frozen=True):
    """The asset of a finding, as lists show it."""

    id: str
    kind: str
    name: str
    provider: str
    scope: str
    region: str


class ControlRef(msgspec.Struct, frozen=True):
    """A control that a check answers."""

    standard: str
    control: str


class Finding(msgspec.Struct, frozen=True):
    """One verdict on one asset, as lists and exports show it. Times are UTC.

    Healthy and not applicable verdicts have the same form in full exports, with ``first_seen`` None.
    """

    id: str
    check: str
    title: str
    severity: Severity
    risk: Risk
    verdict: State
    reason: str
    evidence: Any
    read_at: datetime
    source: str
    asset: AssetRef
    first_seen: datetime | None
    owner: str | None
    due: datetime | None
    exemption: str | None
    effect: Effect
    controls: tuple[ControlRef, ...]
    effect_until: datetime | None = None
    """When the exemption, or the grace period, ends."""
    rule: str | None = None
    """Rule of governance that has set owner and due date; None if a person has, or nobody."""
    eta: datetime | None = None
    """When its owner expects it to be fixed."""
