"""The security graph as rules ask it: edges by kind and by end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from poise.model.graph import EVERYONE, INTERNET, Edge, EdgeKind, Node

NOTHING: Sequence[Edge] = ()


class Facts:
    """Nodes and edges, indexed."""

    def __init__(self, nodes: Iterable[Node], edges: Iterable[Edge]) -> None:
        self.nodes: Mapping[str, Node] = {INTERNET: outside(INTERNET), EVERYONE: outside(EVERYONE)} | {
            node.id: node for node in nodes
        }
        self._by_kind: dict[EdgeKind, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._by_kind[edge.kind].append(edge)
        self._out: dict[EdgeKind, dict[str, list[Edge]]] = {}
        self._into: dict[EdgeKind, dict[str, list[Edge]]] = {}

    def of(self, kind: EdgeKind) -> Sequence[Edge]:
        """Return all edges of a kind."""
        return self._by_kind.get(kind, NOTHING)

    def out(self, kind: EdgeKind, node: str) -> Sequence[Edge]:
        """Return the edges of a kind that start from a node."""
        if kind not in self._out:
            self._out[kind] = _indexed((edge.source, edge) for edge in self.of(kind))
        return self._out[kind].get(node, NOTHING)

    def into(self, kind: EdgeKind, node: str) -> Sequence[Edge]:
        """Return the edges of a kind that lead to a node."""
        if kind not in self._into:
            self._into[kind] = _indexed((edge.target, edge) for edge in self.of(kind))
        return self._into[kind].get(node, NOTHING)

    def named(self, last: str) -> Sequence[str]:
        """Return the nodes whose id ends in a name, after its last slash."""
        return self._by_last.get(last, ())

    @cached_property
    def _by_last(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for id in self.nodes:
            found[id.rpartition("/")[2]].append(id)
        return dict(found)

    def insight(self, node: str, name: str) -> object:
        """Return a judgement about a node; None if there is none."""
        found = self.nodes.get(node)
        return None if found is None else found.insights.get(name)

    def kind(self, node: str) -> str:
        """Return the kind of a node; empty if it is not in the graph."""
        found = self.nodes.get(node)
        return "" if found is None else found.kind

    def name(self, node: str) -> str:
        """Return what people call a node."""
        found = self.nodes.get(node)
        return node if found is None else found.name

    def scope(self, node: str) -> str:
        """Return the scope of a node; empty for what belongs to none."""
        found = self.nodes.get(node)
        return "" if found is None else found.scope


def outside(id: str) -> Node:
    """Return a node that belongs to nobody's estate."""
    name = {INTERNET: "the internet", EVERYONE: "anyone"}.get(id, id)
    return Node(id=id, kind=id, name=name, provider="", scope="")


def _indexed(pairs: Iterable[tuple[str, Edge]]) -> dict[str, list[Edge]]:
    index: dict[str, list[Edge]] = defaultdict(list)
    for end, edge in pairs:
        index[end].append(edge)
    return dict(index)
