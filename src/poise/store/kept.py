"""Settings that are kept in the store; each change is noted in the audit log in the same transaction."""

from __future__ import annotations

from sqlalchemy import select

from poise.store import audit, bulk, schema
from poise.store.audit import Deed
from poise.store.core import Core

PREFIX = "set/"


class KeptSettings:
    """Reads and writes settings by name."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def get(self, name: str) -> bytes | None:
        """Return a setting; None if it was never set."""
        table = schema.setting.c
        with self._core.database.read() as connection:
            value = connection.execute(select(table.value).where(table.name == PREFIX + name)).scalar_one_or_none()
        return None if value is None else bytes(value)

    def put(self, name: str, value: bytes, deed: Deed) -> None:
        """Set a setting, and note who did it."""
        with self._core.database.write() as connection:
            bulk.put_rows(connection, schema.setting, [{"name": PREFIX + name, "value": value}])
            audit.note(connection, deed, self._core.database.now())
