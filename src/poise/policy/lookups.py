"""Looking up records for questions about the network: each once, and what was not read as a value."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any, TypeVar

from poise.model.asset import Asset
from poise.model.errors import BadInput, NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Unread

T = TypeVar("T")
A = TypeVar("A", bound=Asset)


class Lookups:
    """An inventory for questions about one protocol. What was looked up or added up is kept."""

    def __init__(self, inventory: Inventory, protocol: str = "tcp") -> None:
        self.inventory = inventory
        self.protocol = protocol
        self._kept: dict[tuple[Hashable, ...], Any] = {}

    def once(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """Return what was made for a key before, or make it."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A] | Unread:
        """Return the assets of a kind, or why they were not read."""
        key = ("of", kind.KIND, scope, *equal.items())
        return self.once(key, lambda: known(lambda: self.inventory.of(kind, scope, **equal), kind.KIND))

    def find(self, kind: type[A], scope: str, id: str) -> A | Unread:
        """Return one asset, or why it is not at hand."""
        key = ("find", kind.KIND, scope, id)
        return self.once(key, partial(self._find, kind, scope, id))

    def _find(self, kind: type[A], scope: str, id: str) -> A | Unread:
        found = known(lambda: self.inventory.find(kind, scope, id), last_part(id))
        return Unread(last_part(id), "it is not in the inventory") if found is None else found


def known(read: Callable[[], T], input: str = "") -> T | Unread:
    """Return what is read, or why it was not, with the name of the input."""
    try:
        return read()
    except NotCollected as gap:
        return Unread(input or gap.field, gap.reason)
    except BadInput as problem:
        return Unread(input, f"it cannot be understood: {problem}")


def fact(asset: Asset, name: str) -> Any | Unread:
    """Return one fact of an asset, or why it was not read."""
    return known(lambda: getattr(asset, name), f"{name} of {last_part(asset.id)}")


def last_part(id: str) -> str:
    """Return the last part of an id with slashes, which people know it by."""
    return id.rpartition("/")[2]
