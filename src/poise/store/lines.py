"""The open findings of one check as plain lines, for exports of millions: no object but a tuple is made for each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from poise.model.listings import ScopeFilter
from poise.store import schema
from poise.store.among import among
from poise.store.codec import SEVERITIES, STATES, from_moment
from poise.store.core import Core
from poise.store.rows import asset, asset_id, check, finding, kind, partition, read_at, scope
from poise.store.seeing import visible, visible_scopes

ROWS_AT_ONCE = 5_000


class Line(NamedTuple):
    """One open finding, without its evidence. Times are ISO 8601, UTC."""

    finding: str
    check: str
    verdict: str
    severity: str
    effect: str
    asset: str
    kind: str
    name: str
    provider: str
    scope: str
    region: str
    reason: str
    first_seen: str
    read_at: str


def lines_of(core: Core, viewer: ScopeFilter, check_id: str, scopes: Collection[str]) -> Iterator[Line]:
    """Yield the open findings of a check in some scopes, the riskiest first."""
    with core.database.read() as connection:
        numbers = connection.execute(select(check.pk).where(check.id == check_id)).scalars().all()
        places = _places(connection, viewer, scopes)
        seen = visible(finding.scope_pk, viewer, finding.asset_pk)
        kinds = {row.pk: row.name for row in connection.execute(select(kind.pk, kind.name))}
        moments = _Moments()
        columns: tuple[Any, ...] = (
            *(finding.id, finding.state, finding.severity, finding.effect, asset_id, finding.kind_pk, asset.name),
            *(finding.scope_pk, asset.region, finding.reason, finding.first_seen, read_at),
        )
        joined = schema.finding.join(schema.asset, asset.pk == finding.asset_pk)
        joined = joined.join(schema.partition, partition.pk == asset.partition_pk)
        query = select(*columns).select_from(joined).where(among(finding.check_pk, numbers))
        query = query.where(finding.resolved_at.is_(None), among(finding.scope_pk, sorted(places)), *seen)
        states = {number: state.value for number, state in enumerate(STATES)}
        severities = {rank: severity.value for rank, severity in SEVERITIES.items()}
        rows = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(
            query.order_by(finding.risk.desc(), finding.asset_pk.desc())
        )
        for id, state, severity, effect, uid, kind_pk, name, scope_pk, region, reason, seen, read in rows:
            provider, place = places[scope_pk]
            yield Line(
                id,
                check_id,
                states[state],
                severities[severity],
                effect,
                uid,
                kinds[kind_pk],
                name,
                provider,
                place,
                region,
                reason,
                moments[seen],
                moments[read],
            )


def _places(connection: Connection, viewer: ScopeFilter, scopes: Collection[str]) -> dict[int, tuple[str, str]]:
    query = select(scope.pk, scope.provider, scope.id).where(among(scope.id, sorted(scopes)))
    rows = connection.execute(query.where(*visible_scopes(scope.pk, viewer)))
    return {row.pk: (row.provider, row.id) for row in rows}


class _Moments(dict[int, str]):
    """Moments as texts; few differ, as a partition is read at one."""

    def __missing__(self, moment: int) -> str:
        text = from_moment(moment).isoformat()
        if len(self) < ROWS_AT_ONCE:
            self[moment] = text
        return text
