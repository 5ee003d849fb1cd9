"""Runs a query within bounds of time and rows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import Connection, Select, asc, case, desc, func, literal, nulls_last, select
from sqlalchemy.exc import DBAPIError

from poise.model.errors import UsageError
from poise.model.listings import ScopeFilter
from poise.model.query import Block, Query, shown
from poise.store import schema
from poise.store.core import Core
from poise.store.exploring.conditions import sort_keys
from poise.store.exploring.joins import Joiner, seen_nodes

PATIENCE_S = 5.0
"""How long a query may take."""
MOST_COUNTED = 10_000
"""Counts stop here: one more says that there are more."""
STEPS = 20_000
"""Steps of SQLite between looks at the clock."""
Row = tuple[str | None, ...]


class TooSlow(UsageError):
    """A query took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query took longer than {seconds:g} s and was stopped.",
            "Narrow it: name kinds, add a condition, or ask for fewer edges in a row.",
        )


class Exploring:
    """Asks the stored graph."""

    def __init__(self, core: Core, patience_s: float = PATIENCE_S) -> None:
        self._core = core
        self._patience_s = patience_s

    def rows(self, query: Query, order: tuple[int, str] | None, viewer: ScopeFilter, offset: int = 0) -> list[Row]:
        """Return the rows of a query from an offset on, one more than its limit if there are more.

        ``order`` is the place of the block that is sorted by among the shown ones, and its property.
        """
        with self._bounded() as connection:
            found = self._joiner(connection, viewer).select(query.find).subquery()
            statement = _ordered(query, found, order).limit(query.limit + 1).offset(offset)
            return [tuple(row) for row in connection.execute(statement)]

    def count(self, find: Block, place: int, viewer: ScopeFilter) -> int:
        """Return how many nodes the shown block at a place is in the rows of, at most :data:`MOST_COUNTED` + 1."""
        with self._bounded() as connection:
            found = self._joiner(connection, viewer).select(find).subquery()
            nodes = select(found.c[f"p{place}"]).distinct().limit(MOST_COUNTED + 1).subquery()
            return int(connection.execute(select(func.count()).select_from(nodes)).scalar_one())

    def ids(self, find: Block) -> frozenset[str]:
        """Return the ids of all nodes that the first block finds, whoever asks."""
        with self._bounded() as connection:
            found = self._joiner(connection, None).select(find).subquery()
            query = select(schema.graph_node.c.id).where(schema.graph_node.c.pk.in_(select(found.c.p0)))
            return frozenset(connection.execute(query).scalars())

    def names(self, viewer: ScopeFilter) -> dict[str, tuple[str, ...]]:
        """Return the names on nodes that the viewer may see: `kinds`, `insights` and `tags`, each sorted."""
        node, insight, tag = schema.graph_node.c, schema.graph_insight.c, schema.graph_tag.c
        columns = {"kinds": (node.kind, node.pk), "insights": (insight.name, insight.node_pk)}
        columns["tags"] = (tag.name, tag.node_pk)
        with self._bounded() as connection:
            seen = seen_nodes(schema.graph_node, viewer)
            here = {what: [on.in_(select(node.pk).where(*seen))] if seen else [] for what, (_, on) in columns.items()}
            return {
                what: tuple(connection.execute(select(name).where(*here[what]).distinct().order_by(name)).scalars())
                for what, (name, _) in columns.items()
            }

    def _joiner(self, connection: Connection, viewer: ScopeFilter) -> Joiner:
        known: list[str] = []

        def kinds_of(patterns: frozenset[str]) -> Iterator[str]:
            if not known:
                column = schema.graph_node.c.kind
                known.extend(connection.execute(select(column).distinct()).scalars())
            lowered = [pattern.lower().replace("[", "[[]").replace("?", "[?]") for pattern in patterns]
            return (kind for kind in known if any(fnmatchcase(kind.lower(), pattern) for pattern in lowered))

        return Joiner(viewer, kinds_of)

    @contextmanager
    def _bounded(self) -> Iterator[Connection]:
        """Open a transaction whose statements are stopped when they take too long."""
        until = time.monotonic() + self._patience_s
        with self._core.database.read() as connection:
            raw: Any = connection.connection.dbapi_connection
            if self._core.database.is_sqlite:
                raw.set_progress_handler(lambda: time.monotonic() > until, STEPS)
            else:
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(self._patience_s * 1000)}")
            try:
                yield connection
            except DBAPIError as problem:
                if any(sign in str(problem.orig).lower() for sign in ("interrupted", "statement timeout")):
                    raise TooSlow(self._patience_s) from problem
                raise
            finally:
                if self._core.database.is_sqlite:
                    raw.set_progress_handler(None, 0)


def _ordered(query: Query, found: Any, order: tuple[int, str] | None) -> Select[Any]:
    """Join the ids of the nodes, and sort: by the wanted column, empty ones last, then by ids."""
    nodes = [schema.graph_node.alias() for _ in shown(query.find)]
    tables = found
    for number, node in enumerate(nodes):
        tables = tables.outerjoin(node, node.c.pk == found.c[f"p{number}"])
    keys: Sequence[Any] = () if order is None else _keys(order[1], nodes[order[0]], query.descending)
    ids = [nulls_last(asc(node.c.id)) for node in nodes]
    return select(*(node.c.id for node in nodes)).select_from(tables).order_by(*keys, *ids)


def _keys(name: str, node: Any, descending: bool) -> Sequence[Any]:
    """Numbers come before texts, and the other way round if the largest come first."""
    number, text = sort_keys(name, node)
    turned = desc if descending else asc
    sort = case((number.is_not(None), literal(0)), (text.is_not(None), literal(1)))
    return nulls_last(turned(sort)), nulls_last(turned(number)), nulls_last(turned(text))
