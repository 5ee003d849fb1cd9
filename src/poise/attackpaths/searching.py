"""Finds the cheapest ways from entries to one target, in order of cost, at most so many steps long.

From the target backwards, best first. What is left to pay from any state, with the steps that are left, is known
exactly from one forward pass, so the search goes straight to the answers.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from poise.attackpaths.costs import backward, cheapest_layers, forward
from poise.attackpaths.table import Floats, Table

MOST_ALIKE = 64
"""Ends of ways with the same kinds of steps that are followed further."""


class Way(NamedTuple):
    """One way from an entry to a target."""

    cost: float
    rows: tuple[int, ...]
    """Rows of the table, from the entry on; none where the target is an entry."""


class Partial(NamedTuple):
    """The end of a way that is still looked for; ordered by what the whole will cost."""

    total: float
    number: int
    paid: float
    state: int
    steps: int
    rows: tuple[int, ...]
    signs: tuple[int, ...]
    is_whole: bool


@dataclass
class Search:
    """A table that is ready to be searched from some entries."""

    table: Table
    first: Floats
    """Cost at which each state is held from the start; infinite for all but entries."""
    hops: int
    layers: Floats = field(init=False)
    """Least cost of each state by number of steps."""
    bounded: set[int] = field(default_factory=set, init=False)
    """Targets of which some ways were not looked at, as there are too many."""
    _starts: Mapping[int, tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        free = self.table.free
        self.layers = cheapest_layers(forward(self.table, ~free), forward(self.table, free), self.first, self.hops)
        ends, starts = np.unique(self.table.target, return_index=True)
        bounds = [*starts.tolist(), len(self.table.target)]
        self._starts = {end: (bounds[n], bounds[n + 1]) for n, end in enumerate(ends.tolist())}

    def reaches(self, state: int) -> bool:
        """Say whether a state is reached at all."""
        return bool(np.isfinite(self.layers[self.hops, state]))

    def ways(self, target: int, most: int) -> Iterator[Way]:
        """Yield the ways to a target, cheapest first, until ``most`` ends of ways were looked at."""
        alike: Counter[Hashable] = Counter()
        heap = [Partial(float(self.layers[self.hops, target]), 0, 0.0, target, 0, (), (), False)]
        number = 0
        for _ in range(most):
            if not heap or not np.isfinite(heap[0].total):
                return
            best = heapq.heappop(heap)
            if best.is_whole:
                yield Way(best.total, best.rows)
                continue
            for longer in self._longer(best):
                number += 1
                if longer.is_whole or alike[longer.signs] < MOST_ALIKE:
                    alike[longer.signs] += not longer.is_whole
                    heapq.heappush(heap, longer._replace(number=number))
                else:
                    self.bounded.add(target)
        if heap:
            self.bounded.add(target)

    def is_detour(self, way: Way, target: int) -> bool:
        """Say whether some earlier state of a way leads to the target by one step: the rest is no way of its own."""
        first, last = self._starts.get(target, (0, 0))
        direct = set(self.table.source[first:last].tolist())
        return any(int(self.table.source[row]) in direct for row in way.rows[:-1])

    def _longer(self, end: Partial) -> Iterator[Partial]:
        begun = float(self.first[end.state])
        if np.isfinite(begun):
            yield end._replace(total=end.paid + begun, is_whole=True)
        visited = {int(self.table.target[row]) for row in end.rows} | {end.state}
        for row in range(*self._starts.get(end.state, (0, 0))):
            source = int(self.table.source[row])
            steps = end.steps + (not self.table.free[row])
            if source in visited or steps > self.hops:
                continue
            paid = end.paid + float(self.table.cost[row])
            total = paid + float(self.layers[self.hops - steps, source])
            if np.isfinite(total):
                signs = (int(self.table.sign[row]), *end.signs)
                yield Partial(total, 0, paid, source, steps, (row, *end.rows), signs, False)


def distinct(ways: Iterator[Way], key: Callable[[Way], Hashable], most: int) -> list[Way]:
    """Return the first way of each key, at most so many."""
    found: dict[Hashable, Way] = {}
    for way in ways:
        found.setdefault(key(way), way)
        if len(found) >= most:
            break
    return list(found.values())


def distances_back(table: Table, targets: Sequence[int], hops: int) -> Floats:
    """Return the least cost from each state to any target within ``hops`` steps."""
    from poise.attackpaths.costs import cheapest_last

    ended = np.full(table.size, np.inf)
    ended[list(targets)] = 0.0
    return cheapest_last(backward(table, ~table.free), backward(table, table.free), ended, hops)
