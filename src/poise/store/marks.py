"""Marks by hand, and how critical each asset is by all that says so."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, func, select

from poise.model.judged import ScopePass
from poise.model.mark import Mark, Topic
from poise.store import audit, bulk, schema
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment
from poise.store.core import Core, lock_all_scopes

table = schema.asset_mark.c


class Marks:
    """Reads and writes marks of assets."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def all(self) -> dict[tuple[str, Topic], Mark]:
        """Return (asset id, topic) -> mark."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(schema.asset_mark).order_by(table.uid, table.topic)).all()
        return {
            (row.uid, Topic(row.topic)): Mark(
                asset_id=row.uid,
                topic=Topic(row.topic),
                degree=row.degree,
                reason=row.reason,
                by=row.marked_by,
                at=from_moment(row.marked_at),
            )
            for row in rows
        }

    def put(self, mark: Mark, deed: Deed) -> None:
        """Give an asset a mark, over one of the same topic, and note who did it."""
        now = self._core.database.now()
        row = {"uid": clean(mark.asset_id), "topic": mark.topic.value, "degree": mark.degree}
        row |= {"reason": clean(mark.reason), "marked_by": clean(mark.by)}
        with self._core.database.write() as connection:
            bulk.put_rows(connection, schema.asset_mark, [{**row, "marked_at": now}])
            audit.note(connection, deed, now)

    def remove(self, asset_id: str, topic: Topic, deed: Deed) -> bool:
        """Take a mark away, and note who did it; return whether there was one."""
        with self._core.database.write() as connection:
            gone = delete(schema.asset_mark).where(table.uid == clean(asset_id), table.topic == topic.value)
            was_there = connection.execute(gone).rowcount > 0
            if was_there:
                audit.note(connection, deed, self._core.database.now())
            return was_there

    def grade(self, where: ScopePass, degrees: Mapping[str, int]) -> None:
        """Keep how critical the assets of a scope are, by asset id; those that changed are counted again."""
        asset, scope = schema.asset.c, schema.scope.c
        id = func.coalesce(asset.given_id, asset.uid).label("id")
        query = select(asset.pk, id, asset.criticality).join_from(
            schema.asset, schema.scope, scope.pk == asset.scope_pk
        )
        query = query.where(scope.source == where.source, scope.id == where.scope, asset.gone_at.is_(None))
        with self._core.database.read() as connection:
            rows = connection.execute(query).all()
        changed = [
            {"pk": r.pk, "criticality": degrees[r.id]}
            for r in rows
            if degrees.get(r.id, 0) != r.criticality and r.id in degrees
        ]
        if not changed:
            return
        with self._core.write() as connection:
            lock_all_scopes(connection)
            bulk.update_rows(connection, schema.asset, ("pk",), changed)
            self._core.apply_effects(connection, [row["pk"] for row in changed], self._core.database.now())
