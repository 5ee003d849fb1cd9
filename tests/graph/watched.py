"""Watches which facts a family reads, each family over an estate of its own, so that nothing is shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from poise.graph.build import work
from poise.graph.estate import Estate
from poise.model.asset import Asset

Reads = dict[str, set[tuple[str, str]]]
"""Family -> kinds and facts."""


def reads_of(assets: tuple[Asset, ...]) -> Reads:
    """Return which facts of which kinds each family reads of an estate."""
    found: Reads = defaultdict(set)
    for place in range(len([*work(0, Estate(assets))])):
        (_, name, _, _), part, family = [*work(0, Estate(assets))][place]
        with _watching(found[name]):
            for _ in family.find(part):
                pass
    return found


@contextmanager
def _watching(found: set[tuple[str, str]]) -> Iterator[None]:
    plain = object.__getattribute__
    genuine = Asset.__getattr__

    def told(asset: Asset, name: str) -> None:
        kind = plain(asset, "__class__")
        if name == "tags" or name in kind.FACTS:
            found.add((kind.KIND, name))

    def reading(asset: Asset, name: str) -> Any:
        told(asset, name)
        return plain(asset, name)

    def missing(asset: Asset, name: str) -> Any:
        told(asset, name)
        return genuine(asset, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Asset, "__getattribute__", reading, raising=False)
        patch.setattr(Asset, "__getattr__", missing)
        yield
