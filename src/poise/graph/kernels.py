"""Kernels of path analysis: numpy over edges that are sorted by target, without a compiler.

Edges are given once as two arrays, `source` and `target`, of node numbers; :func:`incoming` sorts them. Every kernel
walks in synchronous rounds, one for each hop: what a node holds after a round is a reduction (`minimum`, `add`,
`bitwise_or`) over the nodes before it. `reduceat` gives nonsense for empty rows, so it runs over the rows that have
edges, and its result is scattered back.

**Gates.** A node that is marked in ``gates`` is an AND: it is reached once **all** nodes before it are, one round after
the last of them, and costs the sum of them. Every other node is an OR: reached by the first, at the least cost.

Signatures, for callers:

- ``incoming(nodes, source, target) -> Incoming``;  ``Incoming.reversed() -> Incoming``
- ``nearest(edges, starts, hops, gates=None) -> int16[n]``: hops from the nearest start, -1 where none gets there
- ``cheapest(edges, cost, starts, hops, gates=None) -> float64[hops + 1, n]``: layer h is the least cost with at most h
  edges, inf where there is none; ``cost`` is by position in `edges` (use ``by_edge[edges.order]``)
- ``walk(edges, cost, layers, end) -> int64[k]``: positions of the edges of a cheapest walk to a node without gates
- ``reached(edges, starts, hops) -> uint64[n]``: bit i says that start i (at most 64) gets there
- ``pairs(edges, starts, ends, hops) -> int8[s, e]``: hops from each start to each end, -1 where there is no way
- ``counts(edges, starts, hops) -> float64[hops + 1, n]``: walks of exactly h edges from any start
- ``through(edges, before, after, hops) -> float64[m]``: walks of at most ``hops`` edges that use each edge
- ``useful(edges, starts, ends, hops) -> bool[m]``: edges on some walk of at most ``hops`` edges from start to end
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]
WORD = 64
UNREACHED = -1


class Incoming(NamedTuple):
    """Edges sorted by target."""

    nodes: int
    """Number of nodes."""
    source: Ints
    """Where each edge starts."""
    target: Ints
    """Where each edge leads; ascending."""
    order: NDArray[np.int64]
    """Which of the edges as given stands at each position."""
    heads: Ints
    """Nodes that have edges coming in, ascending."""
    starts: NDArray[np.int64]
    """Position of the first edge of each head."""

    def reversed(self) -> Incoming:
        """Return the same edges turned round; positions are in `order` of the result."""
        return incoming(self.nodes, self.target, self.source)

    def kept(self, mask: Flags) -> Incoming:
        """Return the edges of a mask alone; `order` still tells which of those given each is."""
        source, target = self.source[mask], self.target[mask]
        heads, starts = _rows(target)
        return Incoming(self.nodes, source, target, self.order[mask], heads, starts)


def incoming(nodes: int, source: Any, target: Any) -> Incoming:
    """Sort edges by target; those of one target stay in the order that they came in."""
    source, target = np.asarray(source, np.int32), np.asarray(target, np.int32)
    order = np.argsort(target, kind="stable")
    target = target[order]
    heads, starts = _rows(target)
    return Incoming(nodes, source[order], target, order, heads, starts)


def nearest(edges: Incoming, starts: Any, hops: int, gates: Flags | None = None) -> NDArray[np.int16]:
    """Return the hops from the nearest start to each node, at most ``hops``; -1 where none gets there."""
    found = np.full(edges.nodes, UNREACHED, np.int16)
    here = np.zeros(edges.nodes, np.bool_)
    here[np.asarray(starts, np.int64)] = True
    found[here] = 0
    for hop in range(1, hops + 1):
        new = _row_step(edges, here, gates) & (found[edges.heads] < 0)
        if not new.any():
            break
        fresh = edges.heads[new]
        found[fresh] = hop
        here[fresh] = True
    return found


def cheapest(edges: Incoming, cost: Any, starts: Any, hops: int, gates: Flags | None = None) -> Floats:
    """Return, layer by layer, the least cost of a walk of at most so many edges from any start to each node."""
    cost = np.asarray(cost, np.float64)
    layers = np.full((hops + 1, edges.nodes), np.inf)
    layers[0, np.asarray(starts, np.int64)] = 0.0
    is_gate = None if gates is None else gates[edges.heads]
    for hop in range(1, hops + 1):
        layers[hop] = layers[hop - 1]
        if edges.heads.size == 0:
            continue
        offered = layers[hop - 1][edges.source] + cost
        best = np.minimum.reduceat(offered, edges.starts)
        if is_gate is not None and is_gate.any():
            best = np.where(is_gate, np.add.reduceat(offered, edges.starts), best)
        layers[hop, edges.heads] = np.minimum(layers[hop, edges.heads], best)
    return layers


def walk(edges: Incoming, cost: Any, layers: Floats, end: int) -> NDArray[np.int64]:
    """Return the positions of the edges of a cheapest walk to a node, first edge first; none if it is a start."""
    cost = np.asarray(cost, np.float64)
    found: list[int] = []
    hop, here = len(layers) - 1, end
    if not np.isfinite(layers[hop, here]):
        return np.array(found, np.int64)
    while hop > 0:
        if layers[hop - 1, here] == layers[hop, here]:
            hop -= 1
            continue
        first, last = np.searchsorted(edges.target, (here, here + 1))
        offered = layers[hop - 1][edges.source[first:last]] + cost[first:last]
        position = int(first + np.argmin(offered))
        found.append(position)
        hop, here = hop - 1, int(edges.source[position])
    return np.array(found[::-1], np.int64)


def reached(edges: Incoming, starts: Any, hops: int) -> Words:
    """Return, for each node, which of at most 64 starts get there: bit i is start i. A start reaches itself."""
    seen = _seeded(edges.nodes, starts)
    for _ in range(hops):
        if not _spread(edges, seen).any():
            break
    return seen


def pairs(edges: Incoming, starts: Any, ends: Any, hops: int) -> NDArray[np.int8]:
    """Return the hops from each start to each end, 64 starts at a time; -1 where there is no way."""
    starts, ends = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
    found = np.full((starts.size, ends.size), UNREACHED, np.int8)
    for low in range(0, starts.size, WORD):
        some = starts[low : low + WORD]
        bits = np.uint64(1) << np.arange(some.size, dtype=np.uint64)
        seen = _seeded(edges.nodes, some)
        part = found[low : low + WORD]
        for hop in range(hops + 1):
            there = (seen[ends][None, :] & bits[:, None]) != 0
            part[there & (part < 0)] = hop
            if hop == hops or not _spread(edges, seen).any():
                break
    return found


def counts(edges: Incoming, starts: Any, hops: int) -> Floats:
    """Return the number of walks of exactly h edges from any start to each node, for each h up to ``hops``."""
    found = np.zeros((hops + 1, edges.nodes))
    np.add.at(found[0], np.asarray(starts, np.int64), 1.0)
    for hop in range(1, hops + 1):
        if edges.heads.size:
            found[hop, edges.heads] = np.add.reduceat(found[hop - 1][edges.source], edges.starts)
    return found


def through(edges: Incoming, before: Floats, after: Floats, hops: int) -> Floats:
    """Return the walks of at most ``hops`` edges that use each edge.

    ``before`` are the counts from the starts, ``after`` those of the reversed edges from the ends.
    """
    upto = np.cumsum(after, axis=0)
    found = np.zeros(edges.source.size)
    for hop in range(hops):
        found += before[hop][edges.source] * upto[hops - 1 - hop][edges.target]
    return found


def useful(edges: Incoming, starts: Any, ends: Any, hops: int, back: Incoming | None = None) -> Flags:
    """Return which edges lie on some walk of at most ``hops`` edges from a start to an end.

    ``back`` are the reversed edges, if they are at hand.
    """
    ahead = nearest(edges, starts, hops).astype(np.int32)
    behind = nearest(back or edges.reversed(), ends, hops).astype(np.int32)
    first, last = ahead[edges.source], behind[edges.target]
    kept: Flags = (first >= 0) & (last >= 0) & (first + 1 + last <= hops)
    return kept


def _rows(target: Ints) -> tuple[Ints, NDArray[np.int64]]:
    if target.size == 0:
        return np.zeros(0, np.int32), np.zeros(0, np.int64)
    starts = np.concatenate(([0], np.flatnonzero(np.diff(target)) + 1)).astype(np.int64)
    return target[starts], starts


def _row_step(edges: Incoming, here: Flags, gates: Flags | None) -> Flags:
    """Return which heads are reached from marked nodes: by one, or as gates by all of them."""
    if edges.heads.size == 0:
        return np.zeros(0, np.bool_)
    marked = here[edges.source]
    some: Flags = np.logical_or.reduceat(marked, edges.starts)
    if gates is None or not gates[edges.heads].any():
        return some
    return np.where(gates[edges.heads], np.logical_and.reduceat(marked, edges.starts), some)


def _seeded(nodes: int, starts: Any) -> Words:
    starts = np.asarray(starts, np.int64)
    if starts.size > WORD:
        raise ValueError(f"{starts.size} starts do not fit a word of {WORD} bits")
    seen = np.zeros(nodes, np.uint64)
    np.bitwise_or.at(seen, starts, np.uint64(1) << np.arange(starts.size, dtype=np.uint64))
    return seen


def _spread(edges: Incoming, seen: Words) -> Flags:
    """Let every bit walk one edge, in place; return which heads got a new one."""
    if edges.heads.size == 0:
        return np.zeros(0, np.bool_)
    after = np.bitwise_or.reduceat(seen[edges.source], edges.starts) | seen[edges.heads]
    changed: Flags = after != seen[edges.heads]
    seen[edges.heads] = after
    return changed
