"""Reads back what ``poise list assets -o json`` wrote: a hand-over from another site, a test case, a support bundle.

The file is a list; every asset in it carries ``format_version``. Each scope becomes one partition. A listing counts
as complete for every kind that the file holds in that scope; kinds that it does not hold are not in this export.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from poise.collect.documents import load_json
from poise.collect.facts import Found
from poise.model.asset import IDENTITY, Asset, Json, build
from poise.model.errors import BadInput, UsageError
from poise.model.kinds import by_kind
from poise.model.listing import Collected, Gap, Listing, ListingState, PartitionKey, Read, Scope

FORMAT_VERSION = 1
SERVICE = "assets"


@dataclass
class AssetsFile:
    """Reads one file of assets; see :class:`Connector`."""

    path: Path
    source: str
    clock: Callable[[], datetime]
    _assets: dict[tuple[str, str], list[Asset]] = field(default_factory=dict, init=False)
    _gaps: dict[tuple[str, str], list[Gap]] = field(default_factory=dict, init=False)

    @staticmethod
    def recognises(path: Path) -> bool:
        """Whether a file has the form."""
        if path.suffix != ".json" or not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(4096)
        return head.lstrip().startswith(b"[") and b'"format_version"' in head

    def scopes(self) -> Sequence[Scope]:
        """Return every scope that an asset of the file names."""
        return tuple(Scope(scope, provider, scope, ()) for provider, scope in self._load())

    def partitions(self, scope: Scope) -> Sequence[PartitionKey]:
        """Return the one partition of a scope."""
        return (PartitionKey(self.source, scope.provider, scope.id, SERVICE, "global"),)

    def reads(self, key: PartitionKey) -> Sequence[Read]:
        """Return nothing: a file makes no calls."""
        return ()

    def read(self, key: PartitionKey) -> Collected:
        """Return the assets of a scope."""
        place = (key.provider, key.scope)
        assets = self._load().get(place, [])
        kinds = sorted({asset.KIND for asset in assets})
        listings = tuple(Listing(kind, ListingState.COMPLETE) for kind in kinds)
        return Collected(key, tuple(assets), listings, tuple(self._gaps.get(place, ())), self.clock())

    def _load(self) -> dict[tuple[str, str], list[Asset]]:
        if not self._assets:
            loaded: dict[tuple[str, str], list[Asset]] = defaultdict(list)
            for number, row in enumerate(self._rows(), 1):
                found, gap = _asset(row, f"{self.path}: asset {number}")
                place = (found.asset.PROVIDER, found.asset.scope)
                loaded[place].append(found.asset)
                self._gaps.setdefault(place, []).extend(gap)
            self._assets = dict(loaded)
        return self._assets

    def _rows(self) -> Sequence[Json]:
        return _listed(load_json(self.path), str(self.path))


def assets_of(value: Any, place: str) -> Iterator[Asset]:
    """Yield the assets of a document that was read already; ``place`` names it in errors."""
    for number, row in enumerate(_listed(value, place), 1):
        yield _asset(row, f"{place}: asset {number}")[0].asset


def _listed(value: Any, place: str) -> Sequence[Json]:
    if not isinstance(value, list):
        raise BadInput(f"{place}: expected a list of assets.")
    return value


def _asset(row: Json, place: str) -> tuple[Found[Any], list[Gap]]:
    if not isinstance(row, Mapping):
        raise BadInput(f"{place}: expected an object.")
    if row.get("format_version") != FORMAT_VERSION:
        version = row.get("format_version")
        raise UsageError(f"{place} has format_version {version!r}; this version reads {FORMAT_VERSION}.")
    kind = by_kind().get(str(row.get("kind")))
    if kind is None:
        raise BadInput(f"{place}: {row.get('kind')!r} is no kind that this version knows.")
    for name in IDENTITY:
        if not isinstance(row.get(name), str):
            raise BadInput(f"{place}: {name} is missing or no text.")
    facts = dict(row.get("record") or {})
    unread = dict(row.get("unread") or {})
    if "tags" not in unread:
        facts["tags"] = row.get("tags") or {}
    asset = build(kind, {name: row[name] for name in IDENTITY}, facts, unread)
    gaps = [
        Gap(SERVICE, f"{asset.KIND}.{name}", reason, expected=True)
        for name, reason in asset.unread.items()
        if name not in unread
    ]
    return Found(asset, {}), gaps
