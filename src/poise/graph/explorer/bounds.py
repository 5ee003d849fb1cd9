"""What a query finds for certain, and what it may find: the two bounds that a check made of it needs.

A query finds what is true. An asset that it does not find may still be one of which a fact was not read, so that
nobody can say that it is well. `possible` finds those too, `certain` only what no unread fact can change.
"""

from __future__ import annotations

from poise.model.graph import EdgeState
from poise.model.query import (
    Block,
    Condition,
    Every,
    HasFinding,
    Link,
    Not,
    Operator,
    Presence,
    Property,
    Some,
)
from poise.model.verdict import State

KNOWN = ("id", "name", "kind", "provider", "scope", "region")
TAG = "tag."


def certain(find: Block) -> Block:
    """Return the query of which a node of the first block is found whatever the unread facts are."""
    return _block(find, is_certain=True)


def possible(find: Block) -> Block:
    """Return the query that also finds what unread facts might make true."""
    return _block(find, is_certain=False)


def with_any_tags(find: Block) -> Block:
    """Return the query that takes the tags of its first block as they should be: for nodes whose tags were not read."""
    where = None if find.where is None else _with_any_tags(find.where)
    return Block(find.kinds, where, find.links, find.alias)


def _with_any_tags(condition: Condition, *, wanted: bool = True) -> Condition | None:
    """Return what else must hold; None if nothing must. ``wanted`` is whether the condition is to be true, or false."""
    match condition:
        case Every(of=of) | Some(of=of):
            parts = [_with_any_tags(each, wanted=wanted) for each in of]
            kept = tuple(part for part in parts if part is not None)
            all_must = isinstance(condition, Every) is wanted
            if not kept or (not all_must and len(kept) < len(parts)):
                return None
            return kept[0] if len(kept) == 1 else type(condition)(kept)
        case Not(of=one):
            inner = _with_any_tags(one, wanted=not wanted)
            return None if inner is None else Not(inner)
        case Property(name=name) if name.startswith(TAG):
            return None
    return condition


def widened(find: Block) -> Block:
    """Return the query that walks edges of unknown state too, where it asks for any."""
    links = []
    for link in find.links:
        edges = link.edges
        if link.presence is not Presence.WITHOUT:
            edges = type(edges)(edges.kinds, edges.states | {EdgeState.UNKNOWN}, edges.capabilities, edges.port)
        links.append(Link(widened(link.to), edges, link.direction, link.least, link.most, link.presence))
    return Block(find.kinds, find.where, tuple(links), find.alias)


def _block(block: Block, *, is_certain: bool) -> Block:
    where = None if block.where is None else _condition(block.where, is_certain=is_certain)
    links = tuple(_link(link, is_certain=is_certain) for link in block.links if link.presence is not Presence.OPTIONAL)
    return Block(block.kinds, where, links, block.alias)


def _link(link: Link, *, is_certain: bool) -> Link:
    """Return a bound of a link: what is not to be there is judged the other way round."""
    turned = is_certain is not (link.presence is Presence.WITHOUT)
    edges = link.edges
    if not turned:
        edges = type(edges)(edges.kinds, edges.states | {EdgeState.UNKNOWN}, edges.capabilities, edges.port)
    to = _block(link.to, is_certain=turned)
    return Link(to, edges, link.direction, link.least, link.most, link.presence)


def _condition(condition: Condition, *, is_certain: bool) -> Condition:
    match condition:
        case Every(of=of):
            return Every(tuple(_condition(each, is_certain=is_certain) for each in of))
        case Some(of=of):
            return Some(tuple(_condition(each, is_certain=is_certain) for each in of))
        case Not(of=one):
            return Not(_condition(one, is_certain=not is_certain))
        case HasFinding():
            return _finding(condition, is_certain=is_certain)
        case Property():
            return _property(condition, is_certain=is_certain)


def _finding(condition: HasFinding, *, is_certain: bool) -> Condition:
    if is_certain or condition.state is not State.UNHEALTHY:
        return condition
    return HasFinding(condition.check, condition.severity, condition.risk, None)


def _property(condition: Property, *, is_certain: bool) -> Condition:
    """Return a bound of a comparison; a missing insight was not read, a missing tag is not there."""
    name = condition.name
    if name in KNOWN or name.startswith(TAG) or condition.operator is Operator.EXISTS:
        return condition
    there = Property(name, Operator.EXISTS, None)
    return Every((condition, there)) if is_certain else Some((condition, Not(there)))
