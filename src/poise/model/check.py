"""Checks: one rule that judges one kind of asset, with its texts and its proof."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from poise.model.asset import Asset
from poise.model.errors import UsageError
from poise.model.verdict import Severity, State, Verdict

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
"""The time of an example that does not set its own."""


class Category(enum.StrEnum):
    """What a recommendation is about; the tabs of the recommendations page."""

    MISCONFIGURATION = "misconfiguration"
    VULNERABILITY = "vulnerability"
    SECRET = "secret"  # noqa: S105 - a word of the product, no password
    ENTITLEMENT = "entitlement"


class Status(enum.StrEnum):
    """Where a check stands in its life. An experimental one is a preview: it never changes a score."""

    EXPERIMENTAL = "experimental"
    STABLE = "stable"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True)
class Fix:
    """How to cure an unhealthy asset, for each way people work.

    Texts may hold ``{id}``, ``{name}``, ``{scope}`` and ``{region}``; they are filled with the asset's own.
    """

    console: str
    """Steps in the provider's console."""
    cli: str
    """Commands of the provider's command line."""
    terraform: str
    """Configuration to write."""
    impact: str = ""
    """What may break, and how to go back."""


@dataclass(frozen=True)
class Parameter:
    """A value that a tenant may set for a check, per scope."""

    name: str
    """The argument of ``evaluate`` that receives it."""
    default: Any
    """The value where nothing is set. Its type is the type of every value."""
    meaning: str
    """One sentence for the person who sets it."""
    lowest: int | None = None
    """Least number allowed."""
    highest: int | None = None
    """Greatest number allowed."""

    def validated(self, value: Any) -> Any:
        """Return ``value`` if it may be set, or raise :class:`UsageError` with what is allowed."""
        expected = type(self.default)
        if expected is tuple and isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        if type(value) is not expected:
            raise UsageError(f"{self.name} is {value!r}; expected a value like {self.default!r}.")
        if self.lowest is not None and value < self.lowest:
            raise UsageError(f"{self.name} is {value}; the least allowed is {self.lowest}.")
        if self.highest is not None and value > self.highest:
            raise UsageError(f"{self.name} is {value}; the most allowed is {self.highest}.")
        return value


@dataclass(frozen=True)
class Example:
    """A named asset with the verdict that the rule must give; run as a test, shown in the docs."""

    name: str
    """What is special about the asset, in a few words."""
    asset: Asset
    """The asset that is judged."""
    state: str
    """The verdict's state."""
    reason: str = ""
    """Words that the reason must hold."""
    others: tuple[Asset, ...] = ()
    """Neighbours in the inventory."""
    unlisted: Mapping[str, str] = field(default_factory=dict)
    """Kind name -> reason, for each kind whose listing failed."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Values set for this example."""
    now: datetime = NOW
    """The time of the assessment."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule about one kind of asset.

    ``evaluate`` takes the asset, and by name any of: ``inventory`` (an :class:`Inventory`),
    ``now`` (the time of the assessment, UTC) and the check's own parameters. It returns a verdict; a
    :class:`~poise.model.errors.NotCollected` that it lets pass becomes ``unknown``.
    """

    title: str
    """The wished state, as the recommendation reads: "S3 buckets should not be open to everyone"."""
    asset: type[Asset]
    """The kind that is judged."""
    severity: Severity
    """How bad an unhealthy verdict is."""
    since: str
    """Version that brought the check."""
    source: str
    """Vendor page or standard that the rule is taken from."""
    evaluate: Callable[..., Verdict]
    """The rule."""
    fix: Fix
    """How to cure it."""
    examples: tuple[Example, ...]
    """At least one healthy, one unhealthy, one unknown."""
    parameters: tuple[Parameter, ...] = ()
    """Values that a tenant may set."""
    category: Category = Category.MISCONFIGURATION
    """Which tab it belongs to."""
    status: Status = Status.STABLE
    """Where it stands in its life."""
    formerly: tuple[str, ...] = ()
    """Ids that it had before, oldest first, so that findings and exemptions survive a rename."""
    id: str = ""
    """``provider.service.bad_thing``, given by the path of the file."""
    risk: str = ""
    """What may happen; the docstring of the file."""

    rule_text: str = ""
    """The rule as a tenant wrote it, in CEL or as a query; empty for checks written in Python."""
    digest: bytes = b""
    """What decides verdicts of a tenant's check beside the code: its definition, and what it knows."""

    @property
    def is_custom(self) -> bool:
        """Whether it is a tenant's own; such checks never move the secure score."""
        return bool(self.rule_text)

    @property
    def provider(self) -> str:
        """The provider whose assets it judges."""
        return self.asset.PROVIDER

    @property
    def service(self) -> str:
        """The second part of the id."""
        return self.id.split(".")[1]

    @property
    def is_retired(self) -> bool:
        """Whether the check is kept for its id alone and never run."""
        return self.status is Status.RETIRED

    @property
    def is_preview(self) -> bool:
        """Whether the check is shown but never scored."""
        return self.status is Status.EXPERIMENTAL


def finding_id(check: Check, asset_id: str) -> str:
    """Return the id of the finding of a check on an asset: stable over rescans and renames of the check."""
    original = check.formerly[0] if check.formerly else check.id
    return hashlib.sha256(f"{original}\n{asset_id}".encode()).hexdigest()[:20]


EXPECTED_STATES = frozenset({State.HEALTHY, State.UNHEALTHY, State.UNKNOWN})
"""States of which each check shows at least one example."""
