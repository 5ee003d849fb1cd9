"""The log of every write by a person or a program."""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, insert, select

from poise.model.listings import AuditRow, Page, Paging
from poise.store import filters, schema
from poise.store.codec import clean, from_moment
from poise.store.core import Core

table = schema.audit.c


class Deed(NamedTuple):
    """Who did what to what."""

    actor: str
    action: str
    target: str
    detail: Any = None


def note(connection: Connection, deed: Deed, now: int) -> None:
    """Write one row inside the transaction that does the deed."""
    values: dict[str, Any] = {"actor": clean(deed.actor), "action": clean(deed.action), "target": clean(deed.target)}
    values |= {"at": now, "detail": orjson.dumps(deed.detail)}
    connection.execute(insert(schema.audit).values(values))


class AuditLog:
    """Writes and reads the audit log. Rows are never changed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def write(self, actor: str, action: str, target: str, detail: Any = None) -> None:
        """Note who did what to what."""
        with self._core.database.write() as connection:
            note(connection, Deed(actor, action, target, detail), self._core.database.now())

    def page(self, paging: Paging | None = None) -> Page[AuditRow]:
        """Return the log, newest first."""
        paging = paging or Paging()
        with self._core.database.read() as connection:
            query = select(schema.audit)
            rows, cursor = filters.part(connection, query, filters.Sorting(table.pk, falls=True), paging)
            total = filters.total(connection, select(table.pk), paging.count_up_to)
        return Page(tuple(_to_row(row) for row in rows), total, cursor)


def _to_row(row: Any) -> AuditRow:
    return AuditRow(row.pk, from_moment(row.at), row.actor, row.action, row.target, orjson.loads(row.detail))
