"""Builds the graph of an estate, family by family; what did not change since the last time is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from poise.graph.estate import Estate
from poise.graph.family import Family, Told, Width, families
from poise.graph.graph import Builder, Graph
from poise.graph.insights.nodes import nodes_of
from poise.graph.pausing import collection_paused
from poise.model.graph import EVERYONE, INTERNET, Edge, Node

OUTSIDE = (
    Node(id=INTERNET, kind="internet", name="the internet", provider="", scope=""),
    Node(id=EVERYONE, kind="everyone", name="everyone", provider="", scope=""),
)
PartKey = tuple[int, str, str, str]
"""Number of the estate, family, provider, scope; the last two are empty for all."""


class Part(msgspec.Struct, frozen=True):
    """What one family found in one part of an estate."""

    digest: bytes
    """What the part came to."""
    nodes: tuple[Node, ...]
    """Nodes of assets, or for what is no asset."""
    edges: tuple[Edge, ...]
    """Its edges."""
    told: tuple[Told, ...]
    """Judgements about nodes."""


class Built(msgspec.Struct, frozen=True):
    """A graph with the parts that it was put together from."""

    graph: Graph
    """The graph."""
    parts: Mapping[PartKey, Part]
    """What to give to :func:`rebuild` the next time."""
    looked_at: frozenset[PartKey]
    """Parts that were looked at anew."""


def build(*estates: Estate) -> Graph:
    """Build the graph of one or more estates, each the assets of one source."""
    return rebuild(estates, {}).graph


def rebuild(estates: Iterable[Estate], before: Mapping[PartKey, Part]) -> Built:
    """Build a graph, taking over the parts of an earlier one whose assets did not change.

    The result equals that of :func:`build`: a family sees nothing but the part that its digest is of.
    """
    with collection_paused():
        return _rebuilt(estates, before)


def _rebuilt(estates: Iterable[Estate], before: Mapping[PartKey, Part]) -> Built:
    parts: dict[PartKey, Part] = {}
    fresh: set[PartKey] = set()
    for at, estate in enumerate(estates):
        for key, part_of, find in work(at, estate):
            known = before.get(key)
            if known is None or known.digest != part_of.digest(find.ignores):
                known = _look(part_of, find)
                fresh.add(key)
            parts[key] = known
    builder = Builder()
    builder.add(OUTSIDE, ())
    for part in parts.values():
        builder.add(part.nodes, part.edges)
        for one in part.told:
            builder.tell(one.node, one.name, one.value)
    return Built(builder.graph(), parts, frozenset(fresh))


NODES = Family(Width.SCOPE, nodes_of)
"""The assets themselves, with what is told of each."""


def work(at: int, estate: Estate) -> Iterator[tuple[PartKey, Estate, Family]]:
    """Yield what is to be looked at: each family with each part of an estate that it is given."""
    providers = sorted({one.PROVIDER for one in estate.assets})
    whole = {provider: estate.only(provider) for provider in providers}
    narrow = {
        (provider, scope): part.only(provider, scope) for provider, part in whole.items() for scope in part.scopes
    }
    for name, family in {"nodes": NODES, **families()}.items():
        if family.width is Width.ESTATE:
            yield (at, name, "", ""), estate, family
        for provider in providers:
            if family.provider not in ("", provider):
                continue
            if family.width is Width.PROVIDER:
                yield (at, name, provider, ""), whole[provider], family
            if family.width is Width.SCOPE:
                for scope in whole[provider].scopes:
                    yield (at, name, provider, scope), narrow[provider, scope], family


def _look(estate: Estate, family: Family) -> Part:
    found = list(family.find(estate))
    return Part(
        estate.digest(family.ignores),
        tuple(one for one in found if isinstance(one, Node)),
        tuple(one for one in found if isinstance(one, Edge)),
        tuple(one for one in found if isinstance(one, Told)),
    )
