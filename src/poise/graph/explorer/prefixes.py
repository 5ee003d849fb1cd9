"""Parts of a query that lead up to each of its blocks, for a count that says which block finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.model.query import Block, Link, Presence


def prefixes(find: Block) -> Iterator[tuple[Block, int]]:
    """Yield for each block, in order, the query up to it, and its place among the shown blocks of that query.

    The links that lead to it are required there, also one that the query has as `optional` or `without`.
    """
    for path in _paths(find):
        yield _cut(find, path), _place(find, path)


def _paths(block: Block, above: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    yield above
    for number, link in enumerate(block.links):
        yield from _paths(link.to, (*above, number))


def _cut(block: Block, path: tuple[int, ...]) -> Block:
    """Keep the links before the path, and the path itself as far as its end."""
    if not path:
        return msgspec.structs.replace(block, links=())
    last = block.links[path[0]]
    led = msgspec.structs.replace(last, presence=Presence.REQUIRED, to=_cut(last.to, path[1:]))
    return msgspec.structs.replace(block, links=(*block.links[: path[0]], led))


def _place(block: Block, path: tuple[int, ...]) -> int:
    if not path:
        return 0
    before = sum(_size(link) for link in block.links[: path[0]])
    return 1 + before + _place(block.links[path[0]].to, path[1:])


def _size(link: Link) -> int:
    if link.presence is Presence.WITHOUT:
        return 0
    return 1 + sum(_size(below) for below in link.to.links)
