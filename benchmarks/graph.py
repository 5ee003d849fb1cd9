"""Analysis of a big graph by the kernels, beside igraph, networkx and DuckDB where these are installed.

`python benchmarks/graph.py [--nodes 1000000] [--edges 5000000] [--beside]` prints CPU seconds for each step. The
graph is random, of typed nodes with popular ones; a thousand machines as entries, a thousand stores as targets, walks
of at most eight edges.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from poise.graph.cuts import dominators, min_cut
from poise.graph.kernels import Incoming, cheapest, counts, incoming, nearest, pairs, through, useful

HOPS, ENDS = 8, 1000


KINDS = {
    "machine": 0.25,
    "principal": 0.25,
    "role": 0.10,
    "store": 0.15,
    "secret": 0.05,
    "workload": 0.15,
    "network": 0.05,
}
"""Kind of node -> share."""
EDGES = (
    ("network", "machine", 0.12),
    ("machine", "machine", 0.12),
    ("machine", "principal", 0.10),
    ("workload", "machine", 0.08),
    ("workload", "principal", 0.06),
    ("principal", "role", 0.16),
    ("principal", "machine", 0.04),
    ("principal", "secret", 0.03),
    ("role", "store", 0.20),
    ("role", "principal", 0.03),
    ("machine", "secret", 0.04),
    ("secret", "principal", 0.02),
)
"""Kinds that edges join, and their share."""


def make(nodes: int, edges: int) -> tuple[Any, Any, Any, Any, Any]:
    """Return source, target and cost of each edge, entries among machines and targets among stores."""
    random = np.random.default_rng(7)
    bounds = np.cumsum([0, *(int(nodes * share) for share in KINDS.values())])
    span = {kind: (int(bounds[at]), int(bounds[at + 1])) for at, kind in enumerate(KINDS)}

    def chosen(kind: str, many: int, skew: float) -> Any:
        low, high = span[kind]
        names = random.permutation(high - low)
        return low + names[((high - low) * random.random(many) ** skew).astype(np.int64)]

    ends = [(chosen(one, int(edges * share), 1.3), chosen(other, int(edges * share), 3)) for one, other, share in EDGES]
    source, target = (np.concatenate(side).astype(np.int32) for side in zip(*ends, strict=True))
    entries = random.choice(np.arange(*span["machine"]), ENDS, replace=False)
    stores = random.choice(np.arange(*span["store"]), ENDS, replace=False)
    return source, target, random.random(source.size) + 0.1, entries, stores


def timed(name: str, step: Callable[[], Any]) -> Any:
    """Run a step and print what it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name:44} {time.process_time() - cpu:7.2f} CPU s {time.perf_counter() - wall:7.2f} s {peak:6} MiB", flush=True
    )
    return found


def own(nodes: int, made: tuple[Any, Any, Any, Any, Any]) -> None:
    """Run the kernels."""
    source, target, cost, entries, ends = made
    edges: Incoming = timed("load (both directions)", lambda: incoming(nodes, source, target))
    back = timed("  reversed", edges.reversed)
    priced = cost[edges.order]
    timed("nearest", lambda: nearest(edges, entries, HOPS))
    timed("cheapest", lambda: cheapest(edges, priced, entries, HOPS))
    timed("counts", lambda: counts(edges, entries, HOPS))
    mask = timed("prune", lambda: useful(edges, entries, ends, HOPS, back))
    kept = edges.kept(mask)
    print(f"  kept {kept.source.size} of {edges.source.size} edges")
    less = priced[mask]
    timed("pruned: cheapest", lambda: cheapest(kept, less, entries, HOPS))
    before = timed("pruned: counts forward", lambda: counts(kept, entries, HOPS))
    turned = kept.reversed()
    after = timed("pruned: counts backward", lambda: counts(turned, ends, HOPS))
    timed("pruned: walks through each edge", lambda: through(kept, before, after, HOPS))
    timed("pruned: 1,000 x 1,000 pairs", lambda: pairs(kept, entries, ends, HOPS))
    timed("pruned: dominators", lambda: dominators(kept, entries))
    found = nearest(kept, entries, HOPS)
    hit = ends[found[ends] >= 0]
    cut = timed("pruned: smallest cut", lambda: min_cut(kept, np.ones(less.size), entries, hit))
    print(f"  the cut has {cut.edges.size} edges")
    left = np.ones(kept.source.size, np.bool_)
    left[cut.edges[:1]] = False
    timed("proof that one edge less changes what is reached", lambda: nearest(kept.kept(left), entries, HOPS))


def beside(nodes: int, made: tuple[Any, Any, Any, Any, Any]) -> None:
    """Run the same with other engines, as far as they are installed."""
    source, target, _, entries, _ = made
    if importlib.util.find_spec("igraph"):
        import igraph

        both = np.column_stack((source, target))
        graph = timed("igraph: load", lambda: igraph.Graph(nodes, both, directed=True))

        def swept() -> Any:
            graph.add_vertices(1)
            graph.add_edges([(nodes, int(one)) for one in entries])
            return graph.distances(source=[nodes])

        timed("igraph: nearest by one root", swept)
    if importlib.util.find_spec("networkx"):
        import networkx

        pairs_of = zip(source.tolist(), target.tolist(), strict=True)
        big = timed("networkx: load", lambda: networkx.DiGraph(list(pairs_of)))
        big.add_edges_from((-1, int(one)) for one in entries)
        timed(
            "networkx: nearest by one root",
            lambda: networkx.single_source_shortest_path_length(big, -1, cutoff=HOPS + 1),
        )
    if importlib.util.find_spec("duckdb"):
        _duckdb(source, target, entries)


def _duckdb(source: Any, target: Any, entries: Any) -> None:
    import duckdb

    base = duckdb.connect()
    base.register("given", {"source": source, "target": target})
    base.register("starting", {"node": entries.astype(np.int32)})
    timed("duckdb: load", lambda: base.execute("CREATE TABLE edge AS SELECT * FROM given"))
    query = f"""WITH RECURSIVE reached(node, hop) USING KEY (node) AS (
        SELECT node, 0 FROM starting UNION
        SELECT edge.target, min(reached.hop) + 1 FROM reached JOIN edge ON edge.source = reached.node
        WHERE reached.hop < {HOPS} AND edge.target NOT IN (SELECT node FROM recurring.reached) GROUP BY edge.target
    ) SELECT count(*) FROM reached"""
    timed("duckdb: nearest", lambda: base.execute(query).fetchall())


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=5_000_000)
    parser.add_argument("--beside", action="store_true", help="run other engines too")
    given = parser.parse_args()
    made = make(given.nodes, given.edges)
    own(given.nodes, made)
    if given.beside:
        beside(given.nodes, made)


if __name__ == "__main__":
    sys.exit(main())
