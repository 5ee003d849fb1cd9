"""Runs a query within bounds of time and rows.

Rows come in order of the numbers of their nodes, which is that of their ids. So a query that finds much is not run
whole to show its beginning: it is run for some first nodes after those of others, until there is enough.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Select, asc, case, desc, func, literal, nulls_last, select
from sqlalchemy.exc import DBAPIError

from poise.model.errors import UsageError
from poise.model.listings import ScopeFilter
from poise.model.query import MAX_ROWS, Block, Query
from poise.store import graph_tables
from poise.store.core import Core
from poise.store.exploring.asking import LOOKING_S, Asking, is_stopped
from poise.store.exploring.conditions import sort_keys
from poise.store.exploring.joins import Joiner, seen_nodes
from poise.store.exploring.narrowing import FEW, narrow
from poise.store.exploring.spots import Spot, turned

PATIENCE_S = 5.0
"""How long a query may take."""
MOST_COUNTED = 10_000
"""Counts stop here: one more says that there are more."""
STEPS = 20_000
"""Steps of SQLite between looks at the clock."""
SETTINGS = {"jit": "off", "plan_cache_mode": "force_custom_plan"}
"""How PostgreSQL is to plan: compiling costs more than it gains here, and a plan depends on what is asked for."""
FIRST_ROWS, FIRST_COUNTED = 16, 4096
"""First nodes that are looked at for rows, and for counts, before more are."""
Row = tuple[str | None, ...]


class TooSlow(UsageError):
    """A query took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query took longer than {seconds:g} s and was stopped.",
            "Narrow it: name kinds, add a condition, or ask for fewer edges in a row.",
        )


class Exploring:
    """Asks the stored graph. Blocks with at most ``few`` nodes narrow what lies beside them."""

    def __init__(
        self, core: Core, patience_s: float = PATIENCE_S, few: int = FEW, looking_s: float = LOOKING_S
    ) -> None:
        self._core = core
        self._looking_s = looking_s
        self._few = few
        self._patience_s = patience_s

    def rows(self, query: Query, order: tuple[int, str] | None, viewer: ScopeFilter, offset: int = 0) -> list[Row]:
        """Return the rows of a query from an offset on, one more than its limit if there are more.

        ``order`` is the place of the block that is sorted by among the shown ones, and its property.
        """
        most = query.limit + 1
        with self._asking(viewer) as asking:
            root = Spot(query.find)
            narrow(asking.joiner, root, asking.numbers, self._few)
            if order is None and offset <= MAX_ROWS:
                return asking.named(_first_rows(asking, root, offset + most)[offset:])

            def lay(joiner: Joiner) -> Select[Any]:
                return _ordered(joiner.select(root), order, query.descending).limit(most).offset(offset)

            return asking.named(asking.laid_out(lay))

    def count(self, find: Block, place: int, viewer: ScopeFilter) -> int:
        """Return how many nodes the shown block at a place is in the rows of, at most :data:`MOST_COUNTED` + 1."""
        with self._asking(viewer) as asking:
            root = Spot(turned(find, place))
            narrow(asking.joiner, root, asking.numbers, self._few)
            found = 0
            for nodes in asking.portions(root, FIRST_COUNTED):
                root.nodes = nodes
                found += _counted(asking, root, MOST_COUNTED + 1 - found)
                if found > MOST_COUNTED:
                    break
            return found

    def ids(self, find: Block) -> frozenset[str]:
        """Return the ids of all nodes that the first block finds, whoever asks."""
        with self._asking(None) as asking:
            root = Spot(turned(find, 0))
            narrow(asking.joiner, root, asking.numbers, self._few)
            found = asking.joiner.first(root).subquery()
            joined = found.join(graph_tables.graph_node, graph_tables.graph_node.c.pk == found.c.p0)
            return frozenset(row.id for row in asking.run(select(graph_tables.graph_node.c.id).select_from(joined)))

    def names(self, viewer: ScopeFilter) -> dict[str, tuple[str, ...]]:
        """Return the names on nodes that the viewer may see: `kinds`, `insights` and `tags`, each sorted."""
        node, insight, tag = graph_tables.graph_node.c, graph_tables.graph_insight.c, graph_tables.graph_tag.c
        columns = {"kinds": (node.kind, node.pk), "insights": (insight.name, insight.node_pk)}
        columns["tags"] = (tag.name, tag.node_pk)
        seen = seen_nodes(graph_tables.graph_node, viewer)
        with self._asking(viewer) as asking:
            if not seen:
                return {what: tuple(asking.distinct(name)) for what, (name, _) in columns.items()}
            here = select(node.pk).where(*seen)
            return {
                what: tuple(row[0] for row in asking.run(select(name).where(on.in_(here)).distinct().order_by(name)))
                for what, (name, on) in columns.items()
            }

    @contextmanager
    def _asking(self, viewer: ScopeFilter) -> Iterator[Asking]:
        """Open a transaction whose statements are stopped when they take too long together."""
        until = time.monotonic() + self._patience_s
        with self._core.database.read() as connection:
            raw: Any = connection.connection.dbapi_connection
            is_sqlite = self._core.database.is_sqlite
            if is_sqlite:
                raw.set_progress_handler(lambda: time.monotonic() > until, STEPS)
            else:
                for name, value in SETTINGS.items():
                    connection.exec_driver_sql(f"SET LOCAL {name} = {value}")
            try:
                yield Asking(connection, viewer, None if is_sqlite else until, self._looking_s)
            except DBAPIError as problem:
                if is_stopped(problem):
                    raise TooSlow(self._patience_s) from problem
                raise
            finally:
                if is_sqlite:
                    raw.set_progress_handler(None, 0)


def _rows_of(joiner: Joiner, root: Spot, most: int) -> Select[Any]:
    return _ordered(joiner.select(root), None).limit(most)


def _counted(asking: Asking, root: Spot, most: int) -> int:
    """Return how many nodes a query finds for its first block, at most so many."""

    def lay(joiner: Joiner) -> Select[Any]:
        some = joiner.first(root).limit(most).subquery()
        return select(func.count()).select_from(some)

    return int(asking.laid_out(lay)[0][0])


def _first_rows(asking: Asking, root: Spot, most: int) -> list[Sequence[int | None]]:
    """Return the numbers of the nodes of the first rows."""
    rows: list[Sequence[int | None]] = []
    for nodes in asking.portions(root, FIRST_ROWS):
        root.nodes = nodes
        rows += asking.laid_out(partial(_rows_of, root=root, most=most - len(rows)))
        if len(rows) >= most:
            break
    return rows


def _ordered(found: Select[Any], order: tuple[int, str] | None, descending: bool = False) -> Select[Any]:
    """Sort tuples of nodes: by the wanted column, empty ones last, then by their numbers."""
    tables: Any = found.subquery()
    columns = tuple(tables.c)
    numbers = [nulls_last(asc(column)) for column in columns]
    keys: Sequence[Any] = ()
    if order is not None:
        node = graph_tables.graph_node.alias()
        tables = tables.outerjoin(node, node.c.pk == columns[order[0]])
        keys = _keys(order[1], node, descending)
    return select(*columns).select_from(tables).order_by(*keys, *numbers)


def _keys(name: str, node: Any, descending: bool) -> Sequence[Any]:
    """Numbers come before texts, and the other way round if the largest come first."""
    number, text = sort_keys(name, node)
    turned_ = desc if descending else asc
    sort = case((number.is_not(None), literal(0)), (text.is_not(None), literal(1)))
    return nulls_last(turned_(sort)), nulls_last(turned_(number)), nulls_last(turned_(text))
