"""Queries that people keep. A name is taken once, whoever took it."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, insert, select, update

from poise.model.query import Query
from poise.model.saved_query import SavedQuery, Watch
from poise.store import audit, graph_tables
from poise.store.audit import Deed
from poise.store.codec import clean, from_moment, to_moment
from poise.store.core import Core

table = graph_tables.saved_query.c


class SavedQueries:
    """Reads and changes saved queries."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def all(self) -> tuple[SavedQuery, ...]:
        """Return every saved query, by name."""
        with self._core.database.read() as connection:
            rows = connection.execute(select(graph_tables.saved_query).order_by(table.name)).all()
        return tuple(_saved(row) for row in rows)

    def put(self, saved: SavedQuery, deed: Deed) -> None:
        """Keep a query, in place of the one of that name; note who did it."""
        values = _values(saved)
        with self._core.database.write() as connection:
            changed = connection.execute(
                update(graph_tables.saved_query).where(table.name == values["name"]).values(values)
            ).rowcount
            if not changed:
                connection.execute(insert(graph_tables.saved_query).values(values))
            audit.note(connection, deed, self._core.database.now())

    def remove(self, name: str, deed: Deed) -> bool:
        """Remove a query, and note who did it; return whether there was one."""
        with self._core.database.write() as connection:
            removed = connection.execute(delete(graph_tables.saved_query).where(table.name == clean(name))).rowcount
            if removed:
                audit.note(connection, deed, self._core.database.now())
        return bool(removed)


def _values(saved: SavedQuery) -> dict[str, Any]:
    return {
        "name": clean(saved.name),
        "title": clean(saved.title),
        "is_shared": int(saved.is_shared),
        "changed_by": clean(saved.by),
        "changed_at": to_moment(saved.changed_at),
        "query": msgspec.json.encode(saved.query, order="deterministic"),
        "watch": msgspec.json.encode(saved.watch),
    }


def _saved(row: Any) -> SavedQuery:
    return SavedQuery(
        name=row.name,
        title=row.title,
        is_shared=bool(row.is_shared),
        by=row.changed_by,
        changed_at=from_moment(row.changed_at),
        query=msgspec.json.decode(row.query, type=Query),
        watch=msgspec.json.decode(row.watch, type=Watch | None),
    )
