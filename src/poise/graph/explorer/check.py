"""Checks a query, whichever form it came in, and brings it into the one normal form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import msgspec

from poise.model.errors import BadInput
from poise.model.graph import EdgeState
from poise.model.query import (
    MAX_BLOCKS,
    MAX_HOPS,
    MAX_ROWS,
    Block,
    Condition,
    EdgeFilter,
    Every,
    HasFinding,
    Link,
    Not,
    Operator,
    Property,
    Query,
    Some,
    shown,
    walk,
)

MAX_DEPTH = 30
"""Deepest nesting of blocks and of conditions."""
_ALIAS = re.compile(r"[A-Za-z_]\w{0,39}", re.ASCII)
_TEXTUAL = frozenset({Operator.CONTAINS, Operator.STARTS, Operator.ENDS})


def checked(query: Query) -> Query:
    """Return a query in normal form: a group has two members or more, no state means every state.

    Raises :class:`~poise.model.errors.BadInput` that names what is wrong.
    """
    if query.version != 1:
        raise BadInput(f"A query of version {query.version} is not known.", "This Poise reads version 1.")
    normal = msgspec.structs.replace(query, find=_block(query.find, 0))
    if sum(1 for _ in walk(normal.find)) > MAX_BLOCKS:
        raise BadInput(f"A query has at most {MAX_BLOCKS} blocks.")
    if not 1 <= query.limit <= MAX_ROWS:
        raise BadInput(f"The limit {query.limit} is not from 1 to {MAX_ROWS}.")
    _check_names(normal)
    return normal


def names(query: Query) -> list[str]:
    """Return the name of each shown block: its alias, or its number counted from 1."""
    return [block.alias or str(number) for number, block in enumerate(shown(query.find), 1)]


def column(query: Query, text: str) -> tuple[int, str]:
    """Return the place of a column's block among the shown ones, and the property; raises BadInput."""
    known = names(query)
    first, dot, rest = text.partition(".")
    if dot and first in known:
        return known.index(first), rest
    if dot and _ALIAS.fullmatch(first) and first != "tag":
        raise BadInput(f"The column {text!r} names no block.", f"Blocks are: {', '.join(known)}.")
    return 0, text


def _check_names(query: Query) -> None:
    aliases = [block.alias for block, _ in walk(query.find) if block.alias]
    for alias in aliases:
        if not _ALIAS.fullmatch(alias) or alias == "tag":
            raise BadInput(f"{alias!r} cannot name a block.", "Use letters, digits and _, beginning with a letter.")
    for alias in aliases:
        if aliases.count(alias) > 1:
            raise BadInput(f"Two blocks are named {alias!r}.")
    for text in (*query.show, *([query.order] if query.order else [])):
        column(query, text)


def _block(block: Block, depth: int) -> Block:
    if depth > MAX_DEPTH:
        raise BadInput(f"Blocks are nested more than {MAX_DEPTH} deep.")
    where = None if block.where is None else _condition(block.where, 0)
    links = tuple(_link(link, depth) for link in block.links)
    return msgspec.structs.replace(block, where=where, links=links)


def _link(link: Link, depth: int) -> Link:
    if not 1 <= link.least <= link.most <= MAX_HOPS:
        raise BadInput(f"A link of {link.least} to {link.most} edges: 1 to {MAX_HOPS} are possible.")
    edges = link.edges
    if edges.port is not None and not 0 <= edges.port <= 65535:
        raise BadInput(f"{edges.port} is no port.")
    full = EdgeFilter(edges.kinds, edges.states or frozenset(EdgeState), edges.capabilities, edges.port)
    return msgspec.structs.replace(link, edges=full, to=_block(link.to, depth + 1))


def _condition(condition: Condition, depth: int) -> Condition:
    if depth > MAX_DEPTH:
        raise BadInput(f"Conditions are nested more than {MAX_DEPTH} deep.")
    match condition:
        case Every(of=of) | Some(of=of):
            inner = tuple(_condition(each, depth + 1) for each in of)
            if not inner:
                raise BadInput("A group of conditions is empty.")
            return inner[0] if len(inner) == 1 else type(condition)(inner)
        case Not(of=one):
            return Not(_condition(one, depth + 1))
        case HasFinding():
            return condition
        case Property():
            return _property(condition)


def _property(condition: Property) -> Property:
    for wrong in _faults(condition):
        raise BadInput(f"The condition on {condition.name!r}: {wrong}")
    return condition


def _faults(condition: Property) -> Iterator[str]:
    operator, value = condition.operator, condition.value
    if not condition.name or condition.name == "tag.":
        yield "it names no property."
    if (operator is Operator.EXISTS) != (value is None):
        yield "`exists` takes no value, and every other operator takes one."
    if (operator is Operator.IN) != isinstance(value, tuple):
        yield "`in` takes a list, and no other operator does."
    if value == ():
        yield "the list is empty."
    if operator in _TEXTUAL and not isinstance(value, str):
        yield f"`{operator}` takes a text."
    if any(isinstance(each, float) and not math.isfinite(each) for each in _values(condition)):
        yield "the number is not finite."


def _values(condition: Property) -> tuple[object, ...]:
    return condition.value if isinstance(condition.value, tuple) else (condition.value,)
