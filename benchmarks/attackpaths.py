"""Attack paths on a synthetic estate: 1 M nodes, 5 M edges, 1,000 entries, 1,000 targets.

    python benchmarks/attackpaths.py [NODES] [EDGES]

Kinds of nodes and edges and their popularity are made up in the shape of a cloud estate: few things are popular, most
are not. What is timed begins where the steps are arrays; how long rules take to derive them depends on the estate.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from poise.attackpaths.choking import state_shares
from poise.attackpaths.collapsing import fold
from poise.attackpaths.costs import touched
from poise.attackpaths.counting import Counter
from poise.attackpaths.searching import Search, distinct
from poise.attackpaths.table import Table
from poise.graph.cuts import min_cut
from poise.graph.kernels import incoming

HOPS, ENTRIES, TARGETS, LOOKS = 8, 1_000, 1_000, 400
KINDS = {
    "machine": 0.15,
    "interface": 0.10,
    "principal": 0.15,
    "role": 0.10,
    "store": 0.08,
    "database": 0.04,
    "secret": 0.05,
    "container": 0.10,
    "image": 0.05,
    "vulnerability": 0.10,
    "subnet": 0.03,
    "group": 0.05,
}
STEPS = (
    ("machine", "principal", 0.06),
    ("principal", "group", 0.10),
    ("principal", "role", 0.08),
    ("group", "role", 0.05),
    ("role", "store", 0.12),
    ("role", "database", 0.04),
    ("machine", "secret", 0.03),
    ("secret", "principal", 0.02),
    ("interface", "machine", 0.04),
    ("subnet", "interface", 0.06),
    ("machine", "machine", 0.10),
    ("container", "machine", 0.05),
    ("container", "principal", 0.03),
    ("image", "container", 0.03),
    ("principal", "machine", 0.03),
    ("role", "principal", 0.02),
    ("principal", "secret", 0.02),
)


def estate(nodes: int, edges: int) -> tuple[Table, np.ndarray, np.ndarray, np.ndarray]:
    """Return steps, entries, targets, and the sort of each node."""
    random = np.random.default_rng(7)
    counts = {name: int(nodes * share) for name, share in KINDS.items()}
    starts = dict(zip(counts, np.cumsum([0, *counts.values()])[:-1].tolist(), strict=True))
    parts = []
    for sign, (source, target, share) in enumerate(STEPS):
        many = int(edges * share / 0.88)
        tails = starts[source] + (counts[source] * random.random(many) ** 1.3).astype(np.int64)
        popular = random.permutation(counts[target])
        heads = starts[target] + popular[(counts[target] * random.random(many) ** 3).astype(np.int64)]
        parts.append((tails, heads, np.full(many, sign)))
    source, target, sign = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((source, target))
    kept = order[source[order] != target[order]]
    cost = np.round(0.1 + random.random(len(kept)), 1)
    free = np.zeros(len(kept), np.bool_)
    table = Table(
        nodes, source[kept].astype(np.int32), target[kept].astype(np.int32), cost, free, sign[kept].astype(np.int32)
    )
    entries = starts["machine"] + random.choice(counts["machine"], ENTRIES, replace=False)
    targets = starts["store"] + random.choice(counts["store"], TARGETS, replace=False)
    accounts = (max(20, int(nodes**0.5 / 3)) * random.random(nodes) ** 2).astype(np.int64)
    return table, np.sort(entries), np.sort(targets), accounts


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Run something and tell how long it took: CPU and wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    print(f"{name:28} CPU {time.process_time() - cpu:6.2f} s   wall {time.perf_counter() - wall:6.2f} s")
    return found


def analysis(table: Table, entries: np.ndarray, targets: np.ndarray, sorts: np.ndarray) -> tuple[Any, int]:
    """Prune, fold, search every target, and count the ways of each kind."""
    first = np.full(table.size, np.inf)
    first[entries] = 0.0
    kept = timed("  prune", lambda: table.kept(touched(table, entries, targets, HOPS)))
    marks = sorts * 4
    marks[entries] += 1
    marks[targets] += 2
    folded = timed("  fold", lambda: fold(kept, marks))
    search = timed("  cheapest", lambda: Search(folded.table, first, HOPS))
    ends = sorted({int(folded.of[target]) for target in targets})

    def looked() -> set[tuple[tuple[int, ...], int]]:
        found = set()
        for end in ends:
            if search.reaches(end):
                signs = lambda way: tuple(search.table.sign[list(way.rows)].tolist())  # noqa: E731
                found |= {(signs(way), end) for way in distinct(search.ways(end, LOOKS), signs, 3)}
        return found

    looks = timed("  search", looked)
    counter = Counter(kept)
    anywhere = lambda states: np.ones(len(states), np.bool_)  # noqa: E731
    enter = np.zeros(table.size, np.bool_)
    enter[entries] = True

    def counted() -> float:
        total = 0.0
        for signs, end in looks:
            members = (
                np.flatnonzero(folded.of == end).astype(np.int32) if end not in targets else np.array([end], np.int32)
            )
            found = counter.count(members, signs, [lambda s: enter[s], *[anywhere] * len(signs)])
            total += found.count if found else 0.0
        return total

    total = timed("  count", counted)
    print(f"  {len(kept.source):,} steps on some way, {len(looks):,} kinds of paths, {total:,.0f} ways in them")
    return kept, len(looks)


def main() -> None:
    """Time each part."""
    nodes = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    edges = int(float(sys.argv[2])) if len(sys.argv) > 2 else 5_000_000
    table, entries, targets, sorts = timed("make", lambda: estate(nodes, edges))
    kept, _ = timed("analysis", lambda: analysis(table, entries, targets, sorts))
    first = np.full(table.size, np.inf)
    first[entries] = 0.0
    timed("choke points: shares", lambda: state_shares(kept, first, targets.astype(np.int32)))
    edges_of = incoming(kept.size, kept.source, kept.target)
    cut = timed("choke points: smallest cut", lambda: min_cut(edges_of, np.ones(len(kept.source)), entries, targets))
    print(f"  cut of {cut.value:,.0f} steps")

    def proof() -> int:
        less = kept.kept(kept.target != targets[0])
        search = Search(less, first, HOPS)
        return sum(search.reaches(int(one)) for one in targets)

    timed("one fix proof", proof)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
