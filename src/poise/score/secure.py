"""The classic secure score: points per control, from counts of healthy and unhealthy assets.

Source: Microsoft Defender for Cloud, "Secure score security controls" (page of 2025-11-17) and the examples of the
``secureScores`` REST API (2020-01-01). An asset is healthy in a control only if it passes every scored check of it.

- control: ``current = max x healthy / (healthy + unhealthy)``, printed with 2 decimals; its effective maximum is 0
  where no asset is healthy or unhealthy, so that the control leaves numerator and denominator;
- scope: sum of current / sum of effective maxima, from the printed values;
- several scopes: mean of the scopes' ratios, each weighted by its number of assets with a scored verdict, or by the
  sum of its control weights. The REST example prints a weight of 67 beside control weights that add up to 27, so that
  neither reading gives it.

Not-applicable and unknown assets are outside of the formula. Unknown ones are shown beside every number, with the
range of the score between all of them being unhealthy and all being healthy.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import msgspec


class Mitigated(enum.StrEnum):
    """What an asset counts as whose finding is exempted as mitigated. The published sources contradict each other."""

    HEALTHY = "healthy"
    """As healthy: the points are gained (status table of "Exempt resources", "Review exemptions")."""
    EXCLUDED = "excluded"
    """Not at all, like a waiver: the points are neither gained nor lost (text of "Exempt resources")."""


class Weighing(enum.StrEnum):
    """What a scope weighs beside others. Published is that it grows with the healthy and unhealthy resources."""

    ASSETS = "assets"
    """Its distinct assets with a scored verdict: an asset in three controls weighs once."""
    CONTROLS = "controls"
    """The sum of its controls' weights: an asset weighs in each control that judges it."""


class ControlCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many assets of a scope are in which state for one control."""

    control: str
    max: int
    healthy: int
    unhealthy: int
    not_applicable: int = 0
    unknown: int = 0


class ControlScore(msgspec.Struct, frozen=True, kw_only=True):
    """The points of one control in one scope. ``max`` is the effective maximum, ``percentage`` 0 to 1."""

    control: str
    max: int
    current: float
    potential: float
    percentage: float
    healthy: int
    unhealthy: int
    not_applicable: int
    unknown: int
    weight: int
    per_asset: float
    """Points that one asset is worth, 4 decimals."""


class Range(msgspec.Struct, frozen=True):
    """Where a score may lie: all unknown assets unhealthy, or all healthy. 0 to 1."""

    low: float
    high: float


class ScopeScore(msgspec.Struct, frozen=True, kw_only=True):
    """The score of one account, subscription or project. ``percentage`` is 0 to 1."""

    scope: str
    current: float
    max: int
    percentage: float
    weight: int
    unknown: int
    range: Range
    controls: tuple[ControlScore, ...]


class Overall(msgspec.Struct, frozen=True, kw_only=True):
    """The score over several scopes.

    ``percentage`` is the weighted mean of the scopes. ``max`` is the sum of the maxima of all controls that count in
    any scope, ``current`` the part of it that the percentage is.
    """

    current: float
    max: int
    percentage: float
    unknown: int
    range: Range


class SecureScore(msgspec.Struct, frozen=True):
    """The score of everything that was asked for, and of each scope."""

    overall: Overall
    scopes: tuple[ScopeScore, ...]


class ScopeCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What the formula needs of one scope; :class:`Weighing` says what its weight is."""

    scope: str
    weight: int
    unknown: int
    controls: tuple[ControlCount, ...]


def score(scopes: Iterable[ScopeCounts]) -> SecureScore:
    """Compute the score of every scope and the weighted score over all."""
    counts = tuple(scopes)
    scored = tuple(score_scope(scope) for scope in counts)
    return SecureScore(_overall(scored), scored)


def score_scope(counts: ScopeCounts) -> ScopeScore:
    """Compute the score of one scope."""
    controls = tuple(score_control(count) for count in counts.controls)
    current = sum((Decimal(str(c.current)) for c in controls), Decimal(0))
    maximum = sum(c.max for c in controls)
    return ScopeScore(
        scope=counts.scope,
        current=float(current),
        max=maximum,
        percentage=_ratio(Fraction(current), maximum),
        weight=counts.weight,
        unknown=counts.unknown,
        range=_range(counts.controls),
        controls=controls,
    )


def score_control(count: ControlCount) -> ControlScore:
    """Compute the points of one control."""
    weight = count.healthy + count.unhealthy
    maximum = count.max if weight else 0
    current = rounded(Fraction(count.max * count.healthy, weight), 2) if weight else 0.0
    potential = rounded(Fraction(count.max * count.unhealthy, weight), 2) if weight else 0.0
    return ControlScore(
        control=count.control,
        max=maximum,
        current=current,
        potential=potential,
        percentage=_ratio(Fraction(Decimal(str(current))), maximum),
        healthy=count.healthy,
        unhealthy=count.unhealthy,
        not_applicable=count.not_applicable,
        unknown=count.unknown,
        weight=weight,
        per_asset=rounded(Fraction(count.max, weight), 4) if weight else 0.0,
    )


def _range(controls: Sequence[ControlCount]) -> Range:
    worst = [_with_unknown(c, healthy=False) for c in controls]
    best = [_with_unknown(c, healthy=True) for c in controls]
    return Range(_percentage(worst), _percentage(best))


def _with_unknown(count: ControlCount, *, healthy: bool) -> ControlScore:
    more = {"healthy": count.healthy + count.unknown} if healthy else {"unhealthy": count.unhealthy + count.unknown}
    return score_control(msgspec.structs.replace(count, unknown=0, **more))


def _percentage(controls: Sequence[ControlScore]) -> float:
    current = sum((Fraction(Decimal(str(c.current))) for c in controls), Fraction(0))
    return _ratio(current, sum(c.max for c in controls))


def _overall(scopes: Sequence[ScopeScore]) -> Overall:
    controls = sorted((c for s in scopes for c in s.controls), key=lambda c: c.max)
    maxima = {c.control: c.max for c in controls}  # the greatest comes last
    maximum = sum(maxima.values())
    counting = [s for s in scopes if s.max]
    percentage = _weighted([(s.percentage, s.weight) for s in counting])
    current = rounded(Fraction(Decimal(str(percentage))) * maximum, 2)
    return Overall(
        current=counting[0].current if len(counting) == 1 else current,
        max=maximum,
        percentage=percentage,
        unknown=sum(s.unknown for s in scopes),
        range=_overall_range(scopes, percentage),
    )


def _overall_range(scopes: Sequence[ScopeScore], percentage: float) -> Range:
    """Return where the score may lie once the unknown assets weigh too, the present score included."""
    parts = [(s.range, s.weight + s.unknown) for s in scopes if s.weight + s.unknown]
    low = _weighted([(part.low, weight) for part, weight in parts])
    high = _weighted([(part.high, weight) for part, weight in parts])
    return Range(min(low, percentage), max(high, percentage))


def _weighted(parts: Sequence[tuple[float, int]]) -> float:
    total = sum(weight for _, weight in parts)
    if not total:
        return 0.0
    return rounded(sum((Fraction(Decimal(str(r))) * w for r, w in parts), Fraction(0)) / total, 4)


def _ratio(current: Fraction, maximum: int) -> float:
    return rounded(current / maximum, 4) if maximum else 0.0


def rounded(value: Fraction, places: int) -> float:
    """Round half away from zero to so many decimals."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return float(exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
