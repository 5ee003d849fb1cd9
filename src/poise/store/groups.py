"""Groups of assets: their definitions, who is in each, and what scores are computed from.

Membership is kept as rows, made anew for the assets that a write touched and for a group that was changed.
A group's counts come from the summaries of its assets: an asset that is in several of the groups that are asked for is
counted once.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from poise.model.group import Group, GroupKind, GroupRow, Wanted
from poise.store import audit, bulk, filters, schema
from poise.store.among import among
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment
from poise.store.core import Core
from poise.store.rows import asset, present_asset_tables

group, member = schema.asset_group.c, schema.group_member.c


class Groups:
    """Reads and changes groups."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def all(self) -> tuple[GroupRow, ...]:
        """Return every group with the number of its assets, by name."""
        counts = select(member.group_pk, func.count().label("assets")).group_by(member.group_pk).subquery()
        query = select(schema.asset_group, func.coalesce(counts.c.assets, 0).label("assets"))
        query = query.outerjoin(counts, counts.c.group_pk == group.pk).order_by(group.name)
        with self._core.database.read() as connection:
            return tuple(GroupRow(_group(row), int(row.assets)) for row in connection.execute(query))

    def put(self, one: Group, deed: Deed) -> None:
        """Add a group, or change the one of that name; note who did it, and find its assets."""
        now = self._core.database.now()
        values: dict[str, Any] = {"name": clean(one.name), "kind": one.kind.value, "origin": clean(one.origin)}
        values |= {"wanted": msgspec.json.encode(one.wanted), "changed_by": clean(one.changed_by), "changed_at": now}
        with self._core.database.write() as connection:
            key = connection.execute(select(group.pk).where(group.name == values["name"])).scalar()
            if key is None:
                connection.execute(insert(schema.asset_group).values(values))
                key = connection.execute(select(group.pk).where(group.name == values["name"])).scalar_one()
            else:
                connection.execute(update(schema.asset_group).where(group.pk == key).values(values))
            _fill(connection, key, one.wanted)
            audit.note(connection, deed, now)

    def remove(self, name: str, deed: Deed) -> bool:
        """Remove a group, and note who did it; return whether there was one."""
        with self._core.database.write() as connection:
            key = connection.execute(select(group.pk).where(group.name == clean(name))).scalar()
            if key is None:
                return False
            connection.execute(delete(schema.group_member).where(member.group_pk == key))
            connection.execute(delete(schema.asset_group).where(group.pk == key))
            audit.note(connection, deed, self._core.database.now())
            return True

    def fill(self) -> None:
        """Find the assets of every group anew."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(schema.asset_group)).all()
        if rows:
            with self._core.database.write() as connection:
                for row in rows:
                    _fill(connection, row.pk, _group(row).wanted)

    def by_asset(self) -> dict[str, tuple[str, ...]]:
        """Return asset -> names of the groups that hold it; ids of Azure are in lower case."""
        query = select(asset.uid, group.name).join_from(schema.group_member, schema.asset, asset.pk == member.asset_pk)
        query = query.join(schema.asset_group, group.pk == member.group_pk).order_by(group.name)
        found: dict[str, tuple[str, ...]] = {}
        with self._core.database.read() as connection:
            for row in connection.execute(query):
                found[row.uid] = (*found.get(row.uid, ()), row.name)
        return found

    def of_asset(self, asset_id: str) -> tuple[str, ...]:
        """Return the names of the groups that an asset is in."""
        query = select(group.name).join_from(schema.group_member, schema.asset_group, group.pk == member.group_pk)
        query = query.join(schema.asset, asset.pk == member.asset_pk)
        with self._core.database.read() as connection:
            found = connection.execute(query.where(asset.uid.in_({asset_id, asset_id.lower()})).distinct()).scalars()
            return tuple(sorted(found))


def _fill(connection: Connection, key: int, wanted: Wanted) -> None:
    limits = filters.of_assets(connection, None, wanted.filter())
    query = select(asset.pk).select_from(present_asset_tables()).where(*limits)
    meant = set(connection.execute(query).scalars())
    there = set(connection.execute(select(member.asset_pk).where(member.group_pk == key)).scalars())
    for some in bulk.chunks(sorted(there - meant)):
        connection.execute(delete(schema.group_member).where(member.group_pk == key, among(member.asset_pk, some)))
    rows = [(key, number) for number in sorted(meant - there)]
    bulk.insert_rows(connection, schema.group_member, ("group_pk", "asset_pk"), rows)


def _group(row: Any) -> Group:
    return Group(
        name=row.name,
        kind=GroupKind(row.kind),
        wanted=msgspec.json.decode(row.wanted, type=Wanted),
        origin=row.origin,
        changed_by=row.changed_by,
        changed_at=from_moment(row.changed_at),
    )
