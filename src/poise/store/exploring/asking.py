"""One question of the explorer: the transaction in which all its statements run, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.exc import DBAPIError

from poise.model.listings import ScopeFilter
from poise.store import bulk, graph_tables
from poise.store.exploring.joins import Joiner
from poise.store.exploring.spots import Spot

GROWTH = 4
"""How many times more first nodes are looked at each time."""
MOST_AT_ONCE = 65_536
"""First nodes that are looked at in one statement."""
LOOKING_S = 0.5
"""How long PostgreSQL may look from node to node, at first."""
STOPPED = ("interrupted", "canceling statement")
"""Words of the errors with which SQLite and PostgreSQL stop a statement that takes too long. The latter does not always
say why: that it was the time is lost if it was up just as the statement began."""


def is_stopped(problem: DBAPIError) -> bool:
    """Whether a statement was stopped as it took too long."""
    return any(sign in str(problem.orig).lower() for sign in STOPPED)


class Asking:
    """Runs statements. ``until`` is when to give up, on the monotonic clock, where the database is to keep the time.

    ``looking_s`` is how long such a database may look from each node, before it joins whole tables instead.
    """

    def __init__(
        self, connection: Connection, viewer: ScopeFilter, until: float | None, looking_s: float = LOOKING_S
    ) -> None:
        self._connection = connection
        self._until = until
        self._kinds: list[str] = []
        self.joiner = Joiner(viewer, self._kinds_of, follows=until is None)
        self._looking = Joiner(viewer, self._kinds_of, looks=True, follows=True)
        self._looking_s = looking_s if until is not None else 0.0

    def run(self, statement: Select[Any]) -> list[Any]:
        """Return the rows of a statement."""
        if self._until is not None:
            self._limit(self._until - time.monotonic())
        return list(self._connection.execute(statement))

    def laid_out(self, lay: Callable[[Joiner], Select[Any]]) -> list[Any]:
        """Return the rows of a statement, by whichever of two layouts answers: by looks for some time, then by joins.

        Neither database can tell beforehand: one node may lead to a million others, or a million to one.
        """
        if self._looking_s and self._until is not None:
            try:
                with self._connection.begin_nested():
                    self._limit(min(self._looking_s, self._until - time.monotonic()))
                    return list(self._connection.execute(lay(self._looking)))
            except DBAPIError as problem:
                if not is_stopped(problem):
                    raise
                self._looking_s = 0.0
        return self.run(lay(self.joiner))

    def _limit(self, seconds: float) -> None:
        """Have PostgreSQL stop the next statement when it takes longer."""
        self._connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(int(seconds * 1000), 1)}")

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
        table = graph_tables.graph_node.c
        ids: dict[int | None, str | None] = {None: None}
        query = select(table.pk, table.id)
        found: Iterator[Any] = bulk.in_chunks(self._connection, query, table.pk, wanted)
        ids.update((row.pk, row.id) for row in found)
        return [tuple(ids[number] for number in row) for row in rows]

    def _kinds_of(self, patterns: frozenset[str]) -> Iterator[str]:
        """Return the kinds that there are of those that patterns stand for."""
        if not self._kinds:
            self._kinds = self.distinct(graph_tables.graph_node.c.kind)
        lowered = [pattern.lower().replace("[", "[[]").replace("?", "[?]") for pattern in patterns]
        return (kind for kind in self._kinds if any(fnmatchcase(kind.lower(), pattern) for pattern in lowered))
