"""The log of every write by a person or a program."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import insert, select

from poise.model.listings import AuditRow, Page, Paging
from poise.store import filters, schema
from poise.store.codec import clean, from_moment
from poise.store.core import Core

table = schema.audit.c


class AuditLog:
    """Writes and reads the audit log. Rows are never changed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def write(self, actor: str, action: str, target: str, detail: Any = None) -> None:
        """Note who did what to what."""
        values: dict[str, Any] = {"actor": clean(actor), "action": clean(action), "target": clean(target)}
        values |= {"at": self._core.database.now(), "detail": orjson.dumps(detail)}
        with self._core.database.write() as connection:
            connection.execute(insert(schema.audit).values(values))

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
