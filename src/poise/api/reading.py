"""What the doors ask of a workspace: the query functions of `poise.app`, as pages and API call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from poise.model import Check
from poise.model.finding import ControlRef
from poise.model.listings import (
    AssetDetail,
    AssetFilter,
    AssetRow,
    Coverage,
    FacetCount,
    FindingFilter,
    FindingRow,
    Page,
    Paging,
    RecommendationRow,
    ScanRow,
    ScopeFilter,
    ScoreDay,
)


class Workspace(Protocol):
    """Everything that is read from one store."""

    def now(self) -> datetime: ...
    def checks(self) -> Mapping[str, Check]: ...
    def controls(self) -> Mapping[str, Sequence[ControlRef]]: ...
    def findings(self, wanted: FindingFilter, paging: Paging, viewer: ScopeFilter = None) -> Page[FindingRow]: ...
    def finding(self, id: str, viewer: ScopeFilter = None) -> FindingRow | None: ...
    def recommendations(
        self, wanted: FindingFilter, viewer: ScopeFilter = None
    ) -> Sequence[RecommendationRow]: ...
    def assets(self, wanted: AssetFilter, paging: Paging, viewer: ScopeFilter = None) -> Page[AssetRow]: ...
    def asset(self, id: str, viewer: ScopeFilter = None) -> AssetDetail | None: ...
    def finding_facets(
        self, field: str, wanted: FindingFilter, viewer: ScopeFilter = None
    ) -> Sequence[FacetCount]: ...
    def asset_facets(
        self, field: str, wanted: AssetFilter, viewer: ScopeFilter = None
    ) -> Sequence[FacetCount]: ...
    def score_days(self, days: int, viewer: ScopeFilter = None) -> Sequence[ScoreDay]: ...
    def coverage(self, viewer: ScopeFilter = None) -> Coverage: ...
    def scans(self, viewer: ScopeFilter = None) -> Sequence[ScanRow]: ...
    def scan(self, id: int, viewer: ScopeFilter = None) -> ScanRow | None: ...
