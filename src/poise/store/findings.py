"""Lists of findings and recommendations, and their counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from poise.model.finding import Effect
from poise.model.listings import (
    Counts,
    FacetCount,
    FindingFilter,
    FindingRow,
    Page,
    Paging,
    RecommendationRow,
    ScopeFilter,
)
from poise.model.verdict import Severity
from poise.store import filters, schema
from poise.store.codec import SEVERITIES, maybe_time
from poise.store.core import Core
from poise.store.rollups import UNHEALTHY
from poise.store.rows import (
    ASSET_COLUMNS,
    FINDING_COLUMNS,
    asset,
    check,
    finding,
    finding_tables,
    kind,
    scope,
    to_finding,
    to_severity,
    visible,
)

FACETS: dict[str, ColumnElement[Any]] = {
    "severity": finding.severity,
    "risk": finding.risk,
    "effect": finding.effect,
    "provider": scope.provider,
    "scope": scope.id,
    "source": scope.source,
    "region": asset.region,
    "kind": kind.name,
    "check": check.id,
}
"""What findings can be counted by. ``service`` is counted from checks."""
FACET_CAP = 100_000
"""A filter counts no further than so many rows."""
rollup = schema.check_rollup.c


class Findings:
    """Reads findings. Every function takes the scopes that its viewer may see."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def page(self, viewer: ScopeFilter, wanted: FindingFilter, paging: Paging | None = None) -> Page[FindingRow]:
        """Return a part of the findings that are wanted."""
        paging = paging or Paging()
        with self._core.database.read() as connection:
            query = _query(viewer, wanted, *FINDING_COLUMNS, *ASSET_COLUMNS)
            rows, cursor = filters.part(connection, query, filters.FINDING_ORDER[paging.order], paging)
            total = filters.total(connection, _query(viewer, wanted, finding.id), paging.count_up_to)
            return Page(tuple(to_finding(row) for row in rows), total, cursor)

    def count(self, viewer: ScopeFilter, wanted: FindingFilter) -> int:
        """Return the number of findings that are wanted."""
        with self._core.database.read() as connection:
            return filters.total(connection, _query(viewer, wanted, finding.id))

    def all(self, viewer: ScopeFilter, wanted: FindingFilter) -> Iterator[FindingRow]:
        """Yield all findings that are wanted, by risk, for exports."""
        with self._core.database.read() as connection:
            query = _query(viewer, wanted, *FINDING_COLUMNS, *ASSET_COLUMNS)
            for row in connection.execute(query.order_by(finding.risk.desc(), finding.id.desc())):
                yield to_finding(row)

    def get(self, viewer: ScopeFilter, id: str) -> FindingRow | None:
        """Return a finding by id, fixed ones too: the one read last, if several sources have it."""
        with self._core.database.read() as connection:
            query = select(*FINDING_COLUMNS, *ASSET_COLUMNS).select_from(finding_tables())
            query = query.where(finding.id == id, *visible(finding.scope_pk, viewer))
            row = connection.execute(query.order_by(finding.changed_at.desc()).limit(1)).first()
            return None if row is None else to_finding(row)

    def facet(self, viewer: ScopeFilter, wanted: FindingFilter, name: str) -> tuple[FacetCount, ...]:
        """Count findings by one of FACETS, most first; counting stops at FACET_CAP rows."""
        value = check.id if name == "service" else FACETS[name]
        capped = _query(viewer, wanted, value.label("value")).limit(FACET_CAP).subquery()
        query = select(capped.c.value, func.count()).group_by(capped.c.value)
        counts: dict[str, int] = defaultdict(int)
        with self._core.database.read() as connection:
            for found, count in connection.execute(query):
                counts[_facet_value(name, found)] += count
        is_capped = sum(counts.values()) >= FACET_CAP
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(FacetCount(found, count, is_capped) for found, count in ordered)

    def recommendations(self, viewer: ScopeFilter, wanted: FindingFilter) -> tuple[RecommendationRow, ...]:
        """Return every check that has judged something, with its counts, worst first.

        Counts are of the roll-ups: of ``wanted``, sources, providers, scopes and checks act on them; the rest
        acts on which findings make a check appear, if anything of it is set.
        """
        with self._core.database.read() as connection:
            counts = _rollup_counts(connection, viewer, wanted)
            opened = _opened(connection, viewer, wanted)
        if _narrows(wanted):
            counts = {id: count for id, count in counts.items() if id in opened}
        rows = [self._recommendation(id, count, opened.get(id)) for id, count in counts.items()]
        return tuple(sorted(rows, key=_worst_first))

    def _recommendation(self, id: str, counts: Counts, opened: Any) -> RecommendationRow:
        facts = self._core.scoring.get(id)
        return RecommendationRow(
            check=id,
            severity=facts.severity if facts else Severity.MEDIUM,
            counts=counts,
            highest_risk=to_severity(opened.risk) if opened else None,
            first_seen=maybe_time(opened.first_seen) if opened else None,
            scopes=opened.scopes if opened else 0,
        )


def _query(viewer: ScopeFilter, wanted: FindingFilter, *columns: Any) -> Select[Any]:
    query = select(*columns).select_from(finding_tables())
    return query.where(*filters.of_findings(viewer, wanted))


def _facet_value(name: str, found: Any) -> str:
    if name in ("severity", "risk"):
        return SEVERITIES[found].value
    if name == "service":
        return ".".join(str(found).split(".")[:2])
    return str(found)


def _rollup_counts(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> dict[str, Counts]:
    sums = [func.sum(rollup[name]).label(name) for name in schema.BUCKETS]
    query = select(check.id, *sums).join_from(schema.check_rollup, schema.check, check.pk == rollup.check_pk)
    query = query.where(*filters.of_rollups(viewer, wanted, rollup.scope_pk)).group_by(check.id)
    if wanted.checks is not None:
        query = query.where(check.id.in_(sorted(wanted.checks)))
    found = {row[0]: Counts(*(int(number) for number in row[1:])) for row in connection.execute(query)}
    return {id: counts for id, counts in found.items() if counts.total}


def _opened(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> dict[str, Any]:
    counts = (finding.state == UNHEALTHY) & (finding.effect == Effect.COUNTED.value)
    query = _query(
        viewer,
        wanted,
        check.id,
        func.max(func.coalesce(_when(counts, finding.risk), 0)).label("risk"),
        func.min(finding.first_seen).label("first_seen"),
        func.count(func.distinct(_when(counts, finding.scope_pk))).label("scopes"),
    )
    return {row.id: row for row in connection.execute(query.group_by(check.id))}


def _when(condition: ColumnElement[bool], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((condition, value))


def _narrows(wanted: FindingFilter) -> bool:
    rest = (
        wanted.states,
        wanted.severities,
        wanted.risk_levels,
        wanted.effects,
        wanted.regions,
        wanted.kinds,
    )
    return any(rest) or bool(wanted.text or wanted.asset_id or wanted.seen_since)


def _worst_first(row: RecommendationRow) -> tuple[int, int, int, str]:
    risk = row.highest_risk.rank if row.highest_risk else 0
    return -risk, -row.severity.rank, -row.counts.unhealthy, row.check
