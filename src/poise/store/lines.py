"""The open findings of one check as plain lines, for exports of millions: no object but a tuple is made for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from poise.model.listings import FindingFilter, ScopeFilter
from poise.store import filters, schema
from poise.store.among import among
from poise.store.codec import SEVERITIES, STATES, from_moment
from poise.store.core import Core
from poise.store.rows import asset, asset_id, check, finding, kind, partition, read_at, scope
from poise.store.seeing import visible, visible_scopes

ROWS_AT_ONCE = 5_000
Line = tuple[str, ...]
"""One open finding, without its evidence: the cells of :data:`NAMES`. Times are ISO 8601, UTC."""
NAMES = (
    *("finding", "check", "verdict", "severity", "effect", "asset", "kind", "name"),
    *("provider", "scope", "region", "reason", "first_seen", "read_at"),
)
STATE_WORDS = {number: state.value for number, state in enumerate(STATES)}
SEVERITY_WORDS = {rank: severity.value for rank, severity in SEVERITIES.items()}


def lines_of(core: Core, viewer: ScopeFilter, check_id: str, wanted: FindingFilter) -> Iterator[Line]:
    """Yield the open findings of a check, the riskiest first. Of ``wanted``, scopes and groups act."""
    with core.database.read() as connection:
        number = connection.execute(select(check.pk).where(check.id == check_id)).scalar_one_or_none()
        places = _places(connection, viewer, wanted)
        if number is None or not places:
            return
        query = _query(number).where(*filters.in_groups(wanted, finding.asset_pk))
        query = query.where(*visible(finding.scope_pk, viewer, finding.asset_pk))
        if len(places) < connection.execute(select(func.count()).select_from(schema.scope)).scalar_one():
            # Plus nothing: through an index over scopes the database would have to sort every row.
            query = query.where(among(finding.scope_pk + 0, sorted(places)))
        kinds = {row.pk: row.name for row in connection.execute(select(kind.pk, kind.name))}
        moments = _Moments()
        rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
        for id, state, severity, effect, uid, kind_pk, name, scope_pk, region, reason, seen, read in rows:
            provider, place = places[scope_pk]
            yield (
                *(id, check_id, STATE_WORDS[state], SEVERITY_WORDS[severity], effect),
                *(uid, kinds[kind_pk], name, provider, place, region, reason, moments[seen], moments[read]),
            )


def _query(number: int) -> Select[Any]:
    """Return the query of a check's findings, in the order of its index of risks."""
    columns: tuple[Any, ...] = (
        *(finding.id, finding.state, finding.severity, finding.effect, asset_id, finding.kind_pk, asset.name),
        *(finding.scope_pk, asset.region, finding.reason, finding.first_seen, read_at),
    )
    joined = schema.finding.join(schema.asset, asset.pk == finding.asset_pk)
    joined = joined.join(schema.partition, partition.pk == asset.partition_pk)
    query = select(*columns).select_from(joined).where(finding.check_pk == number, finding.resolved_at.is_(None))
    return query.order_by(finding.risk.desc(), finding.asset_pk.desc())


def _places(connection: Connection, viewer: ScopeFilter, wanted: FindingFilter) -> dict[int, tuple[str, str]]:
    query = select(scope.pk, scope.provider, scope.id).where(*visible_scopes(scope.pk, viewer))
    query = query.where(*filters.of_scopes(connection, None, wanted, scope.pk))
    return {row.pk: (row.provider, row.id) for row in connection.execute(query)}


class _Moments(dict[int, str]):
    """Moments as texts; few differ, as a partition is read at one."""

    def __missing__(self, moment: int) -> str:
        text = from_moment(moment).isoformat()
        if len(self) < ROWS_AT_ONCE:
            self[moment] = text
        return text
