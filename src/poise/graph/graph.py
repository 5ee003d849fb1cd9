"""The graph itself: immutable, compact, indexed. Equal facts make an equal graph, in whatever order they came."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from poise.graph.kernels import Incoming, incoming
from poise.model.graph import Edge, EdgeDetail, EdgeKind, Node

Ints = NDArray[np.int32]
KINDS = tuple(EdgeKind)
MISSING = "missing"
"""Kind of what edges name and nothing describes."""


class Columns(NamedTuple):
    """Edges as arrays, sorted by target, then source, then detail."""

    source: Ints
    target: Ints
    detail: Ints


class Graph:
    """Nodes and edges. Make one with :meth:`of`."""

    def __init__(self, nodes: tuple[Node, ...], details: tuple[EdgeDetail, ...], columns: Columns) -> None:
        self._nodes = nodes
        self.details = details
        self.columns = columns
        self._number = {node.id: at for at, node in enumerate(nodes)}

    @classmethod
    def of(cls, nodes: Iterable[Node], edges: Iterable[Edge]) -> Graph:
        """Make a graph. An end that no node describes becomes a node of kind `missing`; equal edges become one.

        Of several nodes with one id, that with the most insights stands, then the greater by its text.
        """
        builder = Builder()
        builder.add(nodes, edges)
        return builder.graph()

    def __len__(self) -> int:
        return len(self._nodes)

    @property
    def size(self) -> int:
        """Number of edges."""
        return int(self.columns.source.size)

    def nodes(self) -> Sequence[Node]:
        """Return all nodes, by id."""
        return self._nodes

    def edges(self) -> Iterator[Edge]:
        """Yield all edges, by target, then source."""
        return (self.edge(at) for at in range(self.size))

    def node(self, id: str) -> Node:
        """Return a node. Raises KeyError for one that there is not."""
        return self._nodes[self._number[id]]

    def number(self, id: str) -> int:
        """Return the number of a node in the arrays. Raises KeyError for one that there is not."""
        return self._number[id]

    def __contains__(self, id: str) -> bool:
        return id in self._number

    def edge(self, at: int) -> Edge:
        """Return the edge at a position of the arrays."""
        source, target, detail = (int(column[at]) for column in self.columns)
        return self.details[detail].between(self._nodes[source].id, self._nodes[target].id)

    def out(self, id: str, kinds: Collection[EdgeKind] = ()) -> list[Edge]:
        """Return the edges that start from a node, of some kinds or of all."""
        return [self.edge(at) for at in self.positions_out(id, kinds).tolist()]

    def into(self, id: str, kinds: Collection[EdgeKind] = ()) -> list[Edge]:
        """Return the edges that lead to a node, of some kinds or of all."""
        return [self.edge(at) for at in self.positions_into(id, kinds).tolist()]

    def positions_out(self, id: str, kinds: Collection[EdgeKind] = ()) -> NDArray[np.int64]:
        """Return the positions of the edges that start from a node."""
        number = self._number.get(id)
        if number is None:
            return np.zeros(0, np.int64)
        order, sources = self._by_source
        low, high = np.searchsorted(sources, (number, number + 1))
        return self._of_kinds(order[low:high], kinds)

    def positions_into(self, id: str, kinds: Collection[EdgeKind] = ()) -> NDArray[np.int64]:
        """Return the positions of the edges that lead to a node."""
        number = self._number.get(id)
        if number is None:
            return np.zeros(0, np.int64)
        low, high = np.searchsorted(self.columns.target, (number, number + 1))
        return self._of_kinds(np.arange(low, high), kinds)

    def of_kind(self, kind: EdgeKind) -> Iterator[Edge]:
        """Yield all edges of a kind."""
        return (self.edge(at) for at in np.flatnonzero(self.kinds == KINDS.index(kind)).tolist())

    @cached_property
    def kinds(self) -> NDArray[np.int8]:
        """Kind of each edge, as a place in `KINDS`."""
        places = {kind: at for at, kind in enumerate(KINDS)}
        table = np.array([places[one.kind] for one in self.details], np.int8)
        return table[self.columns.detail] if self.size else np.zeros(0, np.int8)

    def incoming(self, chosen: NDArray[np.bool_] | None = None) -> Incoming:
        """Return the edges, or those of a mask, as kernels take them; `order` gives positions in the arrays."""
        source, target = self.columns.source, self.columns.target
        if chosen is None:
            return incoming(len(self), source, target)
        kept = np.flatnonzero(chosen)
        found = incoming(len(self), source[kept], target[kept])
        return found._replace(order=kept[found.order])

    @cached_property
    def digest(self) -> str:
        """What the graph comes to: SHA-256, hex; equal for equal facts."""
        told = hashlib.sha256(msgspec.json.encode((self._nodes, self.details), order="sorted"))
        for column in self.columns:
            told.update(np.ascontiguousarray(column, "<i4").tobytes())
        return told.hexdigest()

    @cached_property
    def _by_source(self) -> tuple[NDArray[np.int64], Ints]:
        order = np.argsort(self.columns.source, kind="stable")
        return order, self.columns.source[order]

    def _of_kinds(self, positions: NDArray[np.int64], kinds: Collection[EdgeKind]) -> NDArray[np.int64]:
        if not kinds:
            return positions
        wanted = [KINDS.index(kind) for kind in kinds]
        return positions[np.isin(self.kinds[positions], wanted)]


class Builder:
    """Collects nodes and edges; edges are kept as numbers from the start, so that millions fit."""

    def __init__(self) -> None:
        self._nodes: dict[str, Node] = {}
        self._told: dict[str, dict[str, Any]] = {}
        self._numbers: dict[str, int] = {}
        self._details: dict[EdgeDetail, int] = {}
        self._columns: tuple[array[int], array[int], array[int]] = (array("i"), array("i"), array("i"))

    def add(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        """Add nodes and edges."""
        for node in nodes:
            self._add_node(node)
        self._add_edges(edges)

    def tell(self, node: str, name: str, value: Any) -> None:
        """Add an insight to a node; of several values of one name the greatest stands, of lists all."""
        told = self._told.setdefault(node, {})
        told[name] = _greater(told[name], value) if name in told else value

    def _add_edges(self, edges: Iterable[Edge]) -> None:
        source, target, detail = self._columns
        for edge in edges:
            source.append(self._number(edge.source))
            target.append(self._number(edge.target))
            detail.append(self._details.setdefault(EdgeDetail.of(edge), len(self._details)))

    def graph(self) -> Graph:
        """Put all in order."""
        nodes = tuple(self._told_of(id) for id in sorted({*self._nodes, *self._numbers}))
        numbers = {node.id: at for at, node in enumerate(nodes)}
        new_number = np.array([numbers[id] for id in self._numbers], np.int32)
        encoded = [(msgspec.json.encode(one), at) for one, at in self._details.items()]
        order = [at for _, at in sorted(encoded)]
        new_detail = np.empty(len(order), np.int32)
        new_detail[order] = np.arange(len(order), dtype=np.int32)
        given = tuple(self._details)
        old_source, old_target, old_detail = (np.frombuffer(one, np.int32) for one in map(_filled, self._columns))
        many = len(self._columns[0])
        columns = Columns(new_number[old_source[:many]], new_number[old_target[:many]], new_detail[old_detail[:many]])
        return Graph(nodes, tuple(given[at] for at in order), _distinct(columns) if many else columns)

    def _told_of(self, id: str) -> Node:
        node = self._nodes.get(id) or missing(id)
        told = self._told.get(id)
        return node if told is None else msgspec.structs.replace(node, insights={**node.insights, **told})

    def _add_node(self, node: Node) -> None:
        known = self._nodes.get(node.id)
        if known is None or _weight(node) > _weight(known):
            self._nodes[node.id] = node

    def _number(self, id: str) -> int:
        return self._numbers.setdefault(id, len(self._numbers))


HOST = "host"
"""Provider of records that a scan of a machine gives."""


def missing(id: str) -> Node:
    """Return a node for what edges name and nothing describes: it was not collected."""
    return Node(id=id, kind=MISSING, name=id.rpartition("/")[2] or id, provider="", scope="")


def _greater(one: Any, other: Any) -> Any:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return sorted({*one, *other})
    return max((one, other), key=lambda value: (value is not None, str(type(value)), value))


def _weight(node: Node) -> tuple[bool, bool, bool, int, bytes]:
    """Order what describes one node: a cloud's own record wins over that of a scanned machine of the same id."""
    return (
        node.kind != MISSING,
        node.provider != HOST,
        bool(node.scope),
        len(node.insights) + len(node.tags),
        msgspec.json.encode(node, order="sorted"),
    )


def _filled(column: array[int]) -> array[int]:
    return column or array("i", (0,))


def _distinct(columns: Columns) -> Columns:
    order = np.lexsort((columns.detail, columns.source, columns.target))
    source, target, detail = (column[order] for column in columns)
    new = np.ones(order.size, np.bool_)
    new[1:] = (np.diff(source) != 0) | (np.diff(target) != 0) | (np.diff(detail) != 0)
    return Columns(source[new], target[new], detail[new])
