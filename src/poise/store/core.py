"""What the parts of an open store share: database, names, facts of checks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, select

from poise.model.judged import Scoring
from poise.store import bulk, rollups, schema, scoring
from poise.store.database import Database
from poise.store.names import Names


class Core:
    """An open store, without its functions."""

    def __init__(self, database: Database, facts: Scoring | None) -> None:
        self.database = database
        self.names = Names(database)
        self.scoring: Scoring = self._adopt(facts)

    def adopt(self, facts: Scoring) -> None:
        """Take other facts of checks."""
        self.scoring = self._adopt(facts)

    def _adopt(self, facts: Scoring | None) -> Scoring:
        with self.database.read() as connection:
            stored = scoring.stored(connection)
        if facts is not None and stored != facts:
            with self.database.write() as connection:
                lock_all_scopes(connection)
                scoring.adopt(connection, facts, self.database.now())
        return stored if facts is None else dict(facts)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that may change roll-ups."""
        with self.database.write() as connection:
            scoring.require(connection, self.scoring)
            yield connection

    def apply_effects(self, connection: Connection, assets: Collection[int], now: int) -> None:
        """Count assets again; see :func:`poise.store.rollups.apply_effects`."""
        rollups.apply_effects(connection, rollups.Rules(connection, self.scoring), sorted(assets), now)


def lock_scope(connection: Connection, scope: int) -> None:
    """Keep other writers out of a scope until the transaction ends."""
    connection.execute(bulk.locked(connection, select(schema.scope.c.pk).where(schema.scope.c.pk == scope))).all()


def lock_all_scopes(connection: Connection) -> None:
    """Keep other writers out of every scope until the transaction ends."""
    connection.execute(bulk.locked(connection, select(schema.scope.c.pk).order_by(schema.scope.c.pk))).all()
