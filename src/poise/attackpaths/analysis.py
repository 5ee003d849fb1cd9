"""The whole search: from the facts of a graph to attack paths, with what is needed to ask further."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from poise.attackpaths.choices import Choices
from poise.attackpaths.collapsing import fold
from poise.attackpaths.costs import cheapest_last, forward, touched
from poise.attackpaths.deriving import certain_enough, derive
from poise.attackpaths.entries import entries
from poise.attackpaths.facts import Facts
from poise.attackpaths.finding import Finder
from poise.attackpaths.path import NOTHING, AttackPath, Bounds
from poise.attackpaths.priors import Priors, priors
from poise.attackpaths.searching import Search
from poise.attackpaths.steps import State, Taken
from poise.attackpaths.table import Floats, Ints, Numbered, Table, numbered
from poise.attackpaths.targets import targets
from poise.graph.pausing import collection_paused


@dataclass(frozen=True)
class Analysis:
    """What was found in a graph."""

    facts: Facts
    choices: Choices
    priors: Priors
    steps: Sequence[Taken]
    """Every step that was taken into account."""
    numbered: Numbered
    table: Table
    """Rows that lie on some way, with the costs of gates."""
    rows: Ints
    """Row of the table -> row of ``numbered``."""
    entries: Mapping[State, str]
    targets: Mapping[State, str]
    paths: tuple[AttackPath, ...]
    """The riskiest first."""
    bounds: Bounds = NOTHING
    """What was left out."""
    unread: int = 0
    """Steps that there may be: something that decides was not read."""

    @cached_property
    def by_sign(self) -> Mapping[str, Sequence[Taken]]:
        """Steps by their kind."""
        found: dict[str, list[Taken]] = {}
        for taken in self.steps:
            found.setdefault(taken.sign, []).append(taken)
        return found

    def alike(self, path: AttackPath) -> Iterator[Sequence[Taken]]:
        """Yield for each step of a finding those that its other ways take in its place, itself first."""
        for taken, before, after in zip(path.steps, path.stages, path.stages[1:], strict=False):
            one = taken.step
            sources, targets = set(before.nodes), set(after.nodes)
            others = [
                other
                for other in self.by_sign.get(taken.sign, ())
                if other.step.source.node in sources
                and other.step.target.node in targets
                and (other.step.source.capability, other.step.target.capability)
                == (one.source.capability, one.target.capability)
                and (other.step.source, other.step.target) != (one.source, one.target)
            ]
            yield (taken, *others)


def analyse(facts: Facts, choices: Choices | None = None, numbers: Priors | None = None) -> Analysis:
    """Find every attack path of a graph."""
    with collection_paused():
        return _analysed(facts, choices, numbers)


def _analysed(facts: Facts, choices: Choices | None, numbers: Priors | None) -> Analysis:
    wanted, known = choices or Choices(), numbers or priors()
    every = derive(facts)
    sure = certain_enough(every)
    steps = every if wanted.with_unknown else sure
    table = numbered(steps, known)
    begun, ended = entries(facts, wanted), targets(facts, wanted)
    first = first_costs(table, begun, known)
    gated = with_gates(table, first, known.limits.hops)
    starts = np.flatnonzero(np.isfinite(first)).astype(np.int32)
    ends = np.array(sorted(table.number[s] for s in ended if s in table.number), np.int32)
    needed = np.array(sorted({n for states in table.gates.values() for n in states}), np.int32)
    wanted_ends = np.union1d(ends, needed).astype(np.int32)
    on_a_way = np.isfinite(gated.cost) & touched(gated, starts, wanted_ends, known.limits.hops)
    kept = gated.kept(on_a_way)
    found = Analysis(
        facts,
        wanted,
        known,
        steps,
        table,
        kept,
        np.flatnonzero(on_a_way).astype(np.int32),
        begun,
        ended,
        (),
        unread=len(every) - len(sure),
    )
    folded = fold(kept, sorts(found), repeats=bool(table.gates))
    searching = Search(folded.table, first, known.limits.hops)
    finder = Finder(found, folded, searching)
    paths = finder.paths()
    return replace(found, paths=paths, bounds=finder.bounds)


def first_costs(table: Numbered, begun: Mapping[State, str], known: Priors) -> Floats:
    """Return the cost at which each state is held from the start: infinite for all but entries."""
    first = np.full(len(table.states), np.inf)
    for state, kind in begun.items():
        if state in table.number:
            first[table.number[state]] = max(0.0, -math.log(known.entries[kind]))
    return first


def with_gates(table: Numbered, first: Floats, hops: int) -> Table:
    """Add to each gate what the further states that it needs cost, in rounds, until nothing gets cheaper."""
    if not table.gates:
        return table.table
    rows = np.array(sorted(table.gates), np.int32)
    own, costs = table.table.cost[rows], table.table.cost.copy()
    costs[rows] = np.inf
    for _ in range(hops + 1):
        now = replace(table.table, cost=costs)
        reached = cheapest_last(forward(now, ~now.free), forward(now, now.free), first, hops)
        after = costs.copy()
        after[rows] = own + np.array([sum(reached[s] for s in table.gates[int(row)]) for row in rows])
        if np.array_equal(after, costs):
            break
        costs = after
    return replace(table.table, cost=costs)


def sorts(found: Analysis) -> list[int]:
    """Number what tells states apart by themselves; a state that a gate needs is like no other."""
    needed = {state for row in found.numbered.gates.values() for state in row}
    kinds: dict[object, int] = {}
    return [
        kinds.setdefault(n if n in needed else _sort(found, state), len(kinds))
        for n, state in enumerate(found.numbered.states)
    ]


def _sort(found: Analysis, state: State) -> object:
    facts, node = found.facts, state.node
    place = (facts.kind(node), facts.scope(node), state.capability, state.ports)
    return (*place, found.entries.get(state), found.targets.get(state))
