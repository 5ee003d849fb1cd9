"""Reach between all interfaces at once, by classes of interfaces that are reached alike.

Interfaces with the same subnet, groups and kinds of addresses make one class. A class is asked about once; which of
its members an answer is about is told by their addresses, as rules may cut a class.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from poise.model.aws.ec2 import NetworkInterface
from poise.model.aws.vpc import VpcPeering
from poise.policy.answer import Unread
from poise.policy.aws.reaching.between import OTHER_GATEWAYS, between
from poise.policy.aws.reaching.places import Place, Spot, by_place, spot_of
from poise.policy.aws.reaching.routes import APPLIANCES, routed, starts
from poise.policy.aws.reaching.transit import TRANSIT
from poise.policy.aws.reaching.world import World, fact
from poise.policy.intervals import IpSet, PortSet, union
from poise.policy.reach import Asked, End, Flow, Hop
from poise.policy.traffic import Traffic

EVERY_PORT = PortSet.every()
EVERYONE = IpSet.every()
Pairs = set[tuple[str, str]]


@dataclass(frozen=True)
class Edge:
    """What one class reaches of another, by private addresses."""

    source: Place
    target: Place
    sure: tuple[Flow, ...]
    """What gets through for certain, one for each way."""
    most: tuple[Flow, ...]
    """What may get through, where an input was not read."""

    def ports(self, source: IpSet, target: IpSet) -> PortSet:
        """Return the ports at which a member with some addresses certainly reaches another."""
        return _open_ports(self.sure, source, target)

    def perhaps(self, source: IpSet, target: IpSet) -> PortSet:
        """Return the ports at which it may."""
        return _open_ports(self.most, source, target)


def classes_of(interfaces: Iterable[NetworkInterface]) -> Mapping[Place, list[Spot]]:
    """Sort interfaces into classes."""
    return by_place(spot_of(one) for one in interfaces)


def edges(world: World, classes: Mapping[Place, Sequence[Spot]], ports: PortSet = EVERY_PORT) -> Iterator[Edge]:
    """Yield an edge for each pair of classes of which some member reaches, or may reach, some member of the other."""
    by_vpc: dict[str, list[Place]] = defaultdict(list)
    for place in classes:
        by_vpc[place.vpc].append(place)
    held = {place: _addresses(spots) for place, spots in classes.items()}
    for near, far in _linked(world, by_vpc):
        for source in by_vpc[near]:
            for target in by_vpc[far]:
                edge = _edge(world, source, target, Asked(held[source], held[target], ports, world.protocol))
                if any(flow.open_ports() for flow in edge.most):
                    yield edge


def _edge(world: World, source: Place, target: Place, asked: Asked) -> Edge:
    ways = between(world, source, target)
    sure = tuple(_flow(world, way, asked, is_sure=True) for way in ways)
    if not any(hop.unread for way in ways for hop in way):
        return Edge(source, target, sure, sure)
    return Edge(source, target, sure, tuple(_flow(world, way, asked, is_sure=False) for way in ways))


def _flow(world: World, way: tuple[Hop, ...], asked: Asked, *, is_sure: bool) -> Flow:
    ends = ((End.SOURCE, asked.sources), (End.TARGET, asked.targets))
    sources, targets = (_held(world, way, (end, addresses), asked.ports, is_sure=is_sure) for end, addresses in ends)
    return Flow(sources, targets)


def _held(world: World, way: tuple[Hop, ...], side: tuple[End, IpSet], ports: PortSet, *, is_sure: bool) -> Traffic:
    """Return what the hops of one end leave of some addresses; ways share most of their hops, and so the answers."""
    hops = tuple(hop for hop in way if hop.end is side[0])
    key = (is_sure, *map(id, hops))

    def summed() -> tuple[tuple[Hop, ...], Traffic]:
        passed = Traffic.between(ports, EVERYONE)
        for hop in hops:
            passed = passed & (hop.sure if is_sure else hop.most)
        return hops, passed  # The hops are kept along, so that no other object gets the identity of one.

    _, passed = world.once(("summed", ports, *key), summed)
    return world.once(("held", side[1], ports, *key), lambda: passed & Traffic.between(ports, side[1]))


def _linked(world: World, by_vpc: Mapping[str, Sequence[Place]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of VPCs that something may connect: the same, peered, or both with a gateway to elsewhere."""
    peered = _peered(world, {place.scope for places in by_vpc.values() for place in places})
    away = [vpc for vpc, places in by_vpc.items() if any(_leads_away(world, place) for place in places)]
    yield from ((vpc, vpc) for vpc in by_vpc)
    if peered is None:
        yield from ((near, far) for near in by_vpc for far in by_vpc if near != far)
        return
    pairs = {(near, far) for near in away for far in away if near != far}
    pairs |= {(near, far) for near, far in peered if near in by_vpc and far in by_vpc}
    yield from sorted(pairs)


def _peered(world: World, scopes: Iterable[str]) -> Pairs | None:
    """Return the pairs of peered VPCs; None if that was not read."""
    found: Pairs = set()
    for scope in scopes:
        listed = world.of(VpcPeering, scope)
        if isinstance(listed, Unread):
            return None
        for one in listed:
            requester, accepter = fact(one, "requester"), fact(one, "accepter")
            if isinstance(requester, Unread) or isinstance(accepter, Unread):
                return None
            found |= {(requester.vpc, accepter.vpc), (accepter.vpc, requester.vpc)}
    return found


def _leads_away(world: World, place: Place) -> bool:
    found = routed(world, place)
    return isinstance(found, Unread) or bool(found.perhaps_towards(starts(TRANSIT, *OTHER_GATEWAYS, *APPLIANCES)))


def _open_ports(flows: Iterable[Flow], source: IpSet, target: IpSet) -> PortSet:
    found = PortSet()
    for flow in flows:
        for ports, senders in flow.sources.parts:
            for others, receivers in flow.targets.parts:
                if _meet(senders & source, receivers & target):
                    found = found | (ports & others)
    return found


def _meet(senders: IpSet, receivers: IpSet) -> bool:
    return bool((senders.v4 and receivers.v4) or (senders.v6 and receivers.v6))


def _addresses(spots: Sequence[Spot]) -> IpSet:
    low = tuple(pair for spot in spots for pair in spot.addresses.v4)
    high = tuple(pair for spot in spots for pair in spot.addresses.v6)
    return IpSet(union(low), union(high))
