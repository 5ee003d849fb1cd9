"""The security graph of what is stored: built when somebody asks, kept until the inventory or the rules change."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any

import msgspec
import numpy as np

from poise.app.code_digest import graph_digest
from poise.app.marked_rules import risk_rules_of
from poise.app.seeing import Sight, told
from poise.app.workspace import Workspace
from poise.graph.build import Built, Part, PartKey, rebuild
from poise.graph.estate import Estate
from poise.graph.graph import Columns, Graph
from poise.model.asset import Asset
from poise.model.errors import StoreBusy, UsageError
from poise.model.graph import Edge, EdgeKind, Node
from poise.score.risk import grade
from poise.score.risk_rules import Degree, RiskRules

MOST_NODES = 200
"""Nodes of one neighbourhood."""
MOST_HOPS = 4
Parts = Mapping[PartKey, Part]


class GraphBeingBuilt(StoreBusy):
    """The graph is not ready yet, and whoever asked would have waited too long."""

    def __init__(self) -> None:
        super().__init__(
            "The security graph is being built from what was scanned.",
            "With a million assets that takes minutes: try again then.",
        )


class GraphCache:
    """The latest graph of a process, for doors that stay open; give one to :func:`graph_of`.

    It is read or built in a thread of its own, once however many ask for it at once. Who asks waits for at most
    ``patience_s`` seconds, for as long as it takes if that is None, and is then told so by :class:`GraphBeingBuilt`.
    """

    def __init__(self, patience_s: float | None = None) -> None:
        self.key = ""
        self.graph: Graph | None = None
        self.parts: Parts = {}
        self.patience_s = patience_s
        self._turn = Lock()
        self._work: Future[Graph] | None = None
        self._making = ""

    def get(self, key: str, make: Callable[[Parts], tuple[Graph, Parts]]) -> Graph:
        """Return the graph of a key, made of the parts of the one before if there is none."""
        with self._turn:
            if self.key == key and self.graph is not None:
                return self.graph
            if self._work is None:
                self._work, self._making = Future(), key
                Thread(target=self._run, args=(self._work, key, make), daemon=True).start()
            work, making = self._work, self._making
        try:
            made = work.result(self.patience_s)
        except TimeoutError as late:
            if not work.done():
                raise GraphBeingBuilt from late
            raise
        return made if making == key else self.get(key, make)  # the other one is that of an earlier inventory

    def _run(self, work: Future[Graph], key: str, make: Callable[[Parts], tuple[Graph, Parts]]) -> None:
        """Make a graph, and tell those who wait for it."""
        try:
            graph, parts = make(self.parts)
        except Exception as problem:  # noqa: BLE001 - whoever waits raises it
            with self._turn:
                self._work = None
            work.set_exception(problem)
            return
        with self._turn:
            self.key, self.graph, self.parts, self._work = key, graph, parts, None
        work.set_result(graph)


def graph_of(workspace: Workspace, cache: GraphCache | None = None) -> Graph:
    """Return the graph of everything stored, whoever asks: built anew if the inventory or the rules changed.

    It is kept in the store, so that a later process and the explorer's queries find it there. Raises
    :class:`GraphBeingBuilt` if the cache has no patience left.
    """
    key = inventory_key(workspace)
    if cache is None:
        return _stored_or_built(workspace, key, {})[0]
    return cache.get(key, lambda before: _stored_or_built(workspace, key, before))


def _stored_or_built(workspace: Workspace, key: str, before: Parts) -> tuple[Graph, Parts]:
    """Return the graph of a key with its parts, which is stored then."""
    if workspace.store.graph.key() == key:
        return load(workspace), before
    built = built_from(workspace, before)
    save(workspace, key, built.graph)
    return built.graph, built.parts


def inventory_key(workspace: Workspace) -> str:
    """Return what the graph is made of, as a digest: assets, listings, rules of sensitivity, code."""
    told = hashlib.sha256(graph_digest())
    told.update(workspace.store.graph.inventory_digest())
    told.update(msgspec.json.encode(risk_rules_of(workspace), order="sorted"))
    for source in sources(workspace):
        told.update(repr((source, _problems(workspace, source), sorted(workspace.store.scans.listed(source)))).encode())
    return told.hexdigest()


def sources(workspace: Workspace) -> tuple[str, ...]:
    """Return the sources that there are assets of, sorted."""
    return tuple(sorted({source for source, _ in workspace.store.scans.scopes(None)}))


def built_from(workspace: Workspace, before: Parts) -> Built:
    """Build the graph of all sources; what did not change since ``before`` is taken over."""
    return rebuild([estate_of(workspace, source) for source in sources(workspace)], before)


def estate_of(workspace: Workspace, source: str) -> Estate:
    """Return what one source has read, with how sensitive and critical each asset is."""
    assets = tuple(workspace.store.assets.load(source))
    rules = risk_rules_of(workspace)
    marks = {asset.id: told for asset in assets if (told := _marks(rules, asset))}
    problems = dict(_problems(workspace, source))
    return Estate(assets, problems, workspace.store.scans.listed(source), marks)


def load(workspace: Workspace) -> Graph:
    """Return the stored graph."""
    rows = workspace.store.graph
    triples = np.fromiter((number for triple in rows.edges() for number in triple), np.int32).reshape(-1, 3)
    columns = Columns(*(np.ascontiguousarray(triples[:, at]) for at in range(3)))
    return Graph(tuple(rows.nodes()), rows.details(), columns)


def save(workspace: Workspace, key: str, graph: Graph) -> None:
    """Keep a graph in the store."""
    triples = zip(*(column.tolist() for column in graph.columns), strict=True)
    workspace.store.graph.write(key, graph.nodes(), graph.details, triples)


def neighbourhood(
    workspace: Workspace, id: str, hops: int = 1, limit: int = MOST_NODES, cache: GraphCache | None = None
) -> dict[str, Any]:
    """Return what lies around an asset, as plain JSON: nodes with their distance, edges, and how much was left out.

    Nodes in scopes that the viewer may not see are left out, and so is what lies behind them. Raises
    :class:`UsageError` for an id that the graph does not hold.
    """
    graph = graph_of(workspace, cache)
    sight = Sight(workspace)
    if id not in graph or not sight.sees(graph.node(id)):
        raise UsageError(f"The graph holds no {id!r}.", "Give the id of an asset, as `poise list assets` shows it.")
    near = _near(sight, graph, id, (min(hops, MOST_HOPS), limit))
    edges = [edge for node in near.distances for edge in _among(graph, node, near.distances)]
    read_at = _read_at(workspace, {proof.asset for edge in edges for proof in edge.evidence})
    return {
        "center": id,
        "hops": min(hops, MOST_HOPS),
        "nodes": [node_json(graph.node(one), distance) for one, distance in near.distances.items()],
        "edges": edges_json(workspace, graph, edges, read_at),
        "left_out": near.left_out,
    }


def node_json(node: Node, distance: int) -> dict[str, Any]:
    """Return a node as pages and scripts get it."""
    shape: dict[str, Any] = msgspec.to_builtins(node)
    return shape | {"distance": distance}


def edge_json(edge: Edge, read_at: Mapping[str, str]) -> dict[str, Any]:
    """Return an edge with when each fact behind it was read."""
    shape: dict[str, Any] = msgspec.to_builtins(edge)
    shape["evidence"] = [one | {"read_at": read_at.get(one["asset"])} for one in shape["evidence"]]
    return shape


def edges_json(
    workspace: Workspace, graph: Graph, edges: Iterable[Edge], read_at: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return edges, each without proofs that lie where the viewer may not look."""
    sight = Sight(workspace)

    def scope(id: str) -> str | None:
        return graph.node(id).scope if id in graph else None

    return [told(sight, scope, edge_json(edge, read_at or {})) for edge in edges]


