"""Writes a query as its text form: what :func:`poise.graph.explorer.parse.parse` reads back as the same query."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from poise.graph.explorer.reader import KEYWORDS
from poise.model.query import (
    Block,
    Condition,
    Direction,
    EdgeFilter,
    Every,
    HasFinding,
    Link,
    Not,
    Operator,
    Presence,
    Property,
    Query,
    Scalar,
    Some,
)
from poise.model.verdict import State

_BARE = re.compile(r"[A-Za-z_][\w.:/*-]*", re.ASCII)
_ARROWS = {Direction.OUT: ("-[", "]->"), Direction.IN: ("<-[", "]-"), Direction.EITHER: ("-[", "]-")}


def write(query: Query) -> str:
    """Return the one line that says what a query says. The query is in normal form (:mod:`.check`)."""
    parts = ["find", *_block(query.find)]
    if query.show:
        parts += ["show", ", ".join(_name(column) for column in query.show)]
    if query.order:
        parts += ["order by", _name(query.order), *(["descending"] if query.descending else [])]
    if query.limit != Query(query.find).limit:
        parts += ["limit", str(query.limit)]
    return " ".join(parts)


def write_condition(condition: Condition) -> str:
    """Return a condition as text."""
    match condition:
        case Some(of=of):
            return " or ".join(_inside(each, Some) for each in of)
        case Every(of=of):
            return " and ".join(_inside(each, Some, Every) for each in of)
        case Not(of=inner):
            return f"not {_inside(inner, Some, Every)}"
        case HasFinding():
            return _finding(condition)
        case Property():
            return _property(condition)


def write_edges(link: Link) -> str:
    """Return what stands between the brackets of a link's arrow."""
    return ", ".join((_either(link.edges.kinds) or "any", *_options(link)))


def _block(block: Block) -> Iterator[str]:
    yield " or ".join(_name(kind) for kind in sorted(block.kinds)) or "anything"
    if block.alias:
        yield f"as {_name(block.alias)}"
    if block.where is not None:
        yield f"where {write_condition(block.where)}"
    for link in block.links:
        yield from _link(link)


def _link(link: Link) -> Iterator[str]:
    if link.presence is not Presence.REQUIRED:
        yield link.presence.value
    head, tail = _ARROWS[link.direction]
    yield f"{head}{write_edges(link)}{tail}"
    yield f"({' '.join(_block(link.to))})"


def _options(link: Link) -> Iterator[str]:
    edges = link.edges
    if edges.capabilities:
        yield f"to {_either(edges.capabilities)}"
    if edges.states != EdgeFilter().states:
        yield f"state {_either(edges.states)}"
    if edges.port is not None:
        yield f"port {edges.port}"
    if link.least != link.most:
        yield f"{link.least}..{link.most}"
    elif link.most > 1:
        yield str(link.most)


def _either(words: Iterable[str]) -> str:
    return "|".join(sorted(words))


def _inside(condition: Condition, *wrapped: type) -> str:
    text = write_condition(condition)
    return f"({text})" if isinstance(condition, wrapped) else text


def _finding(condition: HasFinding) -> str:
    qualities = []
    if condition.check is not None:
        qualities.append(f"check {_name(condition.check)}")
    if condition.severity is not None:
        qualities.append(f"severity {condition.severity}")
    if condition.risk is not None:
        qualities.append(f"risk {condition.risk}")
    if condition.state is not State.UNHEALTHY:
        qualities.append(f"state {condition.state or 'any'}")
    return f"has finding ({', '.join(qualities)})" if qualities else "has finding"


def _property(condition: Property) -> str:
    name, operator, value = _name(condition.name), condition.operator, condition.value
    if operator is Operator.EXISTS:
        return f"{name} exists"
    if isinstance(value, tuple):
        return f"{name} {operator} ({', '.join(scalar(each) for each in value)})"
    if operator is Operator.EQUAL and value is True:
        return name
    return f"{name} {operator} {scalar(value)}"


def scalar(value: Scalar | None) -> str:
    """Return one value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text if "." in text else f"{text}.0"
    return str(value) if isinstance(value, int) else _name(str(value))


def _name(text: str) -> str:
    if _BARE.fullmatch(text) and text not in KEYWORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
