"""Least costs and depths where some steps are free, in numpy over rows sorted by target.

`reduceat` gives a wrong value for an empty row, so it runs over targets that have rows, and the result is scattered
back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from poise.attackpaths.table import Flags, Floats, Ints, Table


@dataclass(frozen=True)
class Rows:
    """Rows in the order of the end at which they are gathered."""

    give: Ints
    """The other end of each row."""
    cost: Floats
    ends: Ints
    """Ends that have rows."""
    starts: Ints
    """First row of each of them."""


def rows_of(give: Ints, take: Ints, cost: Floats) -> Rows:
    """Return rows gathered by ``take``, which must be sorted."""
    new = np.ones(len(take), np.bool_)
    new[1:] = take[1:] != take[:-1]
    starts = np.flatnonzero(new).astype(np.int32)
    return Rows(give, cost, take[starts], starts)


def forward(table: Table, which: Flags) -> Rows:
    """Return some rows gathered by target."""
    return rows_of(table.source[which], table.target[which], table.cost[which])


def backward(table: Table, which: Flags) -> Rows:
    """Return some rows gathered by source."""
    source, target, cost = table.source[which], table.target[which], table.cost[which]
    order = np.argsort(source, kind="stable")
    return rows_of(target[order], source[order], cost[order])


def cheapest_layers(steps: Rows, free: Rows, first: Floats, hops: int) -> Floats:
    """Return the least cost of each state with at most 0, 1 ... ``hops`` steps, one row each."""
    layers = np.empty((hops + 1, len(first)))
    layers[0] = settled(free, first)
    for hop in range(1, hops + 1):
        layer = layers[hop - 1].copy()
        relax(steps, layers[hop - 1], layer)
        layers[hop] = settled(free, layer)
    return layers


def relax(rows: Rows, before: Floats, after: Floats) -> None:
    """Lower ``after`` to what one more step from ``before`` costs."""
    if len(rows.ends):
        best = np.minimum.reduceat(before[rows.give] + rows.cost, rows.starts)
        after[rows.ends] = np.minimum(after[rows.ends], best)


def settled(free: Rows, costs: Floats) -> Floats:
    """Follow free steps until nothing gets cheaper."""
    if not len(free.ends):
        return costs
    while True:
        after = costs.copy()
        relax(free, costs, after)
        if np.array_equal(after, costs):
            return after
        costs = after


def fewest(steps: Rows, free: Rows, first: Flags, hops: int) -> Ints:
    """Return the least number of steps to each state; ``hops + 1`` for what is farther."""
    found = np.full(len(first), hops + 1, np.int32)
    here = joined(free, first)
    found[here] = 0
    for hop in range(1, hops + 1):
        after = here.copy()
        spread(steps, here, after)
        after = joined(free, after)
        fresh = after & ~here
        if not fresh.any():
            break
        found[fresh] = hop
        here = after
    return found


def spread(rows: Rows, before: Flags, after: Flags) -> None:
    """Mark what one more step reaches."""
    if len(rows.ends):
        after[rows.ends] |= np.logical_or.reduceat(before[rows.give], rows.starts)


def joined(free: Rows, marked: Flags) -> Flags:
    """Follow free steps until nothing new is marked."""
    if not len(free.ends):
        return marked
    while True:
        after = marked.copy()
        spread(free, marked, after)
        if np.array_equal(after, marked):
            return after
        marked = after


def cheapest_last(steps: Rows, free: Rows, first: Floats, hops: int) -> Floats:
    """Return the last of :func:`cheapest_layers`, holding two layers only."""
    layer = settled(free, first)
    for _ in range(hops):
        after = layer.copy()
        relax(steps, layer, after)
        after = settled(free, after)
        if np.array_equal(after, layer):
            return after
        layer = after
    return layer


def summed(rows: Rows, before: Floats) -> Floats:
    """Return, for each state, the sum of ``before`` over its rows."""
    after = np.zeros_like(before)
    if len(rows.ends):
        after[rows.ends] = np.add.reduceat(before[rows.give], rows.starts)
    return after


def touched(steps: Table, entries: Ints, targets: Ints, hops: int) -> Flags:
    """Say of each row whether it lies on some way of at most ``hops`` steps from an entry to a target."""
    begun, ended = np.zeros(steps.size, np.bool_), np.zeros(steps.size, np.bool_)
    begun[entries], ended[targets] = True, True
    come = fewest(forward(steps, ~steps.free), forward(steps, steps.free), begun, hops)
    near = come[steps.source] + ~steps.free <= hops
    left = steps.kept(near)
    go = fewest(backward(left, ~left.free), backward(left, left.free), ended, hops)
    found: Flags = near & (come[steps.source] + go[steps.target] + ~steps.free <= hops)
    return found
