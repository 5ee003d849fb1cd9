"""Finds out where a query is narrow before it is run, and lets that narrow what lies beside it.

Both databases guess badly how many nodes a chain of conditions leaves, and then begin at its wrong end. So each block
is asked alone for its nodes, if these are few; from there, the smallest set first, the nodes that its links lead to
limit the next block, and so on to and fro. What is found are the numbers of nodes that may be part of a row: never
too few, at times too many, so the query itself still decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select

from poise.store.exploring.joins import Joiner
from poise.store.exploring.spots import Spot

Ask = Callable[[Select[Any]], Sequence[int]]
"""Runs a query for numbers."""
FEW = 5_000
"""Nodes of a block that are fetched to narrow others; of one that only names kinds, a fifth."""
EDGES = 50_000
"""Ends of edges that are fetched to narrow one block."""
WORTH = 0.7
"""A block that was narrowed to no less than this share of what it had is not followed again."""


def narrow(joiner: Joiner, root: Spot, ask: Ask, few: int = FEW) -> None:
    """Set the nodes of the spots of a query, where they are at most ``few``, or lie beside such.

    None are left where a link needs edges that the graph has not: that is asked first, as it may answer the query.
    """
    _follow(joiner, _cut_off(joiner, root, ask), ask)
    if root.nodes is not None and not root.nodes:
        return
    spots = [s for s in root.walk() if s.nodes is None and (s.block.kinds or s.block.where is not None)]
    for spot in spots:
        most = few // 5 if spot.block.where is None else few
        found = ask(joiner.candidates(spot).limit(most + 1))
        if len(found) <= most:
            spot.nodes = sorted(found)
    _follow(joiner, [spot for spot in spots if spot.nodes is not None], ask)


def _cut_off(joiner: Joiner, root: Spot, ask: Ask) -> list[Spot]:
    """Leave no nodes at the spots whose link no edge of the graph can be; return them."""
    spots = [spot for spot in root.walk() if spot.link is not None]
    cut = [spot for spot in spots if not ask(joiner.walkable(spot).limit(1))]
    for spot in cut:
        spot.nodes = []
    return cut


def _follow(joiner: Joiner, todo: list[Spot], ask: Ask) -> None:
    """Let narrow spots limit those beside them, the narrowest first, as long as that is worth it."""
    while todo:
        todo.sort(key=lambda spot: len(spot.nodes or ()))
        spot = todo.pop(0)
        todo += [other for other in spot.beside() if _narrowed(joiner, spot, other, ask) and other not in todo]


def _narrowed(joiner: Joiner, spot: Spot, other: Spot, ask: Ask) -> bool:
    """Limit a spot to what lies beside another one; return whether that is worth following."""
    before = other.nodes
    found = set(ask(joiner.neighbours(spot, other).limit(EDGES + 1))) if spot.nodes else set[int]()
    if len(found) > EDGES or (before is not None and len(found) >= len(before)):
        return False
    other.nodes = sorted(found)
    return before is None or len(found) < WORTH * len(before)
