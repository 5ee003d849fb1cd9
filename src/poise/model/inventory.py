"""Inventory: a read-only view of all assets that were collected.

Engines and checks see this protocol alone, so each runs on a list in a test and on the database at scale.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from poise.model.asset import IDENTITY, Asset
from poise.model.errors import NotCollected

A = TypeVar("A", bound=Asset)


class Inventory(Protocol):
    """What a check may ask about other assets."""

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A]:
        """Return the assets of a kind in a scope whose fields equal the given values, by id.

        ``equal`` compares identity or facts with ``==``; an asset whose compared fact is unread makes the
        answer incomplete. Raises :class:`NotCollected` unless the kind was listed completely in the scope.
        """
        ...

    def find(self, kind: type[A], scope: str, id: str) -> A | None:
        """Return the asset with this id, or None if the complete listing has none.

        Raises :class:`NotCollected` if it is absent and the listing is not complete.
        """
        ...

    def scopes(self, kind: type[Asset]) -> Sequence[str]:
        """Return the scopes that hold an asset of a kind, or in which it was listed, in order.

        It tells where to ask, not what there is: a scope whose listing failed may be among them.
        """
        ...


class ListInventory:
    """An inventory over assets in memory.

    ``incomplete`` maps (kind name, scope) to the reason why that listing is not complete; every other
    listing counts as complete.
    """

    def __init__(self, assets: Iterable[Asset] = (), incomplete: Mapping[tuple[str, str], str] | None = None) -> None:
        self._by_kind: dict[tuple[type[Asset], str], list[Asset]] = defaultdict(list)
        for asset in sorted(assets, key=lambda a: a.id):
            self._by_kind[type(asset), asset.scope].append(asset)
        self._incomplete = dict(incomplete or {})
        self._index: dict[tuple[type[Asset], str, str], dict[Any, list[Asset]]] = {}

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A]:
        """Return matching assets; see :meth:`Inventory.of`."""
        reason = self._incomplete.get((kind.KIND, scope))
        if reason is not None:
            raise NotCollected(kind.KIND, reason)
        found: Sequence[Any] = self._by_kind.get((kind, scope), ())
        for field, value in equal.items():
            index = self._indexed(kind, scope, field)
            unread = index.get(_UNREAD)
            if unread:
                raise NotCollected(field, unread[0].unread[field])
            matching = {id(a) for a in index.get(_key(value), ())}
            found = [a for a in found if id(a) in matching]
        return found

    def find(self, kind: type[A], scope: str, id: str) -> A | None:
        """Return one asset; see :meth:`Inventory.find`."""
        index = self._indexed(kind, scope, "id")
        found: Any = index.get(id)
        if found:
            return found[0]  # type: ignore[no-any-return]
        reason = self._incomplete.get((kind.KIND, scope))
        if reason is not None:
            raise NotCollected(kind.KIND, reason)
        return None

    def scopes(self, kind: type[Asset]) -> Sequence[str]:
        """Return where to ask; see :meth:`Inventory.scopes`."""
        held = {scope for held, scope in self._by_kind if held is kind}
        return tuple(sorted(held | {scope for name, scope in self._incomplete if name == kind.KIND}))

    def _indexed(self, kind: type[Asset], scope: str, field: str) -> dict[Any, list[Asset]]:
        key = (kind, scope, field)
        if key not in self._index:
            if field not in (*IDENTITY, *kind.FACTS):
                raise TypeError(f"{kind.__name__} has no field {field!r}")
            index: dict[Any, list[Asset]] = defaultdict(list)
            for asset in self._by_kind.get((kind, scope), ()):
                index[_UNREAD if field in asset.unread else _key(getattr(asset, field))].append(asset)
            self._index[key] = dict(index)
        return self._index[key]


_UNREAD = object()


def _key(value: Any) -> Any:
    """Make a value usable in an index; containers are compared by their JSON-like text."""
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value
