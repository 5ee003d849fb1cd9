"""Conditions on where a call comes from: some ask for code in a network, which only some hold.

A condition that names a VPC endpoint or a VPC is met by an attacker who holds code in that network, and by nobody
else. So it becomes a further state that a step needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from poise.attackpaths.conditions import demands
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import NETWORKED
from poise.attackpaths.ports import ANY, joined, overlap
from poise.attackpaths.steps import State, joined_conditions, weakest
from poise.model.graph import Capability, Edge, EdgeKind, EdgeState

INSIDE, ROUTES = EdgeKind.CONTAINS, EdgeKind.ROUTES_TO


NOWHERE_ELSE: Sequence[tuple[State, ...]] = ((),)
"""What is needed besides where a permission hangs on nothing: one way, which asks for nothing."""


class Place(NamedTuple):
    """From where a permission can be used."""

    states: tuple[State, ...]
    """What is needed besides, over other nodes."""
    state: EdgeState
    """How far it is proven that it can be used from there."""
    condition: str


def networks_of(facts: Facts, condition: str) -> frozenset[tuple[State, ...]]:
    """Return the states that a condition on the network asks for, one of which is enough; nothing if nobody has one."""
    return frozenset(tuple(sorted(way)) for demand in demands(condition) for way in _held(facts, sorted(demand)))


def _held(facts: Facts, demand: list[tuple[str, ...]]) -> Iterator[frozenset[State]]:
    """Yield each choice of networks that are known, one for each of those that are asked for together."""
    choices = [[node for name in names for node in _networks(facts, name)] for names in demand]
    for chosen in product(*choices):
        yield frozenset(State(node, Capability.CODE) for node in chosen)


def places_of(facts: Facts, edge: Edge) -> Iterator[Place]:
    """Yield from where a permission can be used; nothing if from nowhere.

    The firewall of a vault or store that takes calls from some subnets asks for code in one of them; from an address
    that it names, for that address. Of a firewall that was not read it is unknown.
    """
    for asked in sorted(networks_of(facts, edge.condition)) if edge.condition else NOWHERE_ELSE:
        yield from _through(facts, edge, asked)


def _through(facts: Facts, edge: Edge, asked: tuple[State, ...]) -> Iterator[Place]:
    """Yield from where a permission can be used by somebody who is in the networks that its condition asks for."""
    anywhere = Place(asked, edge.state, edge.condition)
    allowed = facts.insight(edge.target, "allowed_networks")
    hidden = facts.insight(edge.target, "unread_firewall")
    if edge.capability not in (Capability.READ, Capability.WRITE):
        yield anywhere
    elif hidden:
        condition = joined_conditions(edge.condition, f"not read: {hidden}")
        yield Place(asked, EdgeState.UNKNOWN, condition)
    elif isinstance(allowed, list | tuple):
        yield from (Place((*asked, State(str(one), Capability.CODE)), edge.state, edge.condition) for one in allowed)
        yield from _addresses(facts, edge, asked)
    else:
        yield anywhere


def _addresses(facts: Facts, edge: Edge, asked: tuple[State, ...]) -> Iterator[Place]:
    """Yield the addresses that a firewall lets in, as a condition: whose they are is not known."""
    named = facts.insight(edge.target, "allowed_addresses")
    if isinstance(named, list | tuple) and named:
        condition = joined_conditions(edge.condition, f"the call comes from {', '.join(map(str, named))}")
        yield Place(asked, weakest(edge.state, EdgeState.CONDITIONAL), condition)


def arrivals(facts: Facts, node: str, ports: Iterable[str] = ()) -> tuple[State, ...]:
    """Return the states of somebody whose packets arrive at a node, on one of some ports if any are given.

    Of a database the ways to what holds it, and to what it consists of, count too: a server, the instances of a
    cluster.
    """
    wanted = tuple(ports)
    found = {
        State(place, Capability.NETWORK, joined(route.ports))
        for place in (node, *_around(facts, node))
        for route in facts.into(ROUTES, place)
        if not wanted or overlap(route.ports or (ANY,), wanted)
    }
    return tuple(sorted(found))


def _around(facts: Facts, node: str) -> Iterator[str]:
    if facts.kind(node) in NETWORKED:
        near = [edge.source for edge in facts.into(INSIDE, node)] + [edge.target for edge in facts.out(INSIDE, node)]
        yield from (one for one in near if facts.kind(one) in NETWORKED)


def _networks(facts: Facts, name: str) -> Sequence[str]:
    """Return the network of an endpoint, or the network itself, by the last part of its id."""
    found = facts.named(name)
    if not name.startswith("vpce-"):
        return found
    return [edge.source for id in found for edge in facts.into(INSIDE, id)]
