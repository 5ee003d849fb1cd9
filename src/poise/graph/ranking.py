"""The few best paths between two nodes: simple, bounded in length, cheapest first."""

from __future__ import annotations

import heapq
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from poise.graph.kernels import Incoming, cheapest

MOST_STEPS = 200_000
"""Partial paths that are looked at before what was found is returned."""


class Ranked(NamedTuple):
    """One path."""

    cost: float
    edges: tuple[int, ...]
    """Positions of its edges, first one first."""


class Best(NamedTuple):
    """The cheapest paths."""

    paths: tuple[Ranked, ...]
    is_complete: bool
    """False if the search was stopped before it could tell that there are no more."""


def k_best(edges: Incoming, cost: Any, ends: tuple[int, int], k: int, hops: int, most: int = MOST_STEPS) -> Best:
    """Return the ``k`` cheapest simple paths of at most ``hops`` edges from one node to another.

    ``cost`` is by position and not negative. Paths that differ in a parallel edge are different. Best-first search over
    partial paths, each with the exact least cost of what is left of it (backward layers of :func:`cheapest`).
    """
    cost = np.asarray(cost, np.float64)
    start, end = ends
    back = edges.reversed()
    left = cheapest(back, cost[back.order], [end], hops)
    order = np.argsort(edges.source, kind="stable")
    tails = edges.source[order]
    found: list[Ranked] = []
    heap: list[tuple[float, float, tuple[int, ...], tuple[int, ...]]] = []
    if np.isfinite(left[hops, start]):
        heap.append((float(left[hops, start]), 0.0, (), (start,)))
    steps = 0
    while heap and len(found) < k:
        _, spent, path, nodes = heapq.heappop(heap)
        if nodes[-1] == end:
            found.append(Ranked(spent, path))
            continue
        steps += 1
        if steps > most:
            return Best(tuple(found), False)
        low, high = np.searchsorted(tails, (nodes[-1], nodes[-1] + 1))
        for position in _onward(edges, order[low:high], left[hops - len(path) - 1], set(nodes)):
            head, sofar = int(edges.target[position]), spent + float(cost[position])
            total = sofar + float(left[hops - len(path) - 1, head])
            heapq.heappush(heap, (total, sofar, (*path, position), (*nodes, head)))
    return Best(tuple(found), True)


def _onward(edges: Incoming, positions: NDArray[Any], left: NDArray[np.float64], seen: set[int]) -> list[int]:
    """Return the edges that lead on to the end in time, to a node that the path has not passed."""
    good = positions[np.isfinite(left[edges.target[positions]])]
    return [position for position in good.tolist() if int(edges.target[position]) not in seen]
