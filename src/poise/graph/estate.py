"""What a graph is built from: the assets of one source, and an inventory over them for the engines of `policy/`."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from poise.model.asset import Asset, content_hash, hash_without
from poise.model.errors import NotCollected
from poise.model.inventory import ListInventory

A = TypeVar("A", bound=Asset)
T = TypeVar("T")
Absent = tuple[str, str]
"""Kind and scope of a listing."""
RULE_FIELDS = {
    "AWS::EC2::SecurityGroup": "rules",
    "AWS::EC2::NetworkAcl": "entries",
    "AWS::EC2::RouteTable": "routes",
    "Microsoft.Network/networkSecurityGroups": "rules",
    "Microsoft.Sql/servers": "firewall_rules",
}
"""Kind -> the field that holds its rules."""
NEVER_LISTED = "was not listed in this scope"


class Listed(ListInventory):
    """An inventory in memory that knows which listings there were; None: all were complete."""

    def __init__(
        self, assets: Iterable[Asset], problems: Mapping[Absent, str], listed: Collection[Absent] | None
    ) -> None:
        super().__init__(assets, problems)
        self._listed = listed

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A]:
        """Return matching assets; see :meth:`poise.model.inventory.Inventory.of`."""
        self._demand(kind, scope)
        return super().of(kind, scope, **equal)

    def find(self, kind: type[A], scope: str, id: str) -> A | None:
        """Return one asset; see :meth:`poise.model.inventory.Inventory.find`."""
        found = self._indexed(kind, scope, "id").get(id)
        if not found:
            self._demand(kind, scope)
        return super().find(kind, scope, id)

    def scopes(self, kind: type[Asset]) -> Sequence[str]:
        """Return where to ask; see :meth:`poise.model.inventory.Inventory.scopes`."""
        listed = {scope for name, scope in self._listed or () if name == kind.KIND}
        return tuple(sorted(listed.union(super().scopes(kind))))

    def _demand(self, kind: type[Asset], scope: str) -> None:
        if self._listed is None or (kind.KIND, scope) in self._listed or (kind.KIND, scope) in self._incomplete:
            return
        raise NotCollected(kind.KIND, f"{kind.KIND} {NEVER_LISTED}")


class Estate:
    """The assets of one source.

    ``problems`` says of (kind, scope) why a listing is not complete; ``listed`` names the listings that there were,
    None if every kind counts as listed; ``marks`` are judgements about assets that were
    made elsewhere, by id and name, such as how sensitive one is.
    """

    def __init__(
        self,
        assets: Iterable[Asset],
        problems: Mapping[Absent, str] | None = None,
        listed: Collection[Absent] | None = None,
        marks: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.assets = tuple(sorted(assets, key=lambda one: (one.id, one.KIND)))
        self.marks = dict(marks or {})
        self._kept: dict[str, Any] = {}
        self._digests: dict[tuple[tuple[str, tuple[str, ...]], ...], bytes] = {}
        self._problems = dict(problems or {})
        self._listed = None if listed is None else frozenset(listed)

    @cached_property
    def inventory(self) -> Listed:
        """The same assets as engines ask for them."""
        return Listed(self.assets, self._problems, self._listed)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Scopes that hold an asset, sorted."""
        return tuple(sorted({one.scope for one in self.assets}))

    def digest(self, ignored: Mapping[str, frozenset[str]]) -> bytes:
        """Return what the assets, their gaps and the listings come to, but for some facts of some kinds."""
        key = tuple(sorted((kind, tuple(sorted(facts))) for kind, facts in ignored.items()))
        if key not in self._digests:
            self._digests[key] = self._digest(ignored)
        return self._digests[key]

    def _digest(self, ignored: Mapping[str, frozenset[str]]) -> bytes:
        told = hashlib.sha256()
        for asset in self.assets:
            left_out = ignored.get(asset.KIND)
            told.update(hash_without(asset, left_out) if left_out else content_hash(asset))
        listed = None if self._listed is None else sorted(self._listed)
        told.update(repr((sorted(self._problems.items()), listed)).encode())
        told.update(msgspec.json.encode(self.marks, order="sorted"))
        return told.digest()

    def of(self, *kinds: type[A]) -> Sequence[A]:
        """Return the assets of some kinds, whatever their scope, by id; what was not listed is not there."""
        found: list[Any] = [one for kind in kinds for one in self._by_kind.get(kind, ())]
        return found if len(kinds) == 1 else sorted(found, key=lambda one: one.id)

    def get(self, id: str) -> Asset | None:
        """Return an asset by its id."""
        return self._by_id.get(id)

    @cached_property
    def places(self) -> dict[str, tuple[str, str]]:
        """Last part of an id -> the asset: answers about the network name groups, tables and lists by it."""
        return {one.id.rpartition("/")[2]: (one.id, RULE_FIELDS.get(one.KIND, "")) for one in self.assets}

    def only(self, provider: str, scope: str = "") -> Estate:
        """Return the part of one provider, or of one of its scopes."""
        chosen = [one for one in self.assets if provider == one.PROVIDER and scope in ("", one.scope)]
        problems = {key: why for key, why in self._problems.items() if scope in ("", key[1])}
        listed = None if self._listed is None else {key for key in self._listed if scope in ("", key[1])}
        ids = {one.id for one in chosen}
        return Estate(chosen, problems, listed, {id: told for id, told in self.marks.items() if id in ids})

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what was made under a name before, or make it: families share what is costly."""
        if name not in self._kept:
            self._kept[name] = make()
        found: T = self._kept[name]
        return found

    @cached_property
    def _by_id(self) -> dict[str, Asset]:
        return {one.id: one for one in self.assets}

    @cached_property
    def _by_kind(self) -> dict[type[Asset], list[Asset]]:
        found: dict[type[Asset], list[Asset]] = defaultdict(list)
        for one in self.assets:
            found[type(one)].append(one)
        return dict(found)


def read(asset: Asset, field: str) -> Any:
    """Return a fact, or None if it was not read."""
    return None if field in asset.unread else getattr(asset, field)
