"""The numbers of the engine: chances of steps, weights of targets, levels. They all stand in `priors.toml`."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from poise.attackpaths.steps import Taken
from poise.model.graph import EdgeState
from poise.model.verdict import Severity


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Least risk of each level."""

    critical: float
    high: float
    medium: float


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the search goes."""

    hops: int
    """Most steps of a path, free ones not counted."""
    signatures_of_a_target: int
    """Most kinds of paths that are kept of one target, by cost."""


class Priors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All numbers."""

    rules: Mapping[str, float]
    """Id of a rule -> chance that its step succeeds."""
    conditions: Mapping[str, float]
    """Word of a condition -> factor."""
    entries: Mapping[str, float]
    """Class of an entry -> how likely somebody hostile stands there."""
    targets: Mapping[str, float]
    """Class of a target -> weight."""
    efforts: Mapping[str, float]
    """Id of a rule -> what it takes to take its step away; a rule that is not there cannot be."""
    levels: Levels
    limits: Limits

    def chance(self, taken: Taken) -> float:
        """Return how likely a step succeeds."""
        step = taken.step
        return self.rules[taken.rule] * step.chance * self.factor(step.state, step.condition)

    def cost(self, taken: Taken) -> float:
        """Return what a step adds to the cost of a path; free ones add nothing."""
        return 0.0 if taken.step.is_free else max(0.0, -math.log(self.chance(taken)))

    def factor(self, state: EdgeState, condition: str) -> float:
        """Return what a condition makes of a chance."""
        if state is EdgeState.CERTAIN:
            return 1.0
        if state is EdgeState.UNKNOWN:
            return self.conditions["unknown"]
        return min(self._of_part(part) for part in condition.lower().split(" and "))

    def _of_part(self, part: str) -> float:
        named = (factor for word, factor in self.conditions.items() if word in part)
        return next(named, self.conditions["other"])

    def level(self, risk: float) -> Severity:
        """Return the level of a risk."""
        for level in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM):
            if risk >= getattr(self.levels, level.value):
                return level
        return Severity.LOW


@cache
def priors() -> Priors:
    """Return the numbers as they are shipped."""
    text = resources.files("poise.attackpaths").joinpath("priors.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Priors)
