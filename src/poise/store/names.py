"""Numbers of words that repeat: scopes, kinds, checks. Written in small transactions of their own."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, select, update

from poise.model.listing import PartitionKey, Scope
from poise.store import bulk, schema
from poise.store.database import Database


class Names:
    """Looks up, and makes, the numbers of kinds, checks and scopes. Numbers are never given twice."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._checks: dict[str, int] = {}
        self._kinds: dict[str, int] = {}
        self._lock = threading.Lock()

    def checks(self, ids: Iterable[str]) -> dict[str, int]:
        """Return check id -> number, for at least these ids."""
        missing = sorted(set(ids) - self._checks.keys())
        if missing:
            with self._lock, self._database.write() as connection:
                statement = bulk.upsert(connection, schema.check).on_conflict_do_nothing()
                connection.execute(statement, [{"id": id} for id in missing])
                rows = connection.execute(select(schema.check.c.id, schema.check.c.pk))
                self._checks = {row.id: row.pk for row in rows}
        return self._checks

    def check_ids(self) -> dict[int, str]:
        """Return number -> check id, for all."""
        with self._database.read() as connection:
            return {row.pk: row.id for row in connection.execute(select(schema.check))}

    def kinds(self, kinds: Iterable[tuple[str, str]]) -> dict[str, int]:
        """Return kind name -> number, for at least these (name, provider)."""
        missing = sorted(pair for pair in set(kinds) if pair[0] not in self._kinds)
        if missing:
            with self._lock, self._database.write() as connection:
                statement = bulk.upsert(connection, schema.kind).on_conflict_do_nothing()
                connection.execute(statement, [{"name": n, "provider": p} for n, p in missing])
                rows = connection.execute(select(schema.kind.c.name, schema.kind.c.pk))
                self._kinds = {row.name: row.pk for row in rows}
        return self._kinds

    def partition(self, key: PartitionKey) -> int:
        """Return the number of a partition, made with its scope if it is new."""
        found = self._find_partition(key)
        if found is None:
            self.plan(key.source, (), (key,))
            found = self._find_partition(key)
        assert found is not None
        return found

    def _find_partition(self, key: PartitionKey) -> int | None:
        scope, partition = schema.scope.c, schema.partition.c
        query = select(partition.pk).join(schema.scope, scope.pk == partition.scope_pk)
        query = query.where(scope.source == key.source, scope.provider == key.provider, scope.id == key.scope)
        query = query.where(partition.service == key.service, partition.region == key.region)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def plan(self, source: str, scopes: Iterable[Scope], keys: Iterable[PartitionKey], scan: int | None = None) -> None:
        """Write scopes with their names, and partitions with the scan that means to read them."""
        wanted = sorted(keys)
        described = {(s.provider, s.id): s for s in scopes}
        with self._database.write() as connection:
            for provider, id in sorted(described.keys() | {(k.provider, k.scope) for k in wanted}):
                _add_scope(connection, source, described.get((provider, id), Scope(id, provider, id)))
            for scope in described.values():
                _rename_scope(connection, source, scope)
            _add_partitions(connection, source, wanted, scan)


def _add_scope(connection: Connection, source: str, scope: Scope) -> None:
    values = {"source": source, "provider": scope.provider, "id": scope.id, "name": scope.name, "path": _path(scope)}
    connection.execute(bulk.upsert(connection, schema.scope).on_conflict_do_nothing(), [values])


def _rename_scope(connection: Connection, source: str, scope: Scope) -> None:
    table = schema.scope.c
    same = (table.source == source, table.provider == scope.provider, table.id == scope.id)
    change = update(schema.scope).where(*same, (table.name != scope.name) | (table.path != _path(scope)))
    connection.execute(change.values(name=scope.name, path=_path(scope)))


def _path(scope: Scope) -> str:
    return orjson.dumps(scope.path).decode()


def _add_partitions(connection: Connection, source: str, keys: list[PartitionKey], scan: int | None) -> None:
    if not keys:
        return
    table = schema.scope.c
    rows = connection.execute(select(table.provider, table.id, table.pk).where(table.source == source))
    numbers = {(row.provider, row.id): row.pk for row in rows}
    places = [
        {"scope_pk": numbers[key.provider, key.scope], "service": key.service, "region": key.region} for key in keys
    ]
    statement = bulk.upsert(connection, schema.partition).on_conflict_do_nothing()
    connection.execute(statement, [place | {"state": "planned"} for place in places])
    if scan is not None:
        bulk.update_rows(connection, schema.partition, tuple(places[0]), [p | {"planned_pk": scan} for p in places])
