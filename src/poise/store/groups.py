"""Groups of assets: their definitions, who is in each, and what scores are computed from.

Membership is kept as rows, made anew for the assets that a write touched and for a group that was changed.
A group's counts come from the summaries of its assets: an asset that is in several of the groups that are asked for is
counted once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from poise.model.group import Asked, Group, GroupKind, GroupRow, Wanted
from poise.model.listings import AssetRow, ScopeFilter
from poise.model.viewer import sees_parts
from poise.store import audit, members, schema
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment, maybe_time
from poise.store.core import Core
from poise.store.rows import asset
from poise.store.seeing import member_ids

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
            return tuple(_row(row) for row in connection.execute(query))

    def put(self, one: Group, deed: Deed, asked: Asked | None = None) -> None:
        """Add a group, or change the one of that name; note who did it, and find its assets.

        ``asked`` is the answer to its question; None if it has none.
        """
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
                members.empty(connection, key)
            members.fill(connection, {key: (one.wanted, asked)}, now)
            audit.note(connection, deed, now)

    def would_hold(self, wanted: Wanted, asked: Asked | None, most: int) -> tuple[int, int, str, tuple[AssetRow, ...]]:
        """Return how many assets a definition means and may mean besides, what is not known, and the first of them."""
        with self._core.database.read() as connection:
            return members.would_hold(connection, wanted, asked, most)

    def remove(self, name: str, deed: Deed) -> bool:
        """Remove a group, and note who did it; return whether there was one."""
        with self._core.database.write() as connection:
            key = connection.execute(select(group.pk).where(group.name == clean(name))).scalar()
            if key is None:
                return False
            members.empty(connection, key)
            connection.execute(delete(schema.asset_group).where(group.pk == key))
            audit.note(connection, deed, self._core.database.now())
            return True

    def fill(self, asked: Mapping[str, Asked] | None = None) -> None:
        """Find the assets of every group anew; ``asked`` has the answers to questions, by the name of the group.

        A group whose question has no answer keeps its assets, and says so.
        """
        answers = asked or {}
        with self._core.database.read() as connection:
            rows = connection.execute(select(schema.asset_group)).all()
        if not rows:
            return
        wanted = {row.pk: (_group(row).wanted, answers.get(row.name)) for row in rows}
        with self._core.database.write() as connection:
            members.fill(connection, wanted, self._core.database.now())

    def by_asset(self) -> dict[str, tuple[str, ...]]:
        """Return asset -> names of the groups that hold it; ids of Azure are in lower case."""
        query = select(asset.uid, group.name).join_from(schema.group_member, schema.asset, asset.pk == member.asset_pk)
        query = query.join(schema.asset_group, group.pk == member.group_pk).order_by(group.name)
        found: dict[str, tuple[str, ...]] = {}
        with self._core.database.read() as connection:
            for row in connection.execute(query):
                found[row.uid] = (*found.get(row.uid, ()), row.name)
        return found

    def seen_ids(self, viewer: ScopeFilter) -> frozenset[str]:
        """Return the ids of the assets of the groups that a viewer may see, as their providers write them."""
        if not sees_parts(viewer):
            return frozenset()
        with self._core.database.read() as connection:
            return frozenset(connection.execute(member_ids(viewer)).scalars())

    def of_asset(self, asset_id: str) -> tuple[str, ...]:
        """Return the names of the groups that an asset is in."""
        query = select(group.name).join_from(schema.group_member, schema.asset_group, group.pk == member.group_pk)
        query = query.join(schema.asset, asset.pk == member.asset_pk)
        with self._core.database.read() as connection:
            found = connection.execute(query.where(asset.uid.in_({asset_id, asset_id.lower()})).distinct()).scalars()
            return tuple(sorted(found))


def _row(row: Any) -> GroupRow:
    return GroupRow(
        group=_group(row),
        assets=int(row.assets),
        possible=row.possible,
        gap=row.gap,
        filled_at=maybe_time(row.filled_at),
    )


def _group(row: Any) -> Group:
    return Group(
        name=row.name,
        kind=GroupKind(row.kind),
        wanted=msgspec.json.decode(row.wanted, type=Wanted),
        origin=row.origin,
        changed_by=row.changed_by,
        changed_at=from_moment(row.changed_at),
    )
