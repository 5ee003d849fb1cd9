"""Says why there are no attack paths: what is open, what is worth reaching, and where the best attempt ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from poise.attackpaths.analysis import Analysis, analyse, first_costs
from poise.attackpaths.costs import cheapest_last, forward
from poise.attackpaths.path import AttackPath
from poise.attackpaths.searching import distances_back
from poise.attackpaths.steps import State, Taken
from poise.attackpaths.titles import DOES
from poise.model.graph import EVERYONE, INTERNET, EdgeState


class Blocked(msgspec.Struct, frozen=True):
    """How far the best attempt comes, and what stops it."""

    steps: tuple[Taken, ...]
    """What would be done; empty if nobody gets anywhere."""
    why: str


class Emptiness(msgspec.Struct, frozen=True):
    """Why there are no paths."""

    entries: int
    """Things that somebody outside can touch."""
    targets: int
    """Things worth reaching."""
    steps: int
    """Steps of all kinds that the graph holds."""
    blocked: Blocked
    unread: int
    """Steps that were left out because something that decides was not read."""


def why_empty(found: Analysis) -> Emptiness:
    """Return why an analysis has no paths, or what it would have without those it has."""
    touched = {t.step.target.node for t in found.steps if t.step.source in found.entries}
    return Emptiness(len(touched), len(found.targets), len(found.steps), _blocked(found), found.unread)


def _blocked(found: Analysis) -> Blocked:
    possible = _possible(found)
    if possible:
        steps = possible[0].steps
        gap = next(t.step for t in steps if t.step.state is EdgeState.UNKNOWN)
        return Blocked(steps, f"It is not known whether it can go on, because of what was not read: {gap.condition}")
    if not found.targets:
        return Blocked((), "Nothing is marked as sensitive or critical, and no account to administer is known.")
    closest = _closest(found)
    if closest is None:
        return Blocked((), "Nobody outside reaches anything that leads to a target.")
    here, there = closest
    name = found.facts.name(here.node)
    words = f"{DOES[here.capability]} {name}, but nothing is known that lets them {DOES[there.capability]} it"
    return Blocked(tuple(_way_to(found, here)), f"Somebody outside can {words}, which would lead to a target.")


def _possible(found: Analysis) -> Sequence[AttackPath]:
    """Return the paths that there may be where there are none, because of what was not read."""
    if found.paths or not found.unread:
        return ()
    return analyse(found.facts, msgspec.structs.replace(found.choices, with_unknown=True)).paths


def _closest(found: Analysis) -> tuple[State, State] | None:
    """Return a state that is reached, and one of the same node from which a target is reached, at the least cost."""
    table, states = found.numbered.table, found.numbered.states
    if not len(table.source):
        return None
    first = first_costs(found.numbered, found.entries, found.priors)
    hops = found.priors.limits.hops
    come = cheapest_last(forward(table, ~table.free), forward(table, table.free), first, hops)
    number = found.numbered.number
    go = distances_back(table, [number[s] for s in found.targets if s in number], hops)
    ahead: dict[str, tuple[float, State]] = {}
    for n in np.flatnonzero(np.isfinite(go) & ~np.isfinite(come)).tolist():
        one = (float(go[n]), states[n])
        ahead[states[n].node] = min(one, ahead.get(states[n].node, one))
    found_pairs = list(_pairs(states, come, ahead))
    return min(found_pairs)[1:] if found_pairs else None


def _pairs(
    states: Sequence[State], come: np.ndarray, ahead: dict[str, tuple[float, State]]
) -> Iterator[tuple[float, State, State]]:
    for n in np.flatnonzero(np.isfinite(come)).tolist():
        state = states[n]
        if state.node in ahead and state.node not in (INTERNET, EVERYONE):
            cost, there = ahead[state.node]
            yield float(come[n]) + cost, state, there


def _way_to(found: Analysis, end: State) -> Iterator[Taken]:
    """Yield a shortest way to a state, by breadth."""
    into: dict[State, Taken] = {}
    layer = list(found.entries)
    ahead: dict[State, list[Taken]] = {}
    for taken in found.steps:
        ahead.setdefault(taken.step.source, []).append(taken)
    while layer and end not in into:
        fresh = [t for state in layer for t in ahead.get(state, ()) if t.step.target not in into]
        into |= {t.step.target: t for t in reversed(fresh)}
        layer = [t.step.target for t in fresh]
    steps: list[Taken] = []
    while end in into and end not in found.entries and len(steps) <= len(into):
        steps.append(into[end])
        end = into[end].step.source
    yield from reversed(steps)
