"""Finds every fix by walking the folder when asked, and proposes those that may break a step."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

import msgspec

from poise.attackpaths import fixes as here
from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Taken


class Proposal(msgspec.Struct, frozen=True):
    """A fix for one step: changes that go together."""

    fix: str
    changes: tuple[Change, ...]
    breaks: str
    """Rule of the step that it is meant to break."""

    @property
    def says(self) -> str:
        """Return what changes."""
        return "; ".join(change.says for change in self.changes)

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


def proposals(ground: Ground, steps: Iterable[Taken]) -> list[Proposal]:
    """Return the fixes that may break one of some steps, the easiest first; each distinct one once."""
    found: dict[tuple[str, ...], Proposal] = {}
    for taken in steps:
        for id, fix in fixes().items():
            if taken.rule in fix.rules:
                changes = tuple(fix.propose(ground, taken.step))
                if changes:
                    proposal = Proposal(id, changes, taken.sign)
                    found.setdefault(proposal.key, proposal)
    return sorted(found.values(), key=lambda one: (fixes()[one.fix].effort, len(one.changes), one.key))
