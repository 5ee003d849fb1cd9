"""What scores are computed from, and their daily history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import partial

import msgspec
from sqlalchemy import func, select

from poise.model.judged import ScopePass
from poise.model.listings import AssetFilter, ControlCounts, ScopeFilter, ScopeScore, ScoreDay
from poise.model.moments import RiskShape
from poise.store import bulk, filters, rollups, schema
from poise.store.core import Core
from poise.store.rows import asset_id, scope

control, kinds, day = schema.control_rollup.c, schema.kind_rollup.c, schema.score_day.c
ALL = "*"
"""The scope of a row about the whole estate; the control of a row about the whole score."""

WEIGHTS = ("assets", "scored", "mitigated")
NONE = (0,) * len(WEIGHTS)


def _shape(text: str) -> RiskShape:
    degree, judged, c, h, m, low, uc, uh, um, ul = map(int, text.split(","))
    return RiskShape(degree, bool(judged), (c, h, m, low), (uc, uh, um, ul))


class Scores:
    """Reads the counts of score controls, and keeps one row a day."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def scopes(self, viewer: ScopeFilter, wanted: AssetFilter | None = None) -> tuple[ScopeScore, ...]:
        """Return the counts of every scope; of ``wanted``, sources, providers and scopes act."""
        wanted = wanted or AssetFilter()
        counts: dict[int, list[ControlCounts]] = defaultdict(list)
        sums = select(kinds.scope_pk, *(func.sum(kinds[name]).label(name) for name in WEIGHTS))
        with self._core.database.read() as connection:
            limit = partial(filters.of_scopes, connection, viewer, wanted)
            query = select(schema.control_rollup).where(*limit(control.scope_pk))
            sums = sums.where(*limit(kinds.scope_pk)).group_by(kinds.scope_pk)
            scopes = select(schema.scope).where(*limit(scope.pk))
            for row in connection.execute(query.order_by(control.scope_pk, control.control)):
                counted = ControlCounts(*(getattr(row, name) for name in ControlCounts.__struct_fields__))
                if any(msgspec.structs.astuple(counted)[1:]):
                    counts[row.scope_pk].append(counted)
            totals = {row.scope_pk: tuple(map(int, row[1:])) for row in connection.execute(sums)}
            rows = connection.execute(scopes.order_by(scope.source, scope.provider, scope.id)).all()
        return tuple(
            ScopeScore(
                scope=row.id,
                provider=row.provider,
                source=row.source,
                name=row.name,
                assets=totals.get(row.pk, NONE)[0],
                scored_assets=totals.get(row.pk, NONE)[1],
                mitigated_assets=totals.get(row.pk, NONE)[2],
                controls=tuple(counts[row.pk]),
            )
            for row in rows
        )

    def shapes(self, viewer: ScopeFilter, wanted: AssetFilter | None = None) -> dict[RiskShape, int]:
        """Return how many assets of each shape the risk-based score counts; of ``wanted`` as in :meth:`scopes`."""
        table = schema.risk_rollup.c
        query = select(table.shape, func.sum(table.assets).label("assets")).group_by(table.shape)
        with self._core.database.read() as connection:
            query = query.where(*filters.of_scopes(connection, viewer, wanted or AssetFilter(), table.scope_pk))
            rows = connection.execute(query).all()
        return {_shape(row.shape): int(row.assets) for row in rows if row.assets}

    def reshaped(
        self, where: ScopePass, risks: Mapping[str, Mapping[str, int]], degrees: Mapping[str, int]
    ) -> Counter[RiskShape]:
        """Return by how much the shapes of a scope would change; nothing is written.

        ``risks`` are other ranks by asset id and check id, ``degrees`` how critical assets would be, by id; what is
        not named stays.
        """
        found: Counter[RiskShape] = Counter()
        summary, asset, place = schema.asset_summary.c, schema.asset.c, schema.scope.c
        query = select(asset_id.label("id"), summary.counted, summary.criticality)
        query = query.join_from(schema.asset_summary, schema.asset, asset.pk == summary.asset_pk)
        query = query.join(schema.scope, place.pk == summary.scope_pk)
        query = query.where(place.source == where.source, place.id == where.scope)
        with self._core.database.read() as connection:
            rules = rollups.Rules(connection, self._core.scoring)
            numbers = {row.id: row.pk for row in connection.execute(select(schema.check))}
            for row in connection.execution_options(yield_per=1000).execute(query):
                ranks = {numbers[check]: rank for check, rank in risks.get(row.id, {}).items()}
                then = rollups.with_risks(row.counted, ranks), degrees.get(row.id, row.criticality)
                if then != (row.counted, row.criticality):
                    found[_shape(rollups.risk_shape(rules, row.counted, row.criticality))] -= 1
                    found[_shape(rollups.risk_shape(rules, *then))] += 1
        return found

    def snapshot(self, rows: Iterable[ScoreDay]) -> None:
        """Keep the scores of a day, over what was kept for the same day."""
        with self._core.database.write() as connection:
            bulk.put_rows(connection, schema.score_day, [msgspec.structs.asdict(row) for row in rows])

    def history(self, viewer: ScopeFilter, scope_id: str, days: int) -> tuple[ScoreDay, ...]:
        """Return the kept scores of a scope, or of all (``*``), of the last days, oldest first.

        The row of the whole estate is shown only to those who may see every scope.
        """
        if viewer is not None and scope_id not in viewer:
            return ()
        first: date = (self._core.database.clock() - timedelta(days=days)).date()
        query = select(schema.score_day).where(day.scope == scope_id, day.day > first.isoformat())
        with self._core.database.read() as connection:
            rows = connection.execute(query.order_by(day.day, day.control)).all()
        return tuple(ScoreDay(**row._mapping) for row in rows)
