"""A fix: a change of facts that takes steps away, with how people make it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from poise.attackpaths.facts import Facts
from poise.attackpaths.steps import Step
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
