"""Use cases of the explorer: run a query, count its blocks, find ways between two assets, ready questions."""

from __future__ import annotations

import heapq
import re
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from poise.app.graph import GraphCache, edges_json, graph_of
from poise.app.seeing import Sight
from poise.app.workspace import Workspace
from poise.collect.files import content_of
from poise.graph.explorer import forms
from poise.graph.explorer.bounds import widened
from poise.graph.explorer.check import column, names
from poise.graph.explorer.prefixes import prefixes
from poise.graph.explorer.properties import lookup
from poise.graph.explorer.templates import Template, templates
from poise.graph.graph import Graph
from poise.graph.ranking import k_best
from poise.model.errors import UsageError
from poise.model.graph import Edge, EdgeKind, EdgeState, Node
from poise.model.query import Query, shown
from poise.store.exploring import TooSlow

MOST_WAYS = 10
"""Ways between two assets."""
MOST_HOPS = 8
"""Edges of one way."""
COSTS = {EdgeState.CERTAIN: 1.0, EdgeState.CONDITIONAL: 1.01, EdgeState.UNKNOWN: 1.1}
"""Of two ways of one length, the better proven comes first."""
USUAL = ("name", "kind", "scope")
Json = dict[str, Any]
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of a query."""

    query: Query
    """What was asked, in normal form."""
    columns: tuple[str, ...]
    """Name of each shown block."""
    rows: tuple[tuple[Node | None, ...], ...]
    """The node of each shown block; None where an optional one is missing."""
    has_more: bool
    """Whether the limit left rows out."""
    seconds: float
    """How long it took."""


def read(workspace: Workspace, text: str) -> Query:
    """Return the query that an argument stands for: a file of JSON, or what :func:`read_posed` takes."""
    if not text.endswith(".json"):
        return read_posed(workspace, text)
    return forms.from_json(content_of(Path(text)))


def read_posed(workspace: Workspace, text: str) -> Query:
    """Return the query that a text stands for: a ready question's or saved query's name, or itself as text or JSON.

    Raises :class:`~poise.model.errors.BadInput` with the column of what cannot be understood.
    """
    ready = {template.id: template for template in templates()}
    if text in ready:
        return ready[text].query
    if _NAME.fullmatch(text):
        kept = {one.name: one for one in workspace.store.saved_queries.all()}
        if text in kept:
            return kept[text].query
        known = ", ".join([*ready, *kept])
        raise UsageError(f"There is no ready question or saved query {text!r}.", f"There are: {known}.")
    return forms.from_json(text) if text.lstrip().startswith("{") else forms.from_text(text)


def explore(workspace: Workspace, query: Query, offset: int = 0, cache: GraphCache | None = None) -> Found:
    """Run a query on the graph of what is stored, which is built anew if it must be."""
    graph = graph_of(workspace, cache)
    order = column(query, query.order) if query.order else None
    started = time.monotonic()
    rows = workspace.store.exploring.rows(query, order, workspace.viewer, offset)
    seconds = time.monotonic() - started
    return Found(
        query=query,
        columns=tuple(names(query)),
        rows=tuple(tuple(None if id is None else graph.node(id) for id in row) for row in rows[: query.limit]),
        has_more=len(rows) > query.limit,
        seconds=seconds,
    )


def counts(workspace: Workspace, query: Query, cache: GraphCache | None = None) -> tuple[int, ...]:
    """Return for each block, in the order of the cards, how many nodes the query up to it finds; 10,001 is more."""
    graph_of(workspace, cache)
    asked = workspace.store.exploring
    return tuple(asked.count(find, place, workspace.viewer) for find, place in prefixes(query.find))


def unproven(workspace: Workspace, query: Query) -> int:
    """Return how many more nodes of the first block are found if edges that could not be proven are walked too.

    0 also if that takes too long to count.
    """
    wide = widened(query.find)
    if wide == query.find:
        return 0
    asked = workspace.store.exploring
    try:
        return max(asked.count(wide, 0, workspace.viewer) - asked.count(query.find, 0, workspace.viewer), 0)
    except TooSlow:
        return 0


def cells(found: Found) -> Iterator[Json]:
    """Yield each row as column -> value: those that the query shows, else name, kind and scope of each block."""
    wanted = found.query.show or tuple(
        f"{block}.{name}" if len(found.columns) > 1 else name for block in found.columns for name in USUAL
    )
    places = [(text, *column(found.query, text)) for text in wanted]
    for row in found.rows:
        yield {text: None if (node := row[place]) is None else lookup(node, name) for text, place, name in places}


def found_json(found: Found) -> Json:
    """Return the answer as scripts and pages get it."""
    return {
        "query": forms.to_json(found.query),
        "text": forms.to_text(found.query),
        "columns": list(found.columns),
        "rows": [{name: node_json(node) for name, node in zip(found.columns, row, strict=True)} for row in found.rows],
        "has_more": found.has_more,
        "seconds": round(found.seconds, 3),
    }


def node_json(node: Node | None) -> Json | None:
    """Return a node as scripts and pages get it; None for None."""
    return None if node is None else msgspec.to_builtins(node)


def subgraph(workspace: Workspace, found: Found, limit: int, cache: GraphCache | None = None) -> Json:
    """Return the nodes of the rows, up to a limit, with the edges between them, as pages draw them."""
    graph = graph_of(workspace, cache)
    nodes = list(dict.fromkeys(node.id for row in found.rows for node in row if node is not None))
    kept = nodes[:limit]
    edges = [edge for id in kept for edge in graph.out(id) if edge.target in set(kept)]
    return {
        "nodes": [node_json(graph.node(id)) for id in kept],
        "edges": edges_json(workspace, graph, edges),
        "left_out": len(nodes) - len(kept),
    }


def ways(
    workspace: Workspace, ends: tuple[str, str], kinds: Collection[EdgeKind] = (), cache: GraphCache | None = None
) -> Json:
    """Return the shortest ways from one asset to another, at most ten, each as nodes and edges in turn.

    Raises :class:`UsageError` for an end that the graph does not hold or that the viewer may not see.
    """
    graph = graph_of(workspace, cache)
    start, end = (_number(workspace, graph, text) for text in ends)
    chosen = np.array([not kinds or kind in kinds for kind in EdgeKind], np.bool_)[graph.kinds]
    if workspace.viewer is not None:
        sight = Sight(workspace)
        seen = np.array([sight.sees(node) for node in graph.nodes()], np.bool_)
        chosen &= seen[graph.columns.source] & seen[graph.columns.target]
    edges = graph.incoming(chosen)
    costs = np.array([COSTS[detail.state] for detail in graph.details])[graph.columns.detail]
    best = k_best(edges, costs[edges.order], (start, end), MOST_WAYS, MOST_HOPS)
    found = [[graph.edge(int(edges.order[place])) for place in path.edges] for path in best.paths]
    return {
        "from": graph.nodes()[start].id,
        "to": graph.nodes()[end].id,
        "complete": best.is_complete,
        "ways": [_way(workspace, graph, path) for path in found],
    }


def ready(theme: str = "") -> Sequence[Template]:
    """Return the ready questions, of one theme or of all."""
    return [template for template in templates() if theme in ("", template.theme)]


def suggestions(workspace: Workspace, cache: GraphCache | None = None) -> dict[str, tuple[str, ...]]:
    """Return the names that a query may use here: kinds, insights, tags, kinds of edges."""
    graph_of(workspace, cache)
    return {**workspace.store.exploring.names(workspace.viewer), "edges": tuple(sorted(EdgeKind))}


def named(workspace: Workspace, text: str, limit: int, cache: GraphCache | None = None) -> list[Node]:
    """Return nodes whose name or id holds a text, the shortest names first; `role:admin` asks for kinds with `role`."""
    kind, colon, name = text.partition(":")
    graph = graph_of(workspace, cache)
    kind, name = (kind, name) if colon and not text.startswith(("arn:", "/")) else ("", text)
    wanted = name.strip().lower()
    found = (node for node in graph.nodes() if wanted in node.name.lower() or wanted in node.id.lower())
    seen = (node for node in found if kind.lower() in node.kind.lower())
    allowed = filter(Sight(workspace).sees, seen)
    return heapq.nsmallest(limit, allowed, key=lambda node: (len(node.name), node.name, node.id))


def _way(workspace: Workspace, graph: Graph, edges: Sequence[Edge]) -> Json:
    nodes = [graph.node(edge.source) for edge in edges[:1]] + [graph.node(edge.target) for edge in edges]
    return {"nodes": [node_json(node) for node in nodes], "edges": edges_json(workspace, graph, edges)}


def _number(workspace: Workspace, graph: Graph, text: str) -> int:
    """Return the number of the node with an id, or of the only one with a name."""
    found = [text] if text in graph else [node.id for node in graph.nodes() if node.name == text]
    sight = Sight(workspace)
    seen = [id for id in found if sight.sees(graph.node(id))]
    if len(seen) != 1:
        what = f"The graph holds no {text!r}." if not seen else f"{len(seen)} nodes are named {text!r}."
        raise UsageError(what, "Give the id of an asset, as `poise list assets` shows it, or `internet`.")
    return graph.number(seen[0])


__all__ = [
    "Found",
    "cells",
    "counts",
    "explore",
    "found_json",
    "named",
    "prefixes",
    "read",
    "read_posed",
    "ready",
    "shown",
    "subgraph",
    "suggestions",
    "unproven",
    "ways",
]
