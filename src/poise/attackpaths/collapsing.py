"""Folds states that are alike: same sort, same place, and the same steps in and out to classes that are alike.

Machines of one group, pods of one deployment, users of one team become one class, so that the search sees one of them.
Every way through classes is a way through states: the folding is a bisimulation in both directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poise.attackpaths.table import Ints, Table

Hashes = NDArray[np.uint64]
ROUNDS = 16
MOST_DISTINCT, FEW = 0.75, 10_000
"""Where this part of many states is distinct already, folding the rest is not worth its time."""
SEED = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Folded:
    """Classes of states, and one row for each kind of step between two classes."""

    table: Table
    """Between classes; a class is the number of its first state."""
    row: Ints
    """Row of the folded table -> the concrete row that stands for it."""
    of: Ints
    """State -> its class."""


def fold(table: Table, sorts: Sequence[int], *, repeats: bool = False) -> Folded:
    """Fold states; ``sorts`` numbers what tells two states apart by themselves.

    ``repeats`` says that the table may hold several rows of one kind between two states, of which the cheapest counts.
    """
    classes = _classes(table, np.asarray(sorts, np.uint64))
    if classes is None and not repeats:
        rows = len(table.source)
        return Folded(table, np.arange(rows, dtype=np.int32), np.arange(table.size, dtype=np.int32))
    classes = np.arange(table.size, dtype=np.uint64) if classes is None else classes
    _, first, inverse = np.unique(classes, return_index=True, return_inverse=True)
    of = first[inverse.reshape(-1)].astype(np.int32)
    source, target = of[table.source], of[table.target]
    order = np.lexsort((table.cost, table.free, table.sign, source, target))
    keys = np.stack((target[order], source[order], table.sign[order], table.free[order].astype(np.int32)))
    new = np.ones(len(order), np.bool_)
    new[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    row = order[new].astype(np.int32)
    folded = Table(table.size, source[row], target[row], table.cost[row], table.free[row], table.sign[row])
    return Folded(folded, row, of)


def _classes(table: Table, sorts: Hashes) -> Hashes | None:
    """Return the class of each state; None if too few are alike to be worth it."""
    classes = _mixed(sorts)
    used = np.zeros(table.size, np.bool_)
    used[table.source], used[table.target] = True, True
    most = MOST_DISTINCT * int(used.sum())
    count = len(np.unique(classes))
    edge = _mixed(table.sign.astype(np.uint64) * SEED + np.round(table.cost * 1e6).astype(np.uint64))
    for _ in range(ROUNDS):
        out = _sets(table.source, _mixed(edge + classes[table.target]), table.size)
        into = _sets(table.target, _mixed(edge ^ _mixed(classes[table.source])), table.size)
        classes = _mixed(classes + _mixed(out) * np.uint64(3) + _mixed(into) * np.uint64(5))
        now = len(np.unique(classes))
        if now > most and now > FEW:
            break
        if now == count:
            return classes
        count = now
    return None


def _sets(ends: Ints, hashes: Hashes, size: int) -> Hashes:
    """Return, for each end, the sum of the distinct hashes of its rows."""
    order = np.lexsort((hashes, ends))
    end, value = ends[order], hashes[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (end[1:] != end[:-1]) | (value[1:] != value[:-1])
    found = np.zeros(size, np.uint64)
    np.add.at(found, end[new], value[new])
    return found


def _mixed(values: Hashes) -> Hashes:
    """Scatter 64-bit numbers (the finaliser of SplitMix64)."""
    mixed = values + SEED
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
