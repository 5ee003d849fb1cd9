"""What lists hold: filters, pages and rows, as every door asks for them and shows them. Times are UTC."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from poise.model.asset import Asset
from poise.model.finding import AssetRef, Effect, Risk
from poise.model.governance import DueState
from poise.model.listing import Gap
from poise.model.verdict import Severity, State

T = TypeVar("T")
ScopeFilter = frozenset[str] | None
"""Ids of the scopes that a viewer may see, and groups as ``group:NAME``: :mod:`poise.model.viewer`; None for all."""


class Standing(enum.StrEnum):
    """Whether a finding is still there."""

    OPEN = "open"
    FIXED = "fixed"
    ANY = "any"


class Order(enum.StrEnum):
    """How a list is sorted. The finding or asset id breaks ties."""

    RISK = "risk"
    """Highest first."""
    SEVERITY = "severity"
    """Highest first."""
    NEWEST = "newest"
    """Last seen to begin first."""
    NAME = "name"
    """By name of the asset."""
    ID = "id"


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list is wanted."""

    order: Order = Order.RISK
    limit: int = 50
    offset: int = 0
    """Rows to leave out; for pages with numbers."""
    cursor: str | None = None
    """Where the last page ended; for programs. Takes the place of ``offset``."""
    count_up_to: int | None = None
    """Stop counting the total here; None counts all."""


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list."""

    rows: tuple[T, ...]
    total: int
    """Rows of the whole list, up to ``count_up_to``."""
    cursor: str | None
    """Gives the next page; None at the end."""


class FindingFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which findings are wanted. Empty sets do not filter; filters of different fields must all hold."""

    standing: Standing = Standing.OPEN
    states: frozenset[State] = frozenset()
    severities: frozenset[Severity] = frozenset()
    risk_levels: frozenset[Severity] = frozenset()
    effects: frozenset[Effect] = frozenset()
    sources: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    checks: frozenset[str] | None = None
    """Check ids; a category or a standard is given as the set of its checks. None does not filter."""
    asset_id: str = ""
    """The findings of one asset."""
    text: str = ""
    """Words in the check id, finding id, asset name, asset id or reason, without case."""
    seen_since: datetime | None = None
    """Began at this moment or later."""
    groups: frozenset[str] = frozenset()
    """Names of groups: findings of assets that are in any of them."""
    owners: frozenset[str] = frozenset()
    """Addresses of owners."""
    due: frozenset[DueState] = frozenset()
    """Where they stand."""


class AssetFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which assets are wanted. Empty sets do not filter; filters of different fields must all hold."""

    sources: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    tags: Mapping[str, str] = {}
    """Tags that the asset bears, key and value exactly."""
    text: str = ""
    """Words in name or id, without case."""
    name: str = ""
    """The name, exactly."""
    has_findings: bool | None = None
    """With, or without, open unhealthy findings that count."""
    has_unread: bool | None = None
    """With, or without, facts that could not be read."""
    groups: frozenset[str] = frozenset()
    """Names of groups: assets that are in any of them."""


class FindingRow(msgspec.Struct, frozen=True, kw_only=True):
    """One finding; or, in a list of all verdicts, one verdict of any state."""

    id: str
    check: str
    severity: Severity
    risk: Risk
    state: State
    reason: str
    evidence: Any
    effect: Effect
    effect_until: datetime | None
    first_seen: datetime | None
    """None for verdicts that are no finding."""
    changed_at: datetime | None
    """Since when state, effect and risk are as they are."""
    resolved_at: datetime | None
    """When it was last fixed; None while it is open."""
    reopened: int
    """How often it came back."""
    asset: AssetRef
    source: str
    read_at: datetime
    place: str | None
    """File and line, for code and exports."""
    exemption: str | None = None
    """Name of the exemption that gives the effect."""
    owner: str | None = None
    """Address of who is to fix it; None if nobody is known."""
    due: datetime | None = None
    """The last second of the day on which it is due."""
    rule: str | None = None
    """Name of the rule of governance that has assigned it; None if nobody has, or a person."""
    eta: datetime | None = None
    """When its owner expects it to be fixed; the due date stays."""


class Counts(msgspec.Struct, frozen=True):
    """Verdicts by bucket: each is in exactly one. What does not count by its effect is under the effect."""

    healthy: int = 0
    unhealthy: int = 0
    not_applicable: int = 0
    unknown: int = 0
    waived: int = 0
    mitigated: int = 0
    grace: int = 0
    disabled: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(msgspec.structs.astuple(self))


class RecommendationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One check with the counts of its verdicts."""

    check: str
    severity: Severity
    counts: Counts
    highest_risk: Severity | None
    """Of its open unhealthy findings that count."""
    first_seen: datetime | None
    """Of the oldest open finding."""
    scopes: int
    """Scopes with an open unhealthy finding."""


