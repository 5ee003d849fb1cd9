"""The risk-based (cloud) secure score: every asset by its open recommendations, weighted by how critical it is.

Source: Microsoft Defender for Cloud, "Cloud secure score" (page of 2026-05-05) and the image of its formula::

    score = sum(asset score x criticality) / sum(criticality) x 100
    asset score = base(critical)^n x base(high)^n x base(medium)^n x base(low)^n

The image assigns 0.99 to critical and 0.1 to low recommendations; the text says that higher risks cost more, which the
image contradicts. Both readings can be had: ``a`` as printed, ``b`` as the text implies, which is what is shown if
nothing else is chosen. The numbers that stand for a degree of criticality are not published; ours are below.

Assets count that have at least one verdict that says something. Previews, exempted findings, findings in grace and
checks that are switched off cost nothing. What is unknown is outside of the score, and inside of its range.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any

import msgspec

from poise.model.errors import UsageError
from poise.model.moments import RiskShape
from poise.score.secure import Range, rounded

Base = Annotated[float, msgspec.Meta(gt=0, le=1)]
Weight = Annotated[float, msgspec.Meta(ge=0, le=1000)]
LEVELS = ("critical", "high", "medium", "low")
DEGREES = ("none", "low", "medium", "high")
"""Degrees of criticality, as shapes number them."""


class Reading(enum.StrEnum):
    """How the published formula is read."""

    PRINTED = "a"
    """As the image prints it: 0.99 critical, 0.9 high, 0.5 medium, 0.1 low."""
    IMPLIED = "b"
    """As the text implies: 0.1 critical, 0.5 high, 0.9 medium, 0.99 low."""


class Bases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one open recommendation of a level leaves of an asset's score."""

    critical: Base
    high: Base
    medium: Base
    low: Base


PUBLISHED = {
    Reading.PRINTED: Bases(critical=0.99, high=0.9, medium=0.5, low=0.1),
    Reading.IMPLIED: Bases(critical=0.1, high=0.5, medium=0.9, low=0.99),
}


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an asset weighs by its degree of criticality; not published, so these are ours."""

    none: Weight = 1
    low: Weight = 2
    medium: Weight = 3
    high: Weight = 4


class CloudRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that the risk-based score is computed with."""

    reading: Reading = Reading.IMPLIED
    bases: Bases | None = None
    """Bases of your own; None takes those of the reading."""
    weights: Weights = Weights()

    @property
    def used(self) -> Bases:
        """The bases that hold."""
        return self.bases or PUBLISHED[self.reading]


class CloudScore(msgspec.Struct, frozen=True, kw_only=True):
    """The risk-based score of some assets. ``percentage`` is 0 to 1."""

    percentage: float
    assets: int
    """Assets that were judged."""
    unknown: int
    """Open findings that could not be judged."""
    range: Range
    reading: Reading
    weight: float
    """Sum of the assets' weights."""
    open: Mapping[str, int]
    """Level -> open recommendations."""


def cloud_rules(tables: Mapping[str, Any], origin: str = "poise.toml") -> CloudRules:
    """Return rules from tables ``reading``, ``bases`` and ``weights``; what is not set is as published.

    Raises :class:`UsageError` with the place of what cannot be set.
    """
    wanted = {name: value for name, value in tables.items() if value}
    reading = wanted.get("reading", Reading.IMPLIED.value)
    if "bases" in wanted and isinstance(wanted["bases"], Mapping) and reading in list(Reading):
        wanted["bases"] = msgspec.to_builtins(PUBLISHED[Reading(reading)]) | dict(wanted["bases"])
    try:
        rules = msgspec.convert(wanted, CloudRules)
    except msgspec.ValidationError as problem:
        place = str(problem).replace("`$.", "`score.").replace("`$`", "`score`")
        raise UsageError(f"{origin}: {place}.", "docs/concepts/risk-based-score.md shows every key.") from problem
    weights = msgspec.structs.astuple(rules.weights)
    if list(weights) != sorted(weights) or not weights[-1]:
        raise UsageError(
            f"{origin}: score.weights falls: {', '.join(map(str, weights))}.", "More critical assets weigh no less."
        )
    return rules


def cloud_score(shapes: Mapping[RiskShape, int], rules: CloudRules) -> CloudScore:
    """Compute the score of assets from how many there are of each shape."""
    judged = {shape: count for shape, count in shapes.items() if shape.is_judged}
    seen = {shape: count for shape, count in shapes.items() if shape.is_judged or any(shape.unknown)}
    found = _mean([(_asset_score(s.unhealthy, rules), _weight(s, rules) * n) for s, n in judged.items()])
    worst = [tuple(map(sum, zip(s.unhealthy, s.unknown, strict=True))) for s in seen]
    low = _mean([(_asset_score(w, rules), _weight(s, rules) * seen[s]) for w, s in zip(worst, seen, strict=True)])
    high = _mean([(_asset_score(s.unhealthy, rules), _weight(s, rules) * n) for s, n in seen.items()])
    counts = {level: sum(s.unhealthy[at] * n for s, n in judged.items()) for at, level in enumerate(LEVELS)}
    return CloudScore(
        percentage=found,
        assets=sum(judged.values()),
        unknown=sum(sum(shape.unknown) * count for shape, count in seen.items()),
        range=Range(min(low, found), max(high, found)),
        reading=rules.reading,
        weight=float(sum(_weight(shape, rules) * count for shape, count in judged.items())),
        open=counts,
    )


def _weight(shape: RiskShape, rules: CloudRules) -> Fraction:
    return Fraction(str(getattr(rules.weights, DEGREES[shape.criticality])))


def _asset_score(counts: Sequence[int], rules: CloudRules) -> float:
    product = 1.0
    for level, count in zip(LEVELS, counts, strict=True):
        product *= getattr(rules.used, level) ** count
    return product


def _mean(parts: Sequence[tuple[float, Fraction]]) -> float:
    total = sum((weight for _, weight in parts), Fraction(0))
    if not total:
        return 0.0
    return rounded(sum((Fraction(value) * weight for value, weight in parts), Fraction(0)) / total, 4)
