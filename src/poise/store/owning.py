"""Who owns the open findings of checks and of assets, and by when the first of them is due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from poise.model.listings import ScopeFilter
from poise.model.owned import Owned
from poise.store import duties, schema
from poise.store.among import among
from poise.store.codec import maybe_time
from poise.store.core import Core
from poise.store.rows import asset, asset_id, check, finding
from poise.store.seeing import visible

assigned = duties.assignment.c


class Owning:
    """Reads owners of many findings at once."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def by_check(self, viewer: ScopeFilter, checks: Collection[str], scopes: Collection[str] = ()) -> dict[str, Owned]:
        """Return check id -> owners of its open findings."""
        # The numbers of checks are asked of assignments alone: of findings there are many more.
        numbers = select(schema.check.c.pk).where(check.id.in_(sorted(checks)))
        more = [assigned.check_pk.in_(numbers)]
        if scopes:
            more.append(finding.scope_pk.in_(select(schema.scope.c.pk).where(schema.scope.c.id.in_(sorted(scopes)))))
        return self._owned(check.id, viewer, more)

    def by_asset(self, viewer: ScopeFilter, assets: Collection[str]) -> dict[str, Owned]:
        """Return asset id -> owners of its open findings."""
        wanted = sorted({one for id in assets for one in (id, id.lower())})
        return self._owned(asset_id, viewer, [among(asset.uid, wanted)])

    def _owned(
        self, key: ColumnElement[str], viewer: ScopeFilter, more: Sequence[ColumnElement[bool]]
    ) -> dict[str, Owned]:
        owner = func.nullif(assigned.owner, "")
        columns: tuple[ColumnElement[Any], ...] = (
            key.label("key"),
            func.min(owner).label("owner"),
            func.count(owner.distinct()).label("owners"),
            func.min(assigned.due).label("due"),
            func.sum(assigned.is_overdue).label("overdue"),
        )
        here = (assigned.asset_pk == finding.asset_pk) & (assigned.check_pk == finding.check_pk)
        joined = duties.assignment.join(schema.finding, here & (assigned.round == finding.reopened))
        joined = joined.join(schema.asset, asset.pk == assigned.asset_pk)
        joined = joined.join(schema.check, check.pk == assigned.check_pk)
        query = select(*columns).select_from(joined).where(finding.resolved_at.is_(None), *more)
        query = query.where(*visible(finding.scope_pk, viewer, finding.asset_pk)).group_by(key)
        with self._core.database.read() as connection:
            rows = connection.execute(query).all()
        return {row.key: Owned(row.owner or "", row.owners, maybe_time(row.due), int(row.overdue or 0)) for row in rows}
