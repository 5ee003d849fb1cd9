"""What rules of governance look at: findings completed by what checks and groups of assets say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import msgspec

from poise.app.covering import ids_of
from poise.app.workspace import Workspace
from poise.model.governance import Facts, Rule
from poise.store.governance import Candidate, Wanted

RESOURCE_GROUP = re.compile(r"(/subscriptions/[^/]+/resourcegroups/[^/]+)(/.*)?", re.IGNORECASE)
Tags = Mapping[str, str]


class Groups:
    """The groups that assets are in. Azure's resource groups are known from the ids of what is in them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._tags: dict[str, Tags] = {}

    def of(self, facts: Facts) -> tuple[tuple[str, ...], tuple[Tags, ...]]:
        """Return the groups of an asset, and the tags of each."""
        named = self._named.get(facts.asset) or self._named.get(facts.asset.lower(), ())
        found = RESOURCE_GROUP.fullmatch(facts.asset) if facts.provider == "azure" else None
        if found is None:
            return named, ()
        id = found[1].lower()
        if id not in self._tags:
            self._tags[id] = self._workspace.store.governance.tags_of((id,)).get(id, {})
        return (id, *named), (self._tags[id],)

    @cached_property
    def _named(self) -> Mapping[str, tuple[str, ...]]:
        """Asset -> the groups that people have defined and that hold it."""
        return self._workspace.store.groups.by_asset()


def candidates(workspace: Workspace, wanted: Wanted | None = None) -> Iterator[Candidate]:
    """Yield open findings with everything that rules look at."""
    groups = Groups(workspace)
    for candidate in workspace.store.governance.candidates(workspace.viewer, wanted):
        check = workspace.checks.get(candidate.facts.check)
        names, tags = groups.of(candidate.facts)
        category = check.category if check else None
        facts = msgspec.structs.replace(candidate.facts, category=category, groups=names, group_tags=tags)
        yield candidate._replace(facts=facts)


def resolved(workspace: Workspace, rule: Rule) -> Rule:
    """Return a rule with the present ids of the checks that it names; those of Azure's groups are without case."""
    conditions = tuple(
        msgspec.structs.replace(
            condition,
            checks=tuple(sorted({id for word in condition.checks for id in ids_of(word, workspace.checks) or {word}})),
        )
        for condition in rule.conditions
    )
    places = {
        name: msgspec.structs.replace(place, groups=tuple(map(_group_id, place.groups)))
        for name, place in (("scope", rule.scope), ("excluded", rule.excluded))
    }
    return msgspec.structs.replace(rule, conditions=conditions, **places)


def _group_id(name: str) -> str:
    return name.lower() if RESOURCE_GROUP.fullmatch(name) else name
