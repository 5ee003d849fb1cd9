"""Runs every rule over a graph and keeps the best of the steps that lead from the same to the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from poise.attackpaths.catalog import rules
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Rule
from poise.attackpaths.steps import RANK, State, Taken
from poise.model.graph import EdgeState

Key = tuple[str, State, State, tuple[State, ...]]


def derive(facts: Facts, catalogue: Mapping[str, Rule] | None = None) -> Sequence[Taken]:
    """Return every step that the graph holds, in an order that does not depend on that of its edges."""
    best: dict[Key, Taken] = {}
    for rule in (rules() if catalogue is None else catalogue).values():
        for step in rule.derive(facts):
            taken = Taken(rule.id, step)
            key = (taken.sign, step.source, step.target, step.also)
            if step.source != step.target and (key not in best or _order(taken) < _order(best[key])):
                best[key] = taken
    return [best[key] for key in sorted(best)]


def certain_enough(steps: Iterable[Taken]) -> list[Taken]:
    """Leave out the steps of which something that decides was not read."""
    return [taken for taken in steps if taken.step.state is not EdgeState.UNKNOWN]


def _order(taken: Taken) -> tuple[int, float, int]:
    step = taken.step
    return RANK[step.state], -step.chance, len(step.condition)
