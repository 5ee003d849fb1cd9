"""States and steps as numbers: what the kernels of the search run over.

A step that needs further states costs what the cheapest ways to these cost, too: a gate. One whose further states
nobody reaches has no finite cost and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poise.attackpaths.priors import Priors
from poise.attackpaths.steps import State, Taken

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Table:
    """Steps as arrays, sorted by target."""

    size: int
    """Number of states."""
    source: Ints
    target: Ints
    cost: Floats
    free: Flags
    """Whether a step does not count."""
    sign: Ints
    """Number of the kind of step."""

    def kept(self, which: Flags) -> Table:
        """Return some of the steps; their order stays."""
        return Table(
            self.size, self.source[which], self.target[which], self.cost[which], self.free[which], self.sign[which]
        )


@dataclass(frozen=True)
class Numbered:
    """A table with what its numbers stand for."""

    table: Table
    states: Sequence[State]
    number: Mapping[State, int]
    taken: Sequence[Taken]
    """The step of each row."""
    signs: Sequence[str]
    gates: Mapping[int, tuple[int, ...]]
    """Row -> the further states that it needs."""


def numbered(steps: Sequence[Taken], priors: Priors) -> Numbered:
    """Number states and steps, in an order that does not depend on how they came."""
    states = sorted({s for t in steps for s in (t.step.source, t.step.target, *t.step.also)})
    number = {state: n for n, state in enumerate(states)}
    rows = sorted(steps, key=lambda t: (number[t.step.target], number[t.step.source], t.sign))
    signs = sorted({t.sign for t in rows})
    sign = {text: n for n, text in enumerate(signs)}
    table = Table(
        size=len(states),
        source=np.array([number[t.step.source] for t in rows], np.int32),
        target=np.array([number[t.step.target] for t in rows], np.int32),
        cost=np.array([priors.cost(t) for t in rows], np.float64),
        free=np.array([t.step.is_free for t in rows], np.bool_),
        sign=np.array([sign[t.sign] for t in rows], np.int32),
    )
    gates = {row: tuple(number[s] for s in t.step.also) for row, t in enumerate(rows) if t.step.also}
    return Numbered(table, states, number, rows, signs, gates)
