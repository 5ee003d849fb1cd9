"""Lists of findings and recommendations, and their counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from poise.model.finding import Effect
from poise.model.listings import (
    Counts,
    FacetCount,
    FindingFilter,
    FindingRow,
    Order,
    Page,
    Paging,
    RecommendationRow,
    ScopeFilter,
)
from poise.model.verdict import Severity, State
from poise.model.viewer import sees_parts
from poise.store import filters, group_counts, schema
from poise.store.among import among
from poise.store.codec import SEVERITIES, maybe_time
from poise.store.core import Core
from poise.store.lines import Line, lines_of
from poise.store.rows import (
    ASSET_COLUMNS,
    FINDING_COLUMNS,
    asset,
    asset_id,
    check,
    finding,
    finding_tables,
    kind,
    scope,
    to_finding,
    to_severity,
)
from poise.store.seeing import visible

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
            query = _query(connection, viewer, wanted)
            counted = filters.Counted(_counted(connection, viewer, wanted), bool(wanted.text))
            rows, cursor, total = filters.listed(
                connection, query, filters.FINDING_ORDER[paging.order], paging, counted
            )
            return Page(tuple(to_finding(row) for row in rows), total, cursor)

    def count(self, viewer: ScopeFilter, wanted: FindingFilter) -> int:
        """Return the number of findings that are wanted."""
        with self._core.database.read() as connection:
            return filters.total(connection, _counted(connection, viewer, wanted))

    def all(self, viewer: ScopeFilter, wanted: FindingFilter) -> Iterator[FindingRow]:
        """Yield all findings that are wanted, by risk, for exports."""
        with self._core.database.read() as connection:
            query = filters.FINDING_ORDER[Order.RISK].sorted(_query(connection, viewer, wanted))
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield to_finding(row)

    def lines(self, viewer: ScopeFilter, check_id: str, wanted: FindingFilter) -> Iterator[Line]:
        """Yield the open findings of a check as plain lines, for exports of millions. Scopes and groups act."""
        return lines_of(self._core, viewer, check_id, wanted)

    def get(self, viewer: ScopeFilter, id: str) -> FindingRow | None:
        """Return a finding by id, fixed ones too: the one read last, if several sources have it."""
        with self._core.database.read() as connection:
            query = select(*FINDING_COLUMNS, *ASSET_COLUMNS).select_from(finding_tables())
            query = query.where(finding.id == id, *visible(finding.scope_pk, viewer, finding.asset_pk))
            row = connection.execute(query.order_by(finding.changed_at.desc()).limit(1)).first()
            return None if row is None else to_finding(row)

    def facet(self, viewer: ScopeFilter, wanted: FindingFilter, name: str) -> tuple[FacetCount, ...]:
        """Count findings by one of FACETS, most first; counting stops at FACET_CAP rows."""
        value = check.id if name == "service" else FACETS[name]
        counts: dict[str, int] = defaultdict(int)
        with self._core.database.read() as connection:
            conditions = filters.of_findings(connection, viewer, wanted)
            query = select(value.label("value")).select_from(finding_tables()).where(*conditions)
            capped = query.limit(FACET_CAP).subquery()
            counted = select(capped.c.value, func.count()).group_by(capped.c.value)
            for found, count in connection.execute(counted):
                counts[_facet_value(name, found)] += count
        is_capped = sum(counts.values()) >= FACET_CAP
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(FacetCount(found, count, is_capped) for found, count in ordered)

    def recommendations(self, viewer: ScopeFilter, wanted: FindingFilter) -> tuple[RecommendationRow, ...]:
        """Return every check that has judged something, with its counts, worst first.

        Counts are of the roll-ups: of ``wanted``, sources, providers, scopes and checks act on them. If
        anything else is set, only checks with such a finding are shown.
        """
        with self._core.database.read() as connection:
            counted = _rollup_rows(connection, viewer, wanted)
            began = _began(connection, viewer, wanted)
            shown = _with_findings(connection, viewer, wanted) if _narrows(wanted) else None
        rows = [self._recommendation(row, began.get(row.check_pk)) for row in counted]
        kept = (row for row in rows if row.counts.total and (shown is None or row.check in shown))
        return tuple(sorted(kept, key=_worst_first))

    def counts(self, viewer: ScopeFilter, wanted: FindingFilter) -> Mapping[str, Counts]:
        """Return check id -> counts of its verdicts, from the roll-ups: time does not grow with the estate.

        Of ``wanted``, sources, providers, scopes and checks act.
        """
        with self._core.database.read() as connection:
            rows = _rollup_rows(connection, viewer, wanted)
        return {row.id: Counts(*(int(getattr(row, name)) for name in schema.BUCKETS)) for row in rows}

    def checks_on(self, viewer: ScopeFilter, ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Return (check, asset) of the unhealthy findings of some assets, exempt ones left out, sorted."""
        wanted = FindingFilter(states=frozenset({State.UNHEALTHY}), effects=frozenset({Effect.COUNTED}))
        with self._core.database.read() as connection:
            query = select(check.id, asset_id).select_from(finding_tables())
            uids = sorted({form for id in ids for form in (id, id.lower())})
            query = query.where(among(asset.uid, uids), *filters.of_findings(connection, viewer, wanted))
            return tuple(sorted((row[0], row[1]) for row in connection.execute(query)))

    def _recommendation(self, row: Any, first_seen: int | None) -> RecommendationRow:
        facts = self._core.scoring.get(row.id)
        ranks = (rank for rank, name in enumerate(schema.RISKS, start=1) if getattr(row, name))
        return RecommendationRow(
            check=row.id,
            severity=facts.severity if facts else Severity.MEDIUM,
            counts=Counts(*(int(getattr(row, name)) for name in schema.BUCKETS)),
            highest_risk=to_severity(max(ranks, default=0)),
            first_seen=maybe_time(first_seen),
            scopes=int(row.scopes),
        )


