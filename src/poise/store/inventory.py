"""The inventory over the store: the assets of one source, loaded kind by kind when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from poise.model.asset import Asset
from poise.model.inventory import ListInventory
from poise.store.assets import Assets
from poise.store.scans import Scans

A = TypeVar("A", bound=Asset)
NEVER_LISTED = "was not listed in this scope"


class StoreInventory:
    """An :class:`~poise.model.inventory.Inventory` over what one source has stored.

    A kind that was never listed in a scope is not collected, so that its absence proves nothing. What was
    loaded stays in memory: make a new one for each scope that is judged.
    """

    def __init__(self, assets: Assets, scans: Scans, source: str) -> None:
        self._assets = assets
        self._source = source
        self._problems = scans.absences(source) | scans.listing_problems(source)
        self._listed = scans.listed(source)
        self._loaded: dict[tuple[str, str], ListInventory] = {}

    def of(self, kind: type[A], scope: str, **equal: Any) -> Sequence[A]:
        """Return matching assets; see :meth:`Inventory.of`."""
        return self._load(kind, scope).of(kind, scope, **equal)

    def find(self, kind: type[A], scope: str, id: str) -> A | None:
        """Return one asset; see :meth:`Inventory.find`."""
        return self._load(kind, scope).find(kind, scope, id)

    def scopes(self, kind: type[Asset]) -> Sequence[str]:
        """Return where to ask; see :meth:`Inventory.scopes`."""
        return tuple(sorted({scope for name, scope in self._listed if name == kind.KIND}))

    def _load(self, kind: type[Asset], scope: str) -> ListInventory:
        key = (kind.KIND, scope)
        if key not in self._loaded:
            reason = self._problems.get(key) or (None if key in self._listed else f"{kind.KIND} {NEVER_LISTED}")
            assets = self._assets.load(self._source, (scope,), (kind.KIND,))
            self._loaded[key] = ListInventory(assets, {} if reason is None else {key: reason})
        return self._loaded[key]
