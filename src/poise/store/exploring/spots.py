"""A query as a tree of spots: each block, with the nodes that may be there where these were found to be few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from poise.model.query import Block, Direction, Link, Presence

TURNED = {Direction.OUT: Direction.IN, Direction.IN: Direction.OUT, Direction.EITHER: Direction.EITHER}
"""A direction as it is seen from the other end."""


class Spot:
    """One block of a query. ``nodes`` are the numbers of the nodes that may be there, sorted; None if not known."""

    def __init__(self, block: Block, link: Link | None = None, above: Spot | None = None) -> None:
        self.block = block
        self.link = link
        self.above = above
        self.below: tuple[Spot, ...] = tuple(Spot(each.to, each, self) for each in block.links)
        self.nodes: Sequence[int] | None = None

    @property
    def presence(self) -> Presence:
        """What the link asks for that leads here."""
        return Presence.REQUIRED if self.link is None else self.link.presence

    def walk(self) -> Iterator[Spot]:
        """Yield this spot and all below it."""
        yield self
        for spot in self.below:
            yield from spot.walk()

    def beside(self) -> Iterator[Spot]:
        """Yield the spots whose nodes are limited by those of this one.

        A spot limits whatever hangs on it; it limits what it hangs on only where it must be there.
        """
        yield from self.below
        if self.above is not None and self.presence is Presence.REQUIRED:
            yield self.above


def turned(find: Block, place: int) -> Block:
    """Return a query that begins with the shown block at a place, and finds there what the given one finds there.

    The links on the way to it are required in it; what is only optional is left out, as it decides nothing.
    """
    block = find
    above: tuple[Link, ...] = ()
    for number in _way(find, place):
        link = block.links[number]
        others = (*block.links[:number], *block.links[number + 1 :])
        upper = msgspec.structs.replace(block, links=(*_deciding(others), *above))
        back = {"to": upper, "direction": TURNED[link.direction], "presence": Presence.REQUIRED}
        above = (msgspec.structs.replace(link, **back),)
        block = link.to
    return msgspec.structs.replace(block, links=(*_deciding(block.links), *above))


def _way(block: Block, place: int) -> tuple[int, ...]:
    """Return which link to follow from each block to the shown block at a place."""
    if place == 0:
        return ()
    at = 1
    for number, link in enumerate(block.links):
        size = _size(link)
        if place < at + size:
            return (number, *_way(link.to, place - at))
        at += size
    raise IndexError(place)


def _size(link: Link) -> int:
    """Return how many blocks of a link are shown."""
    if link.presence is Presence.WITHOUT:
        return 0
    return 1 + sum(_size(below) for below in link.to.links)


def _deciding(links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links that decide what is found, without optional ones at any depth."""
    kept = (link for link in links if link.presence is not Presence.OPTIONAL)
    return tuple(msgspec.structs.replace(link, to=_bare(link.to)) for link in kept)


def _bare(block: Block) -> Block:
    return msgspec.structs.replace(block, links=_deciding(block.links))
