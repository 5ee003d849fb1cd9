"""Finds every fix by walking the folder when asked, and proposes those that may break a step."""

from __future__ import annotations

import importlib
import pkgutil
from collections import ChainMap
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import replace
from functools import cache
from typing import cast

import msgspec

from poise.attackpaths import fixes as here
from poise.attackpaths.analysis import Analysis
from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.path import AttackPath
from poise.attackpaths.steps import Taken
from poise.model.asset import Asset

MOST_TOGETHER = 50
"""Steps alike that one fix takes away together; of more the cheapest way's alone."""
NAMED = 3
"""Changes that are told one by one."""


class Proposal(msgspec.Struct, frozen=True):
    """A fix for one step, or for those alike of all ways of a finding: changes that go together."""

    fix: str
    changes: tuple[Change, ...]
    breaks: str
    """Rule of the step that it is meant to break."""

    @property
    def says(self) -> str:
        """Return what changes."""
        more = len(self.changes) - NAMED
        told = "; ".join(change.says for change in self.changes[:NAMED])
        return f"{told}; and {more} more like it" if more > 0 else told

    @property
    def effort(self) -> float:
        """Return what it takes, 1 for a switch."""
        return fixes()[self.fix].effort * len(self.changes)

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells two proposals apart."""
        return (self.fix, *(f"{change.before.id} {change.says}" for change in self.changes))


@cache
def fixes() -> Mapping[str, Fix]:
    """Return id -> fix, found by walking the folder."""
    found = {}
    for info in pkgutil.iter_modules(here.__path__):
        module = importlib.import_module(f"{here.__name__}.{info.name}")
        found[info.name] = replace(module.FIX, id=info.name)
    return dict(sorted(found.items()))


def proposals(ground: Ground, found: Analysis, path: AttackPath) -> list[Proposal]:
    """Return the fixes that may break a step of every way of a finding, the easiest first; each distinct one once."""
    known: dict[tuple[str, ...], Proposal] = {}
    for alike in found.alike(path):
        together = alike if len(alike) <= MOST_TOGETHER else alike[:1]
        for id, fix in fixes().items():
            if alike[0].rule in fix.rules:
                changes = _changes(ground, fix, together)
                if changes:
                    proposal = Proposal(id, changes, alike[0].sign)
                    known.setdefault(proposal.key, proposal)
    return sorted(known.values(), key=lambda one: (one.effort, len(one.changes), one.key))


def _changes(ground: Ground, fix: Fix, steps: Iterable[Taken]) -> tuple[Change, ...]:
    """Return the changes for some steps together; what several of them change is changed in turn."""
    made: dict[str, Change] = {}
    after: dict[str, Asset] = {}
    changed = Ground(ground.facts, ChainMap(after, cast("MutableMapping[str, Asset]", ground.assets)))
    for taken in steps:
        for change in fix.propose(changed, taken.step):
            id = change.before.id
            first = made.get(id)
            says = change.says if first is None else f"{first.says}; {change.says}"
            made[id] = Change(change.before if first is None else first.before, change.after, says)
            if change.after is not None:
                after[id] = change.after
    return tuple(made.values())
