"""Where paths meet: places that all of them pass, places ranked by their share, and the smallest set of steps to cut.

Shares are of walks weighted by how likely they succeed; the cut stops walks of any length, so that it may cut more
than the bounded paths need: it is an upper bound, and fixes are proven one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from poise.attackpaths.analysis import Analysis, first_costs
from poise.attackpaths.path import AttackPath
from poise.attackpaths.steps import Taken
from poise.attackpaths.table import Floats, Ints, Table
from poise.graph.cuts import min_cut
from poise.graph.kernels import incoming

LONGEST = 12
"""Rows of a walk, free ones included, that shares are counted over."""
MOST = 25
HARD = 1_000.0
"""Effort of a step that no change of facts takes away."""


class ChokePoint(msgspec.Struct, frozen=True):
    """A node where paths meet."""

    node: str
    name: str
    kind: str
    scope: str
    share: float
    """Part of all weighted ways that pass here, 0 to 1."""
    paths: tuple[str, ...]
    """Ids of the findings of which every way passes here."""


class SmallestCut(msgspec.Struct, frozen=True):
    """A cheapest set of steps without which no target is reached."""

    effort: float
    steps: tuple[Taken, ...]


def choke_points(found: Analysis) -> tuple[ChokePoint, ...]:
    """Return the nodes where most ways meet, the highest share first; entries and targets are none."""
    shares = _node_shares(found)
    single = passed_by_all(found.paths)
    nodes = sorted(shares, key=lambda node: (-len(single.get(node, ())), -shares[node], node))
    facts = found.facts
    return tuple(
        ChokePoint(
            node, facts.name(node), facts.kind(node), facts.scope(node), round(shares[node], 4), single.get(node, ())
        )
        for node in nodes[:MOST]
    )


def single_points(path: AttackPath) -> tuple[str, ...]:
    """Return the nodes that every way of a finding passes, entry and target not among them, in order."""
    ends = {*path.stages[0].nodes, *path.stages[-1].nodes}
    found = (stage.nodes[0] for stage in path.stages[1:-1] if len(stage.nodes) == 1)
    return tuple(node for node in dict.fromkeys(found) if node not in ends)


def passed_by_all(paths: Sequence[AttackPath]) -> Mapping[str, tuple[str, ...]]:
    """Return node -> ids of the findings of which every way passes it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        for node in single_points(path):
            found[node].append(path.id)
    return {node: tuple(ids) for node, ids in found.items()}


def state_shares(table: Table, first: Floats, targets: Ints) -> Floats:
    """Return the part of all weighted walks that pass each state."""
    weight = np.exp(-table.cost)
    before = np.zeros((LONGEST + 1, table.size))
    after = np.zeros((LONGEST + 1, table.size))
    before[0] = np.where(np.isfinite(first), np.exp(-first), 0.0)
    after[0, targets] = 1.0
    for hop in range(1, LONGEST + 1):
        before[hop] = np.bincount(table.target, before[hop - 1][table.source] * weight, table.size)
        after[hop] = np.bincount(table.source, after[hop - 1][table.target] * weight, table.size)
    ahead = np.cumsum(after, axis=0)
    found = sum(before[hop] * ahead[LONGEST - hop] for hop in range(LONGEST + 1))
    total = float(sum(before[hop][targets].sum() for hop in range(LONGEST + 1)))
    return np.asarray(found) / total if total else np.zeros(table.size)


def smallest_cut(found: Analysis) -> SmallestCut:
    """Return a cheapest set of steps that keeps everybody from every target."""
    starts, ends = _ends(found)
    if not len(ends) or not len(starts):
        return SmallestCut(0.0, ())
    table = found.table
    edges = incoming(table.size, table.source, table.target)
    efforts = found.priors.efforts
    capacity = np.array([efforts.get(_rule(found, int(row)), HARD) for row in edges.order])
    cut = min_cut(edges, capacity, starts, ends)
    rows = (int(edges.order[position]) for position in cut.edges)
    return SmallestCut(cut.value, tuple(found.numbered.taken[int(found.rows[row])] for row in rows))


def _rule(found: Analysis, row: int) -> str:
    return found.numbered.taken[int(found.rows[row])].rule


def _ends(found: Analysis) -> tuple[Ints, Ints]:
    first = first_costs(found.numbered, found.entries, found.priors)
    used = np.union1d(found.table.source, found.table.target)
    starts = np.intersect1d(np.flatnonzero(np.isfinite(first)), used).astype(np.int32)
    number = found.numbered.number
    ends = np.intersect1d(sorted(number[s] for s in found.targets if s in number), used).astype(np.int32)
    return np.setdiff1d(starts, ends), ends


def _node_shares(found: Analysis) -> dict[str, float]:
    first = first_costs(found.numbered, found.entries, found.priors)
    _, ends = _ends(found)
    shares: dict[str, float] = defaultdict(float)
    outer = {s.node for s in found.entries} | {s.node for s in found.targets}
    for number, share in enumerate(state_shares(found.table, first, ends).tolist()):
        node = found.numbered.states[number].node
        if share > 0 and node not in outer:
            shares[node] = max(shares[node], min(1.0, share))
    return dict(shares)
