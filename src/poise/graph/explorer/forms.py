"""The three forms of a query: JSON, text and cards. Each converts into each other without loss."""

from __future__ import annotations

from typing import Any

import msgspec

from poise.graph.explorer.check import checked
from poise.graph.explorer.parse import parse
from poise.graph.explorer.write import write, write_condition, write_edges
from poise.model.errors import BadInput
from poise.model.query import Block, Condition, Direction, EdgeFilter, Link, Presence, Query

MAX_JSON_BYTES = 256 * 1024
"""Largest JSON form."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One block as a page shows it."""

    number: int
    """Its place, counted from 1."""
    parent: int | None
    """Number of the card it hangs on; None for the first one."""
    presence: Presence = Presence.REQUIRED
    """What the link asks for."""
    direction: Direction = Direction.OUT
    """Which way its edges are walked."""
    edges: EdgeFilter = EdgeFilter()
    """Which edges are walked."""
    least: int = 1
    """Fewest edges in a row."""
    most: int = 1
    """Most edges in a row."""
    edges_text: str = ""
    """The edges as the text form has them."""
    kinds: tuple[str, ...] = ()
    """Kinds of nodes, sorted."""
    where: Condition | None = None
    """What must be true of the node."""
    where_text: str = ""
    """The same as the text form has it."""
    alias: str = ""
    """Name of the block."""


class Cards(msgspec.Struct, frozen=True, kw_only=True):
    """A query as a page shows it."""

    cards: tuple[Card, ...]
    """The blocks, each after the one that it hangs on."""
    show: tuple[str, ...] = ()
    """Columns."""
    order: str = ""
    """Column to sort by."""
    descending: bool = False
    """Largest first."""
    limit: int = 200
    """Most rows."""


def from_text(text: str) -> Query:
    """Return the query of a text, checked; raises :class:`~poise.model.errors.BadInput`."""
    return checked(parse(text))


def to_text(query: Query) -> str:
    """Return the one line of a query."""
    return write(checked(query))


def from_json(data: bytes | str) -> Query:
    """Return the query of a JSON document, checked; raises :class:`~poise.model.errors.BadInput`."""
    if len(data) > MAX_JSON_BYTES:
        raise BadInput(f"The query is larger than {MAX_JSON_BYTES} bytes.")
    try:
        return checked(msgspec.json.decode(data, type=Query))
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise BadInput(f"This is no query: {wrong}.") from None


def to_json(query: Query) -> dict[str, Any]:
    """Return a query as JSON values; sets are sorted."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(checked(query), order="deterministic"))
    return found


def to_cards(query: Query) -> Cards:
    """Return a query as cards."""
    normal = checked(query)
    cards: list[Card] = []
    _lay(normal.find, None, None, cards)
    return Cards(cards=tuple(cards), show=query.show, order=query.order, descending=query.descending, limit=query.limit)


def from_cards(cards: Cards) -> Query:
    """Return the query of cards, checked; texts beside conditions and edges are for reading and do not count."""
    if not cards.cards or cards.cards[0].parent is not None:
        raise BadInput("The first card hangs on no other.")
    numbers = [card.number for card in cards.cards]
    for card in cards.cards[1:]:
        if card.parent is None or card.parent not in numbers[: numbers.index(card.number)]:
            raise BadInput(f"Card {card.number} hangs on no card before it.")
    if len(set(numbers)) < len(numbers):
        raise BadInput("Two cards have the same number.")
    find = _gather(cards.cards[0], cards.cards)
    return checked(Query(find, cards.show, cards.order, cards.descending, cards.limit))


def _lay(block: Block, link: Link | None, parent: int | None, cards: list[Card]) -> None:
    number = len(cards) + 1
    card = Card(
        number=number,
        parent=parent,
        kinds=tuple(sorted(block.kinds)),
        where=block.where,
        where_text="" if block.where is None else write_condition(block.where),
        alias=block.alias,
    )
    cards.append(card if link is None else _linked(card, link))
    for below in block.links:
        _lay(below.to, below, number, cards)


def _linked(card: Card, link: Link) -> Card:
    return msgspec.structs.replace(
        card,
        presence=link.presence,
        direction=link.direction,
        edges=link.edges,
        least=link.least,
        most=link.most,
        edges_text=write_edges(link),
    )


def _gather(card: Card, cards: tuple[Card, ...]) -> Block:
    links = tuple(
        Link(_gather(below, cards), below.edges, below.direction, below.least, below.most, below.presence)
        for below in cards
        if below.parent == card.number
    )
    return Block(frozenset(card.kinds), card.where, links, card.alias)
