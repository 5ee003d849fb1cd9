"""The security graph as rows: written whole when the inventory changed, read by nodes and by the explorer's queries.

`graph_node` has the nodes, `graph_insight` and `graph_tag` their judgements and tags one by one (flags as 1 and 0),
`graph_edge` the ends of each edge with the number of what it says in `graph_detail`, of which `graph_port` has the
ports. Node and detail numbers are those of the arrays that the graph keeps in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from itertools import islice
from typing import Any

import msgspec
import orjson
from sqlalchemy import Connection, delete, select

from poise.model.graph import EdgeDetail, Node
from poise.model.listings import ScopeFilter
from poise.store import bulk, graph_tables, schema
from poise.store.among import among
from poise.store.codec import from_moment
from poise.store.core import Core

KEY = "graph"
"""Setting with what the stored graph was made of."""
TABLES = (
    *(graph_tables.graph_edge, graph_tables.graph_port, graph_tables.graph_detail),
    *(graph_tables.graph_tag, graph_tables.graph_insight, graph_tables.graph_node),
)
ROWS_AT_ONCE = 50_000
LAST_PORT = 65535
Triple = tuple[int, int, int]
"""Number of the source, of the target, of what the edge says."""


class Sort(IntEnum):
    """What a row of `graph_insight` holds."""

    TEXT = 0
    NUMBER = 1
    FLAG = 2
    """True is the number 1."""
    LIST = 3
    """That there is a list, empty or not."""
    MEMBER = 4
    """A member of a list, as text."""


class GraphRows:
    """Writes and reads the graph."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._digested: tuple[bytes, bytes] = b"", b""

    def key(self) -> str:
        """Return what the stored graph was made of; empty if there is none."""
        with self._core.database.read() as connection:
            return _key(connection)

    def inventory_digest(self) -> bytes:
        """Return what the present assets come to: SHA-256 over their ids, scopes and contents."""
        with self._core.database.read() as connection:
            written = _written(connection)
            before, digest = self._digested
            if written != before:
                digest = _digest(connection)
                self._digested = written, digest
            return digest

    def read_at(self, ids: Collection[str]) -> dict[str, datetime]:
        """Return when each of some assets was last read; those that are not stored are left out."""
        asset, partition = schema.asset.c, schema.partition.c
        joined = schema.asset.join(schema.partition, asset.partition_pk == partition.pk)
        found: dict[str, datetime] = {}
        with self._core.database.read() as connection:
            for some in bulk.chunks(sorted(ids)):
                query = select(asset.uid, partition.read_at).select_from(joined).where(among(asset.uid, some))
                found |= {uid: from_moment(at) for uid, at in connection.execute(query) if at is not None}
        return found

    def scopes(self, ids: Collection[str]) -> dict[str, str]:
        """Return node -> its scope, for those of some nodes that there are."""
        node = graph_tables.graph_node.c
        with self._core.database.read() as connection:
            rows = bulk.in_chunks(connection, select(node.id, node.scope), node.id, sorted(ids))
            return {row.id: row.scope for row in rows}

    def write(self, key: str, nodes: Sequence[Node], details: Sequence[EdgeDetail], edges: Iterable[Triple]) -> None:
        """Put a graph in the place of the stored one, under the key of what it was made of."""
        with self._core.database.write() as connection:
            empty(connection)
            _insert(connection, graph_tables.graph_node, _NODE, map(_node, range(len(nodes)), nodes))
            insights = (row for at, node in enumerate(nodes) for row in _insights(at, node))
            _insert(connection, graph_tables.graph_insight, ("node_pk", "name", "sort", "text", "number"), insights)
            tags = ((at, name, value) for at, node in enumerate(nodes) for name, value in sorted(node.tags.items()))
            _insert(connection, graph_tables.graph_tag, ("node_pk", "name", "value"), tags)
            _insert(connection, graph_tables.graph_detail, _DETAIL, map(_detail, range(len(details)), details))
            ports = (row for at, one in enumerate(details) for row in _ports(at, one))
            _insert(connection, graph_tables.graph_port, ("detail_pk", "protocol", "first", "last"), ports)
            _insert(connection, graph_tables.graph_edge, ("source_pk", "target_pk", "detail_pk"), edges)
            bulk.insert_rows(connection, schema.setting, ("name", "value"), [(KEY, key.encode())])
            self._measure(connection)

    def _measure(self, connection: Connection) -> None:
        """Have PostgreSQL look at the new rows at once: plans made without are slower by orders of magnitude."""
        if not self._core.database.is_sqlite:
            for table in TABLES:
                connection.exec_driver_sql(f"ANALYZE {table.name}")

    def nodes(self, viewer: ScopeFilter = None) -> Iterator[Node]:
        """Yield the nodes that a viewer may see, by number; those of no scope are seen by all."""
        table = graph_tables.graph_node.c
        with self._core.database.read() as connection:
            for row in connection.execute(select(graph_tables.graph_node).order_by(table.pk)):
                if viewer is None or not row.scope or row.scope in viewer:
                    yield _to_node(row)

    def details(self) -> tuple[EdgeDetail, ...]:
        """Return what edges say, by number."""
        with self._core.database.read() as connection:
            query = select(graph_tables.graph_detail).order_by(graph_tables.graph_detail.c.pk)
            return tuple(_to_detail(row) for row in connection.execute(query))

    def edges(self) -> Iterator[Triple]:
        """Yield the numbers of each edge, by target, then source, then detail."""
        table = graph_tables.graph_edge.c
        query = select(table.source_pk, table.target_pk, table.detail_pk)
        with self._core.database.read() as connection:
            for row in connection.execute(query.order_by(table.target_pk, table.source_pk, table.detail_pk)):
                yield (row[0], row[1], row[2])


