"""Counts the ways that look like one way: same kinds of steps, same places, same pivot; never by listing them.

One pass from the targets back and one from the entries on, over the states of each stage. Exact for walks; where
paths meet in cycles, a walk may pass a state twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from poise.attackpaths.table import Flags, Floats, Ints, Table

Filter = Callable[[Ints], Flags]
"""Says which of some states fit a stage."""


@dataclass(frozen=True)
class Counted:
    """All ways that look like one."""

    count: float
    stages: tuple[Ints, ...]
    """States of each stage, from the entry on."""
    rows: tuple[int, ...]
    """Rows of the cheapest of them."""


@dataclass(frozen=True)
class Layer:
    """States of one stage, with what lies ahead of each."""

    states: Ints
    count: Floats
    """Ways from here to a target."""
    cost: Floats
    """Least cost from here to a target."""
    rows: Ints
    """Rows to the next stage, in the order of their sources."""


class Counter:
    """Counts over one table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._bounds = np.searchsorted(table.target, np.arange(table.size + 1))

    def count(self, targets: Ints, signs: Sequence[int], filters: Sequence[Filter]) -> Counted | None:
        """Count the ways with these signs from states that fit the first filter to these targets.

        There is one filter more than signs. Returns None if there is no such way.
        """
        ends = targets[filters[-1](targets)]
        layers = [Layer(ends, np.ones(len(ends)), np.zeros(len(ends)), np.empty(0, np.int32))]
        for sign, fits in zip(reversed(signs), reversed(filters[:-1]), strict=True):
            layers.append(self._before(layers[-1], sign, fits))
            if not len(layers[-1].states):
                return None
        layers.reverse()
        return Counted(float(layers[0].count.sum()), self._stages(layers), self._cheapest(layers))

    def _before(self, after: Layer, sign: int, fits: Filter) -> Layer:
        table = self._table
        rows = self._rows_into(after.states)
        rows = rows[table.sign[rows] == sign]
        rows = rows[fits(table.source[rows])]
        rows = rows[np.argsort(table.source[rows], kind="stable")]
        sources = table.source[rows]
        if not len(rows):
            return Layer(np.empty(0, np.int32), np.empty(0), np.empty(0), rows)
        ahead = np.searchsorted(after.states, table.target[rows])
        starts = np.flatnonzero(np.concatenate(([True], sources[1:] != sources[:-1])))
        count = np.add.reduceat(after.count[ahead], starts)
        cost = np.minimum.reduceat(after.cost[ahead] + table.cost[rows], starts)
        return Layer(sources[starts], count, cost, rows)

    def _rows_into(self, states: Ints) -> Ints:
        first, last = self._bounds[states], self._bounds[states + 1]
        lengths = last - first
        total = int(lengths.sum())
        offsets = np.repeat(first - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        return (offsets + np.arange(total)).astype(np.int32)

    def _stages(self, layers: Sequence[Layer]) -> tuple[Ints, ...]:
        stages = [layers[0].states]
        for before in layers[:-1]:
            rows = before.rows
            if len(stages[-1]) < len(before.states):
                rows = rows[_among(self._table.source[rows], stages[-1])]
            stages.append(np.unique(self._table.target[rows]))
        return tuple(stages)

    def _cheapest(self, layers: Sequence[Layer]) -> tuple[int, ...]:
        table = self._table
        state = int(layers[0].states[int(np.argmin(layers[0].cost))])
        chosen = []
        for before, after in pairwise(layers):
            rows = before.rows[table.source[before.rows] == state]
            ahead = after.cost[np.searchsorted(after.states, table.target[rows])]
            best = int(rows[int(np.argmin(ahead + table.cost[rows]))])
            chosen.append(best)
            state = int(table.target[best])
        return tuple(chosen)


def _among(states: Ints, chosen: Ints) -> Flags:
    """Say which states are among some, which are sorted."""
    place = np.minimum(np.searchsorted(chosen, states), len(chosen) - 1)
    found: Flags = chosen[place] == states
    return found
