"""Where paths can be stopped: nodes that all of them pass, and the cheapest set of edges that stops them all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from poise.graph.kernels import Incoming


class Cut(NamedTuple):
    """A set of edges that stops all walks from the starts to the ends."""

    value: float
    """Sum of their capacities; inf if a start is an end, or only edges that cannot be cut lead there."""
    edges: NDArray[np.int64]
    """Their positions."""


def dominators(edges: Incoming, starts: Any) -> NDArray[np.int64]:
    """Return the immediate dominator of each node: the last node that every walk from the starts passes.

    It is -2 where there is none, for starts and for nodes that ways of their own lead to from different starts, and
    -1 for nodes that nothing reaches. Follow it to list all single points before a node. Algorithm: Cooper, Harvey,
    Kennedy, "A Simple, Fast Dominance Algorithm" (2001), below one root before all starts; nodes are numbered in
    postorder.
    """
    order = _postorder(edges, starts)
    many = len(order)
    number = np.full(edges.nodes, -1, np.int64)
    number[order] = np.arange(many)
    before = _predecessors(edges, number, np.unique(np.asarray(starts, np.int64)), many)
    above = [-1] * many + [many]
    changed = True
    while changed:
        changed = False
        for node in range(many - 1, -1, -1):
            new = _common(before[node], above)
            if above[node] != new:
                above[node] = new
                changed = True
    found = np.full(edges.nodes, -1, np.int64)
    named = np.append(np.asarray(order, np.int64), -2)
    if many:
        found[order] = named[np.asarray(above[:many])]
    return found


def min_cut(edges: Incoming, capacity: Any, starts: Any, ends: Any) -> Cut:
    """Return a cheapest set of edges whose removal leaves no walk from any start to any end.

    ``capacity`` is by position; give `inf` to an edge that cannot be cut. Dinic's algorithm; levels are found in
    numpy. Walks of any length are stopped, so that it may cut more than walks of few edges need.
    """
    starts, ends = np.unique(np.asarray(starts, np.int64)), np.unique(np.asarray(ends, np.int64))
    if np.intersect1d(starts, ends).size:
        return Cut(np.inf, np.zeros(0, np.int64))
    flow = _Flow(edges, np.asarray(capacity, np.float64), starts, ends)
    while flow.level():
        if not flow.augment():
            return Cut(np.inf, np.zeros(0, np.int64))
    side = flow.levels >= 0
    crossing = side[edges.source] & ~side[edges.target]
    return Cut(flow.value, np.flatnonzero(crossing))


class _Flow:
    """A flow through the edges and their reverses: position e forward, m + e backward."""

    def __init__(self, edges: Incoming, capacity: NDArray[np.float64], starts: Any, ends: Any) -> None:
        self.edges, self.starts = edges, starts
        self.is_end = np.zeros(edges.nodes, np.bool_)
        self.is_end[ends] = True
        self.tail = np.concatenate((edges.source, edges.target))
        self.head = np.concatenate((edges.target, edges.source))
        self.left = np.concatenate((capacity, np.zeros_like(capacity)))
        self.order = np.argsort(self.tail, kind="stable")
        self.levels = np.zeros(0, np.int32)
        self.value = 0.0

    def level(self) -> bool:
        """Find the distance of every node from the starts over edges with capacity left; False if no end is reached."""
        levels = np.full(self.edges.nodes, -1, np.int32)
        here = self.starts
        levels[here] = 0
        open_edges = np.flatnonzero(self.left > 0)
        tail, head = self.tail[open_edges], self.head[open_edges]
        at = 0
        while here.size:
            at += 1
            found = head[(levels[tail] == at - 1) & (levels[head] < 0)]
            here = np.unique(found)
            levels[here] = at
        self.levels = levels
        return bool((levels[self.is_end] >= 0).any())

    def augment(self) -> bool:
        """Fill the shortest ways; False if one of them cannot be cut."""
        ahead = self._ahead()
        for start in self.starts.tolist():
            while True:
                path = self._path(start, ahead)
                if not path:
                    break
                amount = float(self.left[path].min())
                if amount == np.inf:
                    return False
                self.value += amount
                many = self.edges.source.size
                for position in path:
                    self.left[position] -= amount
                    self.left[position + many if position < many else position - many] += amount
        return True

    def _ahead(self) -> dict[int, list[int]]:
        """Return, node by node, the edges with capacity left that lead one level on, and on to an end."""
        ok = (self.left > 0) & (self.levels[self.head] == self.levels[self.tail] + 1) & (self.levels[self.tail] >= 0)
        kept = np.flatnonzero(ok)
        useful = self.is_end.copy()
        for at in range(int(self.levels.max()), 0, -1):
            some = kept[(self.levels[self.head[kept]] == at) & useful[self.head[kept]]]
            useful[self.tail[some]] = True
        kept = kept[useful[self.head[kept]]]
        kept = kept[np.argsort(self.tail[kept], kind="stable")]
        ahead: dict[int, list[int]] = {}
        for node, position in zip(self.tail[kept].tolist(), kept.tolist(), strict=True):
            ahead.setdefault(node, []).append(position)
        return ahead

    def _path(self, start: int, ahead: dict[int, list[int]]) -> list[int]:
        path: list[int] = []
        here = start
        while not self.is_end[here]:
            choices = ahead.get(here, [])
            while choices and self.left[choices[-1]] <= 0:
                choices.pop()
            if choices:
                path.append(choices[-1])
                here = int(self.head[choices[-1]])
            elif path:
                dead = path.pop()
                here = int(self.tail[dead])
                ahead[here].pop()
            else:
                return []
        return path


def _postorder(edges: Incoming, starts: Any) -> list[int]:
    """Return the nodes that the starts reach, each after those it leads to, circles aside."""
    order = np.argsort(edges.source, kind="stable")
    heads = edges.target[order].tolist()
    firsts = np.searchsorted(edges.source[order], np.arange(edges.nodes + 1)).tolist()
    place = firsts[:-1]
    seen = bytearray(edges.nodes)
    found: list[int] = []
    for start in np.asarray(starts).ravel().tolist():
        if seen[start]:
            continue
        seen[start] = 1
        stack = [start]
        while stack:
            node = stack[-1]
            at, last = place[node], firsts[node + 1]
            while at < last and seen[heads[at]]:
                at += 1
            place[node] = at + 1
            if at >= last:
                found.append(node)
                stack.pop()
            else:
                seen[heads[at]] = 1
                stack.append(heads[at])
    return found


def _predecessors(edges: Incoming, number: NDArray[np.int64], starts: NDArray[np.int64], root: int) -> list[list[int]]:
    """Return, by postorder number, what leads to each node, the root before the starts."""
    tails, ends = number[edges.source], number[edges.target]
    kept = (tails >= 0) & (ends >= 0) & (tails != ends)
    tails = np.concatenate((np.full(starts.size, root), tails[kept]))
    ends = np.concatenate((number[starts], ends[kept]))
    order = np.argsort(ends, kind="stable")
    listed = tails[order].tolist()
    firsts = np.searchsorted(ends[order], np.arange(root + 1)).tolist()
    return [listed[firsts[at] : firsts[at + 1]] for at in range(root)]


def _common(nodes: Sequence[int], above: list[int]) -> int:
    """Return the nearest node above all of some nodes, those left out of which nothing is known yet."""
    found = -1
    for other in nodes:
        if above[other] < 0:
            continue
        if found < 0:
            found = other
        while found != other:
            if found < other:
                found = above[found]
            else:
                other = above[other]
    return found
