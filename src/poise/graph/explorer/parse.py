"""Reads the text form of a query.

::

    query      = "find" block ["show" column {"," column}] ["order by" column ["descending"]] ["limit" number]
    block      = kinds ["as" word] ["where" some] {link}
    kinds      = "anything" | kind {"or" kind}
    link       = ["without" | "optional"] arrow "(" block ")"
    arrow      = "-[" edges "]->" | "<-[" edges "]-" | "-[" edges "]-"
    edges      = ("any" | edge {"|" edge}) {"," option}
    option     = "to" capability {"|" capability} | "state" state {"|" state} | "port" number | number | span
    some       = every {"or" every}
    every      = unary {"and" unary}
    unary      = "not" unary | "(" some ")" | finding | property
    finding    = "has" "finding" ["(" quality {"," quality} ")"]
    quality    = "check" text | "severity" level | "risk" level | "state" ("unhealthy" | "unknown" | "any")
    property   = name [sign value | "contains" text | "starts with" text | "ends with" text | "in" list | "exists"]

A name alone means that the property is true. Names, kinds and texts with blanks or marks, or that are words of the
language, stand in double quotes, with the escapes of JSON.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from poise.graph.explorer.conditions import condition
from poise.graph.explorer.reader import Reader
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.query import MAX_BLOCKS, MAX_HOPS, MAX_ROWS, Block, Direction, EdgeFilter, Link, Presence, Query, walk

E = TypeVar("E", bound=StrEnum)
MAX_DEPTH = 30
"""Deepest nesting of parentheses."""


def parse(text: str) -> Query:
    """Return the query of a text; raises :class:`~poise.graph.explorer.tokens.BadQuery` with the column."""
    words = Reader(text)
    words.expect("find")
    find = _block(words, 0)
    show = _columns(words) if words.take("show") else ()
    order = _column(words) if words.take_all("order", "by") else ""
    descending = bool(order) and words.take("descending")
    limit = _limit(words) if words.take("limit") else 200
    words.expect_end()
    query = Query(find, show, order, descending, limit)
    if sum(1 for _ in walk(find)) > MAX_BLOCKS:
        raise words.wrong(f"a query has at most {MAX_BLOCKS} blocks.")
    return query


def _block(words: Reader, depth: int) -> Block:
    if depth > MAX_DEPTH:
        raise words.wrong(f"blocks are nested more than {MAX_DEPTH} deep.")
    kinds = _kinds(words)
    alias = words.name("a name for the block") if words.take("as") else ""
    where = condition(words) if words.take("where") else None
    links = []
    while words.at("without", "optional", "-[", "<-["):
        links.append(_link(words, depth))
    return Block(kinds, where, tuple(links), alias)


def _kinds(words: Reader) -> frozenset[str]:
    if words.take("anything"):
        return frozenset()
    kinds = {words.name("a kind, such as AWS::S3::Bucket, or `anything`")}
    while words.take("or"):
        kinds.add(words.name("a kind"))
    return frozenset(kinds)


def _link(words: Reader, depth: int) -> Link:
    presence = Presence.REQUIRED
    if words.at("without", "optional"):
        presence = Presence(words.next().text)
    against = words.at("<-[")
    if not words.take("<-["):
        words.expect("-[")
    kinds = _edge_kinds(words)
    options = _options(words)
    direction = _direction(words, against)
    words.expect("(")
    to = _block(words, depth + 1)
    words.expect(")")
    least, most = options.hops
    return Link(to, options.filter(kinds), direction, least, most, presence)


def _direction(words: Reader, against: bool) -> Direction:
    if against:
        words.expect("]-")
        return Direction.IN
    if words.take("]->"):
        return Direction.OUT
    words.expect("]-", "]->")
    return Direction.EITHER


def _edge_kinds(words: Reader) -> frozenset[EdgeKind]:
    if words.take("any"):
        return frozenset()
    kinds = {words.one_of(EdgeKind, "a kind of edge")}
    while words.take("|"):
        kinds.add(words.one_of(EdgeKind, "a kind of edge"))
    return frozenset(kinds)


class _Options:
    """The options of an edge, as they are read."""

    def __init__(self) -> None:
        self.states = EdgeFilter().states
        self.capabilities: frozenset[Capability] = frozenset()
        self.port: int | None = None
        self.hops = (1, 1)

    def filter(self, kinds: frozenset[EdgeKind]) -> EdgeFilter:
        return EdgeFilter(kinds, self.states, self.capabilities, self.port)


def _options(words: Reader) -> _Options:
    options = _Options()
    while words.take(","):
        if words.take("to"):
            options.capabilities = _several(words, Capability, "a capability")
        elif words.take("state"):
            options.states = _several(words, EdgeState, "a state")
        elif words.take("port"):
            options.port = words.whole_number(0, 65535)
        else:
            options.hops = _hops(words)
    return options


def _several(words: Reader, kind: type[E], what: str) -> frozenset[E]:
    found = {words.one_of(kind, what)}
    while words.take("|"):
        found.add(words.one_of(kind, what))
    return frozenset(found)


def _hops(words: Reader) -> tuple[int, int]:
    span = words.span()
    if span is None:
        most = words.whole_number(1, MAX_HOPS)
        return most, most
    least, most = span
    if not 1 <= least <= most <= MAX_HOPS:
        raise words.wrong(f"a link stands for 1 to {MAX_HOPS} edges, the smaller number first.", back=1)
    return least, most


def _columns(words: Reader) -> tuple[str, ...]:
    columns = [_column(words)]
    while words.take(","):
        columns.append(_column(words))
    return tuple(columns)


def _column(words: Reader) -> str:
    return words.name("a column")


def _limit(words: Reader) -> int:
    return words.whole_number(1, MAX_ROWS)