class _Near:
    """Nodes around one, nearest first."""

    def __init__(self, center: str) -> None:
        self.distances = {center: 0}
        self.left_out = 0


def _near(sight: Sight, graph: Graph, center: str, bounds: tuple[int, int]) -> _Near:
    hops, limit = bounds
    near = _Near(center)
    todo = deque([center])
    seen = {center}
    while todo:
        here = todo.popleft()
        if near.distances[here] == hops:
            continue
        for one in _beside(graph, here):
            if one in seen or not sight.sees(graph.node(one)):
                continue
            seen.add(one)
            if len(near.distances) < limit:
                near.distances[one] = near.distances[here] + 1
                todo.append(one)
            else:
                near.left_out += 1
    return near


def _beside(graph: Graph, id: str) -> Iterator[str]:
    """Yield the nodes beside one, what its edges lead to first; those of containment last, as they are many."""
    columns = graph.columns
    ahead, behind = graph.positions_out(id), graph.positions_into(id)
    ends = [(graph.kinds[ahead], columns.target[ahead]), (graph.kinds[behind], columns.source[behind])]
    contains = tuple(EdgeKind).index(EdgeKind.CONTAINS)
    for wanted in (False, True):
        for kinds, nodes in ends:
            for number in dict.fromkeys(nodes[(kinds == contains) == wanted].tolist()):
                yield graph.nodes()[number].id


def _among(graph: Graph, node: str, chosen: Collection[str]) -> Iterator[Edge]:
    numbers = np.array([graph.number(one) for one in chosen], np.int32)
    positions = graph.positions_out(node)
    kept = positions[np.isin(graph.columns.target[positions], numbers)]
    return (graph.edge(at) for at in kept.tolist())


def _read_at(workspace: Workspace, ids: Collection[str]) -> dict[str, str]:
    found = workspace.store.graph.read_at(ids)
    return {id: moment.isoformat() for id, moment in found.items()}


def _problems(workspace: Workspace, source: str) -> list[tuple[tuple[str, str], str]]:
    scans = workspace.store.scans
    return sorted((scans.absences(source) | scans.listing_problems(source)).items())


def _marks(rules: RiskRules, asset: Asset) -> dict[str, Any]:
    """Return how sensitive and critical an asset is, by the rules that risk levels use."""
    found: dict[str, Any] = {}
    for names, marks in (
        (("sensitive", "sensitivity"), rules.sensitivity),
        (("critical", "criticality"), rules.criticality),
    ):
        told = grade(asset, marks)
        if told.degree is not None:
            found |= {names[0]: told.degree is Degree.HIGH, names[1]: told.degree.value}
    return found
