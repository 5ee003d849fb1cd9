"""The graph of everything that is stored, with some records changed where somebody asks what if."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from poise.app.marked_rules import risk_rules_of
from poise.app.workspace import Workspace
from poise.attackpaths.facts import Facts
from poise.attackpaths.proving import Changed
from poise.graph.build import Built, Part, PartKey, rebuild
from poise.graph.estate import Estate
from poise.graph.graph import HOST
from poise.model.asset import Asset
from poise.score.risk import grade
from poise.score.risk_rules import Degree, RiskRules


@dataclass(frozen=True)
class Source:
    """What one source has read."""

    name: str
    assets: tuple[Asset, ...]
    problems: Mapping[tuple[str, str], str]
    listed: frozenset[tuple[str, str]]


@dataclass
class Sources:
    """Everything that is stored, ready to be built again and again."""

    sources: tuple[Source, ...]
    rules: RiskRules
    """What tells how sensitive and critical assets are."""
    _parts: Mapping[PartKey, Part] = field(default_factory=dict)

    @property
    def assets(self) -> dict[str, Asset]:
        """Return every record by its id; of several the last one's, but a cloud's own before a scanned machine's."""
        every = sorted((a for source in self.sources for a in source.assets), key=lambda one: one.PROVIDER != HOST)
        return {asset.id: asset for asset in every}

    def facts(self, changed: Changed | None = None) -> Facts:
        """Return the graph with some records changed; the parts of the first one are used again."""
        built = self._built(changed or {})
        if not self._parts:
            self._parts = built.parts
        return Facts(built.graph.nodes(), built.graph.edges())

    def _built(self, changed: Changed) -> Built:
        return rebuild([self._estate(source, changed) for source in self.sources], self._parts)

    def _estate(self, source: Source, changed: Changed) -> Estate:
        assets = tuple(_with(source.assets, changed))
        return Estate(assets, source.problems, source.listed, marks_of(assets, self.rules))


def sources_of(workspace: Workspace) -> Sources:
    """Load everything that is stored."""
    store = workspace.store
    names = sorted({scope.source for scope in store.scans.coverage(None).scopes})
    return Sources(
        tuple(
            Source(
                name,
                tuple(store.assets.load(name)),
                store.scans.absences(name) | store.scans.listing_problems(name),
                store.scans.listed(name),
            )
            for name in names
        ),
        risk_rules_of(workspace),
    )


def marks_of(assets: Iterable[Asset], rules: RiskRules) -> Mapping[str, Mapping[str, Any]]:
    """Return how sensitive and critical assets are, in the words of :mod:`poise.app.graph`."""
    marks: dict[str, dict[str, Any]] = {}
    for asset in assets:
        for name, more, degrees in (
            ("sensitive", "sensitivity", rules.sensitivity),
            ("critical", "criticality", rules.criticality),
        ):
            degree = grade(asset, degrees).degree
            if degree is not None:
                marks.setdefault(asset.id, {}).update({name: degree is Degree.HIGH, more: degree.value})
    return marks


def _with(assets: Iterable[Asset], changed: Changed) -> Iterable[Asset]:
    """Yield the assets as they would be; records that are new go along with those of their provider and scope."""
    seen = set()
    homes = set()
    for asset in assets:
        seen.add(asset.id)
        homes.add((asset.PROVIDER, asset.scope))
        after = changed.get(asset.id, asset)
        if after is not None:
            yield after if type(after) is type(asset) else asset
    for id, after in changed.items():
        if id not in seen and after is not None and (after.PROVIDER, after.scope) in homes:
            yield after
