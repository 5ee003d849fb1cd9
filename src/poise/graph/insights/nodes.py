"""Assets as nodes, with the judgements that need no other asset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from poise.graph.estate import Estate, read
from poise.graph.family import Found
from poise.graph.insights.table import RULES
from poise.model.asset import Asset
from poise.model.errors import NotCollected
from poise.model.graph import Node


def nodes_of(estate: Estate) -> Found:
    """Yield a node for each asset."""
    for asset in estate.assets:
        yield Node(
            id=asset.id,
            kind=asset.KIND,
            name=asset.name,
            provider=asset.PROVIDER,
            scope=asset.scope,
            region=asset.region,
            insights=dict(_insights(asset, estate)),
            tags=dict(read(asset, "tags") or {}),
        )


def _insights(asset: Asset, estate: Estate) -> Iterator[tuple[str, Any]]:
    yield from sorted(estate.marks.get(asset.id, {}).items())
    if asset.unread:
        yield "unread", sorted(asset.unread)
    for name, by_kind in RULES.items():
        judge = by_kind.get(type(asset))
        if judge is None:
            continue
        try:
            found = judge(asset, estate.inventory)
        except NotCollected:
            continue
        if found is not None:
            yield name, found
