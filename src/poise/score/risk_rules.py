"""The points and thresholds that risk levels are computed with: published, and editable within what keeps them sound.

Within a factor points may not fall as things get worse, and thresholds rise with the levels. So adding exposure,
exploitability, sensitivity or criticality never lowers a level, whatever is set.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import msgspec

from poise.model.errors import UsageError
from poise.model.verdict import Severity

Points = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class Degree(enum.StrEnum):
    """How sensitive or critical an asset is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Levels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Least points of each level; below ``medium`` a risk is low."""

    medium: Points = 25
    high: Points = 50
    critical: Points = 75


class SeverityPoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of the check's severity."""

    low: Points = 10
    medium: Points = 30
    high: Points = 55
    critical: Points = 80


class ExposurePoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of how far the asset is reached from outside."""

    none: Points = 0
    narrow: Points = 10
    """By somebody outside, but not by anyone."""
    wide: Points = 25
    """By anyone."""
    unknown: Points = 25
    """It could not be read: as if anyone did, so that refusing to be read lowers nothing."""


class ExploitPoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of how likely a weakness is used; a finding of which that is not known has none."""

    likely: Points = 10
    known: Points = 20
    """It is being used."""


class DegreePoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of a degree of sensitivity or criticality."""

    low: Points = 5
    medium: Points = 10
    high: Points = 20
    unknown: Points = 0
    """Tags could not be read: at least so many. Most assets bear no such tag."""


class PathPoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of lying on an attack path, by the level of the worst one."""

    low: Points = 5
    medium: Points = 10
    high: Points = 20
    critical: Points = 30


class FactorPoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points of every factor."""

    severity: SeverityPoints = SeverityPoints()
    exposure: ExposurePoints = ExposurePoints()
    exploit: ExploitPoints = ExploitPoints()
    sensitivity: DegreePoints = DegreePoints()
    criticality: DegreePoints = DegreePoints()
    attack_path: PathPoints = PathPoints()


class Marks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What tells how sensitive or critical an asset is; the highest degree that is found holds."""

    tags: tuple[str, ...] = ()
    """Names of tags. Names and values are compared without case, spaces, ``-`` and ``_``."""
    values: Mapping[str, Degree] = {}
    """Value of such a tag -> degree."""
    names: Mapping[str, Degree] = {}
    """Pattern -> degree: ``*`` stands for anything; compared with the name and with each word of it, without case."""
    assets: Mapping[str, Degree] = {}
    """Asset id -> degree: by hand."""


SENSITIVE = Marks(
    tags=("data-class", "data-classification", "classification", "sensitivity", "confidentiality"),
    values={
        "restricted": Degree.HIGH,
        "highly-confidential": Degree.HIGH,
        "secret": Degree.HIGH,
        "pii": Degree.HIGH,
        "phi": Degree.HIGH,
        "pci": Degree.HIGH,
        "personal": Degree.HIGH,
        "sensitive": Degree.HIGH,
        "high": Degree.HIGH,
        "confidential": Degree.MEDIUM,
        "medium": Degree.MEDIUM,
        "internal": Degree.LOW,
    },
    names={
        "pii": Degree.HIGH,
        "cardholder": Degree.HIGH,
        "patients": Degree.HIGH,
        "payroll": Degree.HIGH,
        "customers": Degree.MEDIUM,
        "invoices": Degree.MEDIUM,
    },
)
CRITICAL = Marks(
    tags=("criticality", "business-criticality", "tier", "environment", "env"),
    values={
        "critical": Degree.HIGH,
        "mission-critical": Degree.HIGH,
        "business-critical": Degree.HIGH,
        "high": Degree.HIGH,
        "tier0": Degree.HIGH,
        "0": Degree.HIGH,
        "medium": Degree.MEDIUM,
        "tier1": Degree.MEDIUM,
        "1": Degree.MEDIUM,
        "production": Degree.LOW,
        "prod": Degree.LOW,
    },
)


class RiskRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a risk level is computed with."""

    levels: Levels = Levels()
    points: FactorPoints = FactorPoints()
    sensitivity: Marks = SENSITIVE
    criticality: Marks = CRITICAL

    def level(self, points: float) -> Severity:
        """Return the level of a sum of points."""
        for level in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM):
            if points >= getattr(self.levels, level.value):
                return level
        return Severity.LOW


def risk_rules(tables: Mapping[str, Any], origin: str = "poise.toml") -> RiskRules:
    """Return the published rules with what is set over them; a table that is set replaces only its own keys.

    Raises :class:`UsageError` with the place of what cannot be set.
    """
    merged = set_over(msgspec.to_builtins(RiskRules()), tables)
    try:
        rules = msgspec.convert(merged, RiskRules)
    except msgspec.ValidationError as problem:
        place = str(problem).replace("`$.", "`risk.").replace("`$`", "`risk`")
        raise UsageError(f"{origin}: {place}.", "docs/concepts/risk.md shows every key.") from problem
    for name, values in _ascending(rules):
        if list(values) != sorted(values):
            raise UsageError(
                f"{origin}: risk.{name} falls: {', '.join(map(str, values))}.",
                "Worse things may not have fewer points, nor higher levels lower thresholds.",
            )
    return rules


def set_over(published: Any, set_: Any) -> Any:
    """Lay tables over others; lists of tags, values, names and assets are replaced whole."""
    if not isinstance(published, dict) or not isinstance(set_, Mapping):
        return set_
    return published | {
        key: value if key in WHOLE else set_over(published.get(key, {}), value) for key, value in set_.items()
    }


WHOLE = frozenset({"tags", "values", "names", "assets"})


def _ascending(rules: RiskRules) -> list[tuple[str, Sequence[int]]]:
    points = rules.points
    exposure = points.exposure
    found: list[tuple[str, Sequence[int]]] = [
        ("levels", msgspec.structs.astuple(rules.levels)),
        ("points.severity", msgspec.structs.astuple(points.severity)),
        ("points.exposure", (exposure.none, exposure.narrow, exposure.wide)),
        ("points.exposure.unknown", (exposure.none, exposure.unknown, exposure.wide)),
        ("points.exploit", msgspec.structs.astuple(points.exploit)),
        ("points.attack_path", msgspec.structs.astuple(points.attack_path)),
    ]
    for name in ("sensitivity", "criticality"):
        degree = getattr(points, name)
        found.append((f"points.{name}", (degree.low, degree.medium, degree.high)))
        found.append((f"points.{name}.unknown", (degree.unknown, degree.high)))
    return found