def _query(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> Select[Any]:
    query = select(*FINDING_COLUMNS, *ASSET_COLUMNS).select_from(finding_tables())
    return query.where(*filters.of_findings(connection, viewer, wanted))


def _counted(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> Select[Any]:
    query = select(finding.asset_pk).select_from(filters.tables_for(wanted))
    return query.where(*filters.of_findings(connection, viewer, wanted))


def _facet_value(name: str, found: Any) -> str:
    if name in ("severity", "risk"):
        return SEVERITIES[found].value
    if name == "service":
        return ".".join(str(found).split(".")[:2])
    return str(found)


def _rollup_rows(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> Sequence[Any]:
    if wanted.groups or sees_parts(viewer):
        found = group_counts.rows(connection, viewer, wanted)
        return [row for row in found if wanted.checks is None or row.id in wanted.checks]
    names = (*schema.BUCKETS, *schema.RISKS)
    sums = [func.sum(rollup[name]).label(name) for name in names]
    scopes = func.count(case((rollup.unhealthy > 0, 1))).label("scopes")
    query = select(rollup.check_pk, check.id, scopes, *sums)
    query = query.join_from(schema.check_rollup, schema.check, check.pk == rollup.check_pk)
    query = query.where(*filters.of_scopes(connection, viewer, wanted, rollup.scope_pk))
    if wanted.checks is not None:
        query = query.where(check.id.in_(sorted(wanted.checks)))
    return connection.execute(query.group_by(rollup.check_pk, check.id)).all()


def _began(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> dict[int, int]:
    """Return when the oldest open finding of each check was first seen.

    The roll-ups say where a check has judged; an index then gives the oldest there without reading the others.
    """
    if wanted.groups or sees_parts(viewer):
        query = select(finding.check_pk, func.min(finding.first_seen)).where(finding.resolved_at.is_(None))
        query = query.where(*filters.of_scopes(connection, viewer, wanted, finding.scope_pk, finding.asset_pk))
        query = query.where(*filters.in_groups(wanted, finding.asset_pk)).group_by(finding.check_pk)
    else:
        here = (finding.check_pk == rollup.check_pk, finding.scope_pk == rollup.scope_pk)
        oldest = select(func.min(finding.first_seen)).where(*here, finding.resolved_at.is_(None)).scalar_subquery()
        query = select(rollup.check_pk, func.min(oldest)).group_by(rollup.check_pk)
        query = query.where(*filters.of_scopes(connection, viewer, wanted, rollup.scope_pk))
    return {row[0]: row[1] for row in connection.execute(query)}


def _with_findings(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> set[str]:
    """Return the checks that have a wanted finding; of each, reading stops at the first."""
    each = schema.check.alias()
    found = select(finding.check_pk).select_from(finding_tables()).where(finding.check_pk == each.c.pk)
    found = found.where(*filters.of_findings(connection, viewer, wanted)).correlate(each)
    return set(connection.execute(select(each.c.id).where(found.exists())).scalars())


def _narrows(wanted: FindingFilter) -> bool:
    rest = (
        wanted.states,
        wanted.severities,
        wanted.risk_levels,
        wanted.effects,
        wanted.regions,
        wanted.kinds,
    )
    return any(rest) or bool(wanted.text or wanted.asset_id or wanted.seen_since or wanted.owners or wanted.due)


def _worst_first(row: RecommendationRow) -> tuple[int, int, int, str]:
    risk = row.highest_risk.rank if row.highest_risk else 0
    return -risk, -row.severity.rank, -row.counts.unhealthy, row.check
