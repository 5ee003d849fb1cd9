"""The risk level of a finding: a sum of published points, the same for everyone, with every share shown.

Severity of the check, how far the asset is reached from outside, whether the weakness is known to be used, how
sensitive the data of the asset is, and how critical the asset is. No factor takes points away, so a risk is never below
the level of its severity alone; what could not be read says `unknown` and what it counts for.
"""

from __future__ import annotations

import enum
import fnmatch
import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from poise.model.asset import Asset
from poise.model.finding import Risk, RiskFactor
from poise.model.verdict import Severity
from poise.score.risk_rules import Degree, DegreePoints, Marks, PathPoints, RiskRules

ORDER = tuple(Degree)


class Width(enum.StrEnum):
    """How far an asset is reached from outside."""

    NONE = "none"
    NARROW = "narrow"
    WIDE = "wide"
    UNKNOWN = "unknown"


class Exploit(enum.StrEnum):
    """How likely a weakness is used."""

    LIKELY = "likely"
    KNOWN = "known"


class Reached(msgspec.Struct, frozen=True):
    """How far an asset is reached from outside, and why."""

    width: Width
    because: str


class Graded(msgspec.Struct, frozen=True):
    """How sensitive or critical an asset is, and why."""

    degree: Degree | None
    """None if nothing says that it is."""
    because: str
    is_sure: bool = True
    """Whether everything was read that might say more."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What the risks of all findings of one asset depend on."""

    exposure: Reached | None
    """None for kinds of assets that nobody reaches by themselves."""
    sensitivity: Graded
    criticality: Graded
    exploit: Exploit | None = None
    """None where it is not known."""
    path: Severity | None = None
    """Level of the worst attack path that the asset lies on; None if it lies on none."""


def risk_of(severity: Severity, context: Context, rules: RiskRules) -> Risk:
    """Return the risk of a finding: its level and the share of each factor."""
    factors = tuple(_factors(severity, context, rules))
    return Risk(rules.level(sum(factor.points for factor in factors)), factors)


def grade(asset: Asset, marks: Marks) -> Graded:
    """Return the highest degree that marks give an asset."""
    found = [Graded(degree, because) for degree, because in _marked(asset, marks)]
    best = max(found, key=lambda one: ORDER.index(one.degree) if one.degree else -1, default=None)
    unread = asset.unread.get("tags")
    if unread is not None and (best is None or best.degree is not Degree.HIGH):
        known = f"; {best.because}" if best else ""
        return Graded(best.degree if best else None, f"unknown: tags were not read ({unread}){known}", is_sure=False)
    return best or Graded(None, "no tag, name rule or list says so")


def arithmetic(risk: Risk, rules: RiskRules) -> str:
    """Return the sum as a person reads it, with the thresholds that hold now."""
    total = sum(factor.points for factor in risk.factors)
    terms = " + ".join(f"{factor.points:g}" for factor in risk.factors)
    levels = rules.levels
    words = f"{terms} = {total:g} points; medium from {levels.medium}, high from {levels.high}, critical from"
    words = f"{words} {levels.critical}."
    if rules.level(total) is not risk.level:
        words += " The thresholds have changed since; the next scan gives the level anew."
    return words


def _factors(severity: Severity, context: Context, rules: RiskRules) -> Iterator[RiskFactor]:
    points = rules.points
    yield _factor("severity", getattr(points.severity, severity.value), f"the check is {severity.value}")
    if context.exposure is not None:
        width, because = context.exposure.width, context.exposure.because
        yield _factor("exposure", getattr(points.exposure, width.value), because)
    if context.exploit is not None:
        because = "it is known to be used" if context.exploit is Exploit.KNOWN else "it is likely to be used"
        yield _factor("exploitability", getattr(points.exploit, context.exploit.value), because)
    yield _factor("sensitivity", _degree_points(context.sensitivity, points.sensitivity), context.sensitivity.because)
    yield _factor("criticality", _degree_points(context.criticality, points.criticality), context.criticality.because)
    yield from _path(context.path, points.attack_path)


def _path(level: Severity | None, points: PathPoints) -> Iterator[RiskFactor]:
    """Yield the share of lying on an attack path; an asset that lies on none has no such factor."""
    if level is not None:
        yield _factor("attack path", getattr(points, level.value), f"it lies on a path of {level.value} risk")


def _factor(name: str, points: int, because: str) -> RiskFactor:
    return RiskFactor(name, float(points), because)


def _degree_points(graded: Graded, points: DegreePoints) -> int:
    known: int = 0 if graded.degree is None else getattr(points, graded.degree.value)
    return known if graded.is_sure else max(known, points.unknown)


def _marked(asset: Asset, marks: Marks) -> Iterator[tuple[Degree, str]]:
    if asset.id in marks.assets:
        yield marks.assets[asset.id], f"the asset is listed as {marks.assets[asset.id].value}"
    for pattern, degree in marks.names.items():
        if _is_named(asset.name, pattern):
            yield degree, f"its name {asset.name!r} matches {pattern!r}, which stands for {degree.value}"
    if "tags" not in asset.unread:
        wanted = {_plain(name) for name in marks.tags}
        values = {_plain(value): degree for value, degree in marks.values.items()}
        for name, value in asset.tags.items():
            if _plain(name) in wanted and _plain(value) in values:
                degree = values[_plain(value)]
                yield degree, f"its tag {name} is {value!r}, which stands for {degree.value}"


def _is_named(name: str, pattern: str) -> bool:
    wanted = pattern.lower()
    return any(fnmatch.fnmatchcase(word, wanted) for word in (name.lower(), *WORDS.findall(name.lower())))


@lru_cache(4096)
def _plain(text: str) -> str:
    return re.sub(r"[\s_-]", "", text.casefold())


WORDS = re.compile(r"[a-z0-9]+")
