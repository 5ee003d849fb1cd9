"""A fix: a change of facts that takes steps away, with how people make it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

import msgspec

from poise.attackpaths.facts import Facts
from poise.attackpaths.steps import Step, Taken
from poise.model.asset import Asset
from poise.model.check import Fix as Texts


class Change(msgspec.Struct, frozen=True):
    """One record as it would be, or gone."""

    before: Asset
    after: Asset | None
    """None if the asset is removed."""
    says: str
    """What changes, in a few words."""


@dataclass(frozen=True)
class Ground:
    """What fixes look at: the graph, and the records that it was built from."""

    facts: Facts
    assets: Mapping[str, Asset]
    """By id."""

    def of(self, step: Step, *kinds: type[Asset]) -> Iterator[Asset]:
        """Yield the assets of some kinds that a step is about: named by its evidence, or at its ends."""
        ids = (*(one.asset for one in step.evidence), step.source.node, step.target.node)
        for id in dict.fromkeys(ids):
            asset = self.assets.get(id)
            if isinstance(asset, kinds):
                yield asset


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One kind of change."""

    title: str
    """What is done, in the imperative."""
    rules: frozenset[str]
    """Rules whose steps it may take away."""
    propose: Callable[[Ground, Step], Iterable[Change]]
    """Yields changes that may take a step away; whether they do is proven afterwards."""
    texts: Texts
    """How people make it; `{id}` and the like are of the changed asset."""
    effort: float
    """What it takes, 1 for a switch."""
    residual: str = ""
    """What stays true although the path is closed; empty if nothing does."""
    id: str = ""
    """Name of its file; set when it is loaded."""


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
    from poise.attackpaths import fixes as here

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