class OpenCounts(msgspec.Struct, frozen=True):
    """Open unhealthy findings of one asset that count, by severity; and those that are unknown."""

    critical: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    unknown: int = 0


class AssetRow(msgspec.Struct, frozen=True, kw_only=True):
    """One asset, as lists show it."""

    asset: AssetRef
    source: str
    tags: Mapping[str, str]
    read_at: datetime
    first_seen: datetime
    gone_at: datetime | None
    """When it was no longer there; lists hold only assets that are there."""
    place: str | None
    unread: int
    """Number of facts that could not be read."""
    highest_risk: Severity | None
    open: OpenCounts


class AssetVersion(msgspec.Struct, frozen=True):
    """An asset as it was from one moment to another."""

    asset: Asset
    valid_from: datetime
    valid_to: datetime | None
    """None for the present one."""


class AssetDetail(msgspec.Struct, frozen=True, kw_only=True):
    """Everything held about one asset."""

    row: AssetRow
    asset: Asset
    verdicts: tuple[FindingRow, ...]
    """All present verdicts, of any state, by check id."""
    fixed: tuple[FindingRow, ...]
    """Findings that were fixed."""
    versions: tuple[AssetVersion, ...]
    """Newest first, the present one included."""


class FacetCount(msgspec.Struct, frozen=True):
    """One value of a filter, and how many rows it would leave."""

    value: str
    count: int
    is_capped: bool = False
    """There are at least this many."""


class PartitionState(enum.StrEnum):
    """Where a partition, or a whole scan, stands."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"


class ScopeCoverage(msgspec.Struct, frozen=True):
    """How much of one scope was read."""

    scope: str
    provider: str
    source: str
    name: str
    state: PartitionState
    partitions: Mapping[str, int]
    """State -> number of partitions."""
    read_at: datetime | None
    """The oldest read of its partitions."""


class GapRow(msgspec.Struct, frozen=True):
    """One thing that could not be read, and where."""

    scope: str
    source: str
    region: str
    gap: Gap


class Coverage(msgspec.Struct, frozen=True):
    """What was read and what was not."""

    scopes: tuple[ScopeCoverage, ...]
    gaps: tuple[GapRow, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every scope was read and nothing that could be cured is missing."""
        return all(s.state is PartitionState.DONE for s in self.scopes) and all(g.gap.expected for g in self.gaps)


class ScanRow(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a scan."""

    id: int
    source: str
    command: str
    started: datetime
    finished: datetime | None
    state: PartitionState
    coverage: Coverage | None
    """As it was at the end; None while it runs, and in lists."""


class ControlCounts(msgspec.Struct, frozen=True):
    """Assets of one scope by their state in one score control."""

    control: str
    healthy: int
    unhealthy: int
    not_applicable: int
    unknown: int
    mitigated: int = 0
    """Healthy only because a finding is exempted as mitigated: in none of the others."""


class ScopeScore(msgspec.Struct, frozen=True, kw_only=True):
    """What a scope's score is computed from."""

    scope: str
    provider: str
    source: str
    name: str
    assets: int
    scored_assets: int
    """Distinct assets with a healthy or unhealthy verdict of a scored check: the scope's weight."""
    mitigated_assets: int = 0
    """Assets whose only scored verdicts are exempted as mitigated: not among the scored ones."""
    controls: tuple[ControlCounts, ...]


class ScoreDay(msgspec.Struct, frozen=True, kw_only=True):
    """The score of one scope and control on one day."""

    day: str
    """ISO date, UTC."""
    scope: str
    """Scope id, or ``*`` for the whole estate."""
    control: str
    """Control name, or ``*`` for the whole score."""
    current: float
    max: float
    unknown: int
    low: float
    high: float
    weight: int


class AuditRow(msgspec.Struct, frozen=True):
    """One write by a person or a program."""

    id: int
    at: datetime
    actor: str
    action: str
    target: str
    detail: Any
