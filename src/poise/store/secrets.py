"""The store's own key, under which hidden texts are fingerprinted: made once, kept with the store."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, select

from poise.store import bulk, schema
from poise.store.core import Core

NAME = "secret_key"
KEY_BYTES = 32


def secret_key(core: Core) -> bytes:
    """Return the key of a store, made on first use."""
    with core.database.read() as connection:
        found = _stored(connection)
    if found is not None:
        return found
    with core.database.write() as connection:
        found = _stored(connection)
        if found is None:
            found = secrets.token_bytes(KEY_BYTES)
            bulk.put_rows(connection, schema.setting, [{"name": NAME, "value": found}])
    return found


def _stored(connection: Connection) -> bytes | None:
    row = connection.execute(select(schema.setting.c.value).where(schema.setting.c.name == NAME)).first()
    return None if row is None else bytes(row.value)
