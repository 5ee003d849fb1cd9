"""The records as a plan would leave them, while it is read: what is stored, with the changes so far on top."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from poise.collect.terraform.resource import LATER, NotSimulated, Resource
from poise.model.asset import Asset, build, field_types

A = TypeVar("A", bound=Asset)
Read = Callable[[Resource], Any]
"""Reads one fact out of a resource."""
NAMED = ("arn", "id", "name", "bucket")
"""Attributes that may name the asset of a resource, the surest first."""
ABSENT = "not in the plan"


@dataclass
class Draft:
    """Records that change."""

    stored: Mapping[str, Asset]
    changed: dict[str, Asset | None] = field(default_factory=dict)
    _kinds: dict[type[Asset], list[str]] = field(default_factory=dict)

    def of(self, kind: type[A]) -> Iterator[A]:
        """Yield the assets of a kind as they would be."""
        if kind not in self._kinds:
            self._kinds[kind] = [id for id, asset in self.stored.items() if isinstance(asset, kind)]
        new = (id for id in self.changed if id not in self.stored)
        for id in (*self._kinds[kind], *new):
            asset = self.changed.get(id, self.stored.get(id))
            if isinstance(asset, kind):
                yield asset

    def find(self, kind: type[A], text: Any) -> A:
        """Return the asset of a kind that an id or a name means. Raises :class:`NotSimulated` if not one does."""
        wanted = str(text or "").lower()
        found = [asset for asset in self.of(kind) if wanted and _is_meant(asset, wanted)]
        exact = [asset for asset in found if asset.id.lower() == wanted]
        if len(exact or found) != 1:
            count = "more than one" if found else "no"
            raise NotSimulated(f"{count} {kind.KIND} {text!r} is stored")
        return (exact or found)[0]

    def put(self, asset: A, **facts: Any) -> None:
        """Change some facts of an asset."""
        self.write(asset, facts, {})

    def forget(self, asset: Asset, fact: str) -> None:
        """Make a fact unread, as the plan does not tell it."""
        self.write(asset, {}, {fact: LATER})

    def write(self, asset: Asset, facts: Mapping[str, Any], unread: Mapping[str, str]) -> None:
        """Change some facts and make others unread."""
        tags = {} if "tags" in asset.unread else {"tags": asset.tags}
        known = msgspec.to_builtins(asset.known()) | tags | dict(facts)
        gaps = {name: why for name, why in asset.unread.items() if name not in facts} | dict(unread)
        identity = {"id": asset.id, "name": asset.name, "scope": asset.scope, "region": asset.region}
        self.changed[asset.id] = build(type(asset), identity, _without(known, gaps), gaps)

    def whole(self, kind: type[A], resource: Resource, facts: Mapping[str, Read], new: str) -> None:
        """Make, change or remove the asset of a resource; ``new`` is the id of one whose id is known later.

        Facts that a new one has and the plan does not tell are unread.
        """
        if resource.goes:
            self.changed[self._present(kind, resource).id] = None
        if resource.comes:
            self._make(kind, resource, facts, new)
        elif not resource.goes:
            told, later = _read(resource, {name: read for name, read in facts.items() if resource.is_other(name)})
            self.write(self._present(kind, resource), told, later)

    def scope_of(self, provider: str) -> str:
        """Return the one scope of a provider. Raises :class:`NotSimulated` if there are more, or none."""
        scopes = {asset.scope for asset in self.stored.values() if provider == asset.PROVIDER}
        if not scopes:
            raise NotSimulated(f"no {provider} account was scanned yet in which it could be made: scan it first")
        if len(scopes) != 1:
            raise NotSimulated(f"it is not told in which of {len(scopes)} scopes it would be made")
        return next(iter(scopes))

    def _present(self, kind: type[A], resource: Resource) -> A:
        named = next((resource.before[name] for name in NAMED if resource.before.get(name)), "")
        return self.find(kind, named)

    def _make(self, kind: type[A], resource: Resource, facts: Mapping[str, Read], new: str) -> None:
        told, later = _read(resource, facts)
        gaps = {name: ABSENT for name in field_types(kind) if name not in told} | later
        scope = self.scope_of(kind.PROVIDER)
        name = str(resource.after.get("name") or resource.after.get("bucket") or resource.address)
        identity = {"id": new.format(scope=scope), "name": name, "scope": scope, "region": "global"}
        self.changed[identity["id"]] = build(kind, identity, told, gaps)


def _read(resource: Resource, facts: Mapping[str, Read]) -> tuple[dict[str, Any], dict[str, str]]:
    told, later = {}, {}
    for name, read in facts.items():
        try:
            told[name] = read(resource)
        except NotSimulated:
            later[name] = LATER
    return told, later


def _is_meant(asset: Asset, text: str) -> bool:
    id = asset.id.lower()
    return id == text or id.rpartition("/")[2].rpartition(":")[2] == text or asset.name.lower() == text


def _without(facts: Mapping[str, Any], gaps: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in gaps}
