"""One question of the explorer: the transaction in which all its statements run, one after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection, Select, func, select

from poise.model.listings import ScopeFilter
from poise.store import bulk, schema
from poise.store.exploring.joins import Joiner
from poise.store.exploring.spots import Spot

GROWTH = 4
"""How many times more first nodes are looked at each time."""
MOST_AT_ONCE = 65_536
"""First nodes that are looked at in one statement."""


class Asking:
    """Runs statements. ``until`` is when to give up, on the monotonic clock, where the database is to keep the time."""

    def __init__(self, connection: Connection, viewer: ScopeFilter, until: float | None) -> None:
        self._connection = connection
        self._until = until
        self._kinds: list[str] = []
        self.joiner = Joiner(viewer, self._kinds_of)

    def run(self, statement: Select[Any]) -> list[Any]:
        """Return the rows of a statement."""
        if self._until is not None:
            left_ms = max(int((self._until - time.monotonic()) * 1000), 1)
            self._connection.exec_driver_sql(f"SET LOCAL statement_timeout = {left_ms}")
        return list(self._connection.execute(statement))

    def numbers(self, statement: Select[Any]) -> list[int]:
        """Return the first column of the rows of a statement."""
        return self._first(statement)

    def _first(self, statement: Select[Any]) -> list[Any]:
        return [row[0] for row in self.run(statement)]

    def distinct(self, column: Any) -> list[str]:
        """Return the texts that are in a column, sorted: by looks into its index, not by reading it all."""
        first = select(func.min(column).label("word")).cte(recursive=True)
        after = select(func.min(column)).where(column > first.c.word).scalar_subquery()
        words = first.union_all(select(after).where(first.c.word.is_not(None)))
        return self._first(select(words.c.word).where(words.c.word.is_not(None)))

    def portions(self, root: Spot, first: int) -> Iterator[Sequence[int]]:
        """Yield the numbers of the nodes of the first block, ascending: ever more at a time."""
        known, last, size = root.nodes, -1, first
        while True:
            if known is not None:
                some, known = known[:size], known[size:]
            else:
                root.nodes = None
                some = self.numbers(self.joiner.candidates(root, last).limit(size))
            if some:
                yield some
            if len(some) < size:
                return
            last, size = some[-1], min(size * GROWTH, MOST_AT_ONCE)

    def named(self, rows: Sequence[Sequence[int | None]]) -> list[tuple[str | None, ...]]:
        """Return rows of ids for rows of numbers."""
        wanted = sorted({number for row in rows for number in row if number is not None})
        table = schema.graph_node.c
        ids: dict[int | None, str | None] = {None: None}
        query = select(table.pk, table.id)
        found: Iterator[Any] = bulk.in_chunks(self._connection, query, table.pk, wanted)
        ids.update((row.pk, row.id) for row in found)
        return [tuple(ids[number] for number in row) for row in rows]

    def _kinds_of(self, patterns: frozenset[str]) -> Iterator[str]:
        """Return the kinds that there are of those that patterns stand for."""
        if not self._kinds:
            self._kinds = self.distinct(schema.graph_node.c.kind)
        lowered = [pattern.lower().replace("[", "[[]").replace("?", "[?]") for pattern in patterns]
        return (kind for kind in self._kinds if any(fnmatchcase(kind.lower(), pattern) for pattern in lowered))
