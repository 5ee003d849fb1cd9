"""Whether packets get from one end to another in Azure: the internet, networks, machines, subnets, services.

Ways by balancers are told as unknown where the groups behind them let packets in: balancers are not collected. They
keep the address of the client, so that a group that is closed closes those ways too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.model.asset import Asset
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.network import Subnet
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.errors import BadInput
from poise.policy.answer import Reason, Unread
from poise.policy.azure.reaching.filters import PRIVATE, Far, filter_hops, group_ids
from poise.policy.azure.reaching.places import Ends, Place, ends_of, found, network_ranges
from poise.policy.azure.reaching.routes import address_hops, peering_hop, route_hop
from poise.policy.azure.reaching.services import service_hops
from poise.policy.azure.reaching.world import NatRule, World
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.lookups import known, last_part
from poise.policy.reach import (
    Asked,
    Clause,
    End,
    Hop,
    Networks,
    Reach,
    any_of,
    barrier,
    closed,
    judge,
    unknown,
    unread_hop,
)
from poise.policy.traffic import Traffic

EVERY_PORT = PortSet.every()
EVERYONE = IpSet.every()
Side = Asset | Networks
SERVICES = (StorageAccount, KeyVault, SqlServer)
BALANCERS = "load balancers and gateways"

__all__ = ["World", "reach", "reach_of_places"]


def reach(world: World, source: Side, target: Side, ports: PortSet = EVERY_PORT) -> Reach:
    """Return whether packets get from a source to a target at some of the asked ports.

    Raises BadInput if no end is an asset, or one is of a kind that has no place in a network.
    """
    if isinstance(target, SERVICES):
        return _to_service(world, source, target, ports)
    if isinstance(source, Networks) and isinstance(target, Networks):
        raise BadInput("One of the two ends has to be an asset.")
    if isinstance(source, Networks):
        assert isinstance(target, Asset)
        ends = ends_of(world, target)
        ways = [way for place in ends.places for way in _from_networks(world, source, place, ports)]
        return _answer(world, ways, ends, target)
    if isinstance(target, Networks):
        ends = ends_of(world, source)
        ways = [way for place in ends.places for way in _to_networks(world, place, target, ports)]
        return _answer(world, ways, ends, source)
    here, there = ends_of(world, source), ends_of(world, target)
    ways = [_between(world, one, other, ports) for one in here.places for other in there.places]
    return _answer(world, ways, Ends((), (*here.gaps, *there.gaps)), target)


def reach_of_places(world: World, source: Place, target: Place, ports: PortSet = EVERY_PORT) -> Reach:
    """Return whether what stands in one place gets to what stands in another."""
    return _between(world, source, target, ports)


def _answer(world: World, ways: list[Reach], ends: Ends, asset: Asset) -> Reach:
    gaps = [unknown(gap.input, gap.reason, world.protocol) for gap in ends.gaps]
    nothing = closed(f"{asset.name} has no network interface", asset.id, world.protocol)
    return any_of((*ways, *gaps), nothing)


def _from_networks(world: World, source: Networks, place: Place, ports: PortSet) -> Iterator[Reach]:
    inside = IpSet() if source.is_internet else source.addresses & _inside(world, place)
    beyond = source.addresses - inside
    far = Far(is_internet=source.is_internet)
    filters = filter_hops(world, place, End.SOURCE, far)
    if inside:
        yield judge(Asked(inside, EVERYONE, ports, world.protocol), filters)
    private = IpSet() if source.is_internet else beyond & PRIVATE
    if private:
        behind = unread_hop(End.SOURCE, Unread("networks behind gateways", "they are not collected"))
        yield judge(Asked(private, EVERYONE, ports, world.protocol), (behind, *filters))
    public = beyond - private
    if public or not inside | private:
        yield from _from_public(world, Networks(public, source.is_internet), place, ports, filters)


def _from_public(
    world: World, source: Networks, place: Place, ports: PortSet, filters: tuple[Hop, ...]
) -> Iterator[Reach]:
    side = End.SOURCE if source.is_internet else None
    asked = Asked(source.addresses, EVERYONE, ports, world.protocol, side)
    is_guarded = group_ids(world, place) != (None, None)
    routes = route_hop(world, place, End.SOURCE)
    yield judge(asked, (*address_hops(world, place, End.SOURCE, is_guarded=is_guarded), routes, *filters))
    if place.pools:
        gap = Unread(BALANCERS, f"{last_part(place.id)} is behind one, and they are not collected")
        yield judge(asked, (unread_hop(End.SOURCE, gap), *filters))
    yield from _translated(world, source, place, ports)


def _translated(world: World, source: Networks, place: Place, ports: PortSet) -> Iterator[Reach]:
    """Yield the ways by rules of firewalls that send packets on to the address of a place."""
    for rule in world.extra.nat_rules:
        meant = known(partial(IpSet.from_cidrs, (rule.translated_address,)))
        there = PortSet.of(rule.translated_port) & ports
        if isinstance(meant, Unread) or not meant & place.addresses or not there or not _carries(rule, world.protocol):
            continue
        filters = filter_hops(world, place, End.SOURCE, Far())
        back = judge(Asked(IpSet.from_cidrs((rule.firewall_range,)), EVERYONE, there, world.protocol), filters)
        if back.is_open:
            senders = EVERYONE if "*" in rule.sources else IpSet.from_cidrs(rule.sources)
            hop = _nat_hop(rule, senders, there)
            side = End.SOURCE if source.is_internet else None
            yield judge(Asked(source.addresses, EVERYONE, there, world.protocol, side), (hop,))
        else:
            yield back


def _nat_hop(rule: NatRule, senders: IpSet, ports: PortSet) -> Hop:
    passed = Traffic.between(ports, senders)
    reason = Reason(f"rule {rule.name} sends port {rule.port} on to {rule.translated_address}", source=rule.name)
    return Hop(End.SOURCE, passed, passed, reason, lambda: (Clause(reason, True, passed),))


def _carries(rule: NatRule, protocol: str) -> bool:
    return bool({one.lower() for one in rule.protocols} & {"any", protocol})


def _to_networks(world: World, place: Place, target: Networks, ports: PortSet) -> Iterator[Reach]:
    inside = IpSet() if target.is_internet else target.addresses & _inside(world, place)
    beyond = target.addresses - inside
    filters = filter_hops(world, place, End.TARGET, Far(is_internet=target.is_internet))
    if inside:
        yield judge(Asked(EVERYONE, inside, ports, world.protocol), (*filters, route_hop(world, place, End.TARGET)))
    private = IpSet() if target.is_internet else beyond & PRIVATE
    if private:
        behind = unread_hop(End.TARGET, Unread("networks behind gateways", "they are not collected"))
        yield judge(Asked(EVERYONE, private, ports, world.protocol), (*filters, behind))
    public = beyond - private
    if public or not inside | private:
        side = End.TARGET if target.is_internet else None
        asked = Asked(EVERYONE, public, ports, world.protocol, side)
        yield judge(asked, (*filters, route_hop(world, place, End.TARGET), _outbound_hop(world, place)))


def _outbound_hop(world: World, place: Place) -> Hop:
    """Return whether a place has a way out: its own address, a NAT gateway, or the default outbound access."""
    open_hop = Hop(End.TARGET, Traffic.every(), Traffic.every(), Reason("it has a way out"))
    if place.public is not None or place.pools:
        return open_hop
    subnet = found(world, Subnet, place.subnet)
    facts = (
        subnet if isinstance(subnet, Unread) else known(lambda: (subnet.nat_gateway, subnet.default_outbound_access))
    )
    if isinstance(facts, Unread):
        return unread_hop(End.TARGET, facts)
    if facts[0] is None and facts[1] is False:
        return barrier(End.TARGET, Reason("its subnet has neither NAT gateway nor default outbound access"))
    return open_hop


def _between(world: World, source: Place, target: Place, ports: PortSet) -> Reach:
    asked = Asked(source.addresses or EVERYONE, target.addresses or EVERYONE, ports, world.protocol)
    leaves = filter_hops(world, source, End.TARGET, Far(target.application_groups))
    enters = filter_hops(world, target, End.SOURCE, Far(source.application_groups))
    link = () if source.network == target.network else (peering_hop(world, source, target),)
    if source.subnet == target.subnet:
        return judge(asked, (*leaves, *enters))
    routes = (route_hop(world, source, End.TARGET), route_hop(world, target, End.SOURCE))
    return judge(asked, (*leaves, *routes, *link, *enters))


def _to_service(world: World, source: Side, service: StorageAccount | KeyVault | SqlServer, ports: PortSet) -> Reach:
    """Judge the public end point of a service; a caller inside of Azure may also come by its subnet."""
    hops = service_hops(service)
    if isinstance(source, Networks):
        side = End.SOURCE if source.is_internet else None
        return judge(Asked(source.addresses, EVERYONE, ports, world.protocol, side), hops)
    found = judge(Asked(internet(), EVERYONE, ports, world.protocol, End.SOURCE), hops)
    if found.is_open:
        return found
    return unknown("subnet rules and private end points", "ways from inside of Azure are not followed", world.protocol)


def _inside(world: World, place: Place) -> IpSet:
    ranges = network_ranges(world, place.network) if place.network else IpSet()
    return IpSet() if isinstance(ranges, Unread) else ranges