def empty(connection: Connection) -> None:
    """Remove the graph, and that there was one."""
    for table in TABLES:
        connection.execute(delete(table))
    connection.execute(delete(schema.setting).where(schema.setting.c.name == KEY))


_NODE = ("pk", "id", "kind", "name", "provider", "scope", "region", "insights", "tags")
_DETAIL = ("pk", "kind", "state", "condition", "capability", "actions", "ports", "rule", "evidence")


def _written(connection: Connection) -> bytes:
    """Return what differs whenever a present asset does: assets change with their partition only.

    A partition is written once under each fence; what is removed takes it along or changes its state.
    """
    table = schema.partition.c
    columns = (table.pk, table.scope_pk, table.scan_pk, table.fence, table.state, table.read_at)
    query = select(*columns).order_by(table.pk)
    told = hashlib.sha256()
    for row in connection.execute(query):
        told.update(repr(tuple(row)).encode())
    return told.digest()


def _digest(connection: Connection) -> bytes:
    """Return the digest of the present assets, which are all read: some 2 s for a million."""
    table = schema.asset.c
    query = select(table.uid, table.scope_pk, table.content_hash).where(table.gone_at.is_(None))
    told = hashlib.sha256()
    for uid, scope, content in connection.execute(query.order_by(table.uid, table.scope_pk)):
        told.update(f"{uid}\n{scope}\n".encode() + content)
    return told.digest()


def _key(connection: Connection) -> str:
    query = select(schema.setting.c.value).where(schema.setting.c.name == KEY)
    found: bytes | None = connection.execute(query).scalar_one_or_none()
    return "" if found is None else found.decode()


def _insert(connection: Connection, table: Any, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    rows = iter(rows)
    while some := list(islice(rows, ROWS_AT_ONCE)):
        bulk.insert_rows(connection, table, names, some)


def _node(at: int, node: Node) -> tuple[Any, ...]:
    texts = (node.id, node.kind, node.name, node.provider, node.scope, node.region)
    return (at, *map(_clean, texts), _json(node.insights), _json(node.tags))


def _insights(at: int, node: Node) -> Iterator[tuple[Any, ...]]:
    """Yield a row for each value; a list is one row of its own before those of its members."""
    for name, value in sorted(node.insights.items()):
        if isinstance(value, bool):
            yield at, name, Sort.FLAG, None, float(value)
        elif isinstance(value, int | float):
            yield at, name, Sort.NUMBER, None, float(value)
        elif isinstance(value, str):
            yield at, name, Sort.TEXT, _clean(value), None
        else:
            yield at, name, Sort.LIST, None, None
            yield from ((at, name, Sort.MEMBER, _clean(str(one)), None) for one in value)


def _detail(at: int, one: EdgeDetail) -> tuple[Any, ...]:
    capability = None if one.capability is None else one.capability.value
    lists = (_json(one.actions), _json(one.ports))
    condition = _clean(one.condition)
    return (at, one.kind.value, one.state.value, condition, capability, *lists, one.rule, _json(one.evidence))


def _ports(at: int, one: EdgeDetail) -> Iterator[tuple[Any, ...]]:
    for text in one.ports:
        protocol, _, span = text.partition("/")
        first, _, last = span.partition("-")
        yield at, protocol, int(first or 0), int(last or first or LAST_PORT)


def _json(value: Any) -> str:
    return _clean(orjson.dumps(msgspec.to_builtins(value), option=orjson.OPT_SORT_KEYS).decode())


def _clean(text: str) -> str:
    """Leave out what PostgreSQL cannot keep in a text."""
    return text.replace("\\u0000", "").replace("\x00", "")


def _to_node(row: Any) -> Node:
    return Node(
        id=row.id,
        kind=row.kind,
        name=row.name,
        provider=row.provider,
        scope=row.scope,
        region=row.region,
        insights=orjson.loads(row.insights),
        tags=orjson.loads(row.tags),
    )


def _to_detail(row: Any) -> EdgeDetail:
    return msgspec.convert(
        {
            "kind": row.kind,
            "state": row.state,
            "condition": row.condition,
            "capability": row.capability,
            "actions": orjson.loads(row.actions),
            "ports": orjson.loads(row.ports),
            "rule": row.rule,
            "evidence": orjson.loads(row.evidence),
        },
        EdgeDetail,
    )
