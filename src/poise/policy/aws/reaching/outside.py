"""Ways between an interface and addresses outside of its VPC: the internet, and networks behind gateways.

Sources: VPC User Guide, "Enable internet access for a VPC using an internet gateway", "NAT gateways",
"Egress-only internet gateways", "Block public access to VPCs and subnets", "Gateway route tables".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from poise.model.aws.vpc import InternetGateway, NatGateway, Subnet
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reaching.blocked import Door, block_hop
from poise.policy.aws.reaching.filters import acl_hops, groups_hop
from poise.policy.aws.reaching.places import Place
from poise.policy.aws.reaching.routes import (
    ACTIVE,
    APPLIANCES,
    LOCAL,
    Exactly,
    Routed,
    route_hop,
    routed,
    starts,
    table_for_gateway,
)
from poise.policy.aws.reaching.world import World, fact, known, short
from poise.policy.intervals import V4, V6, IpSet, PortSet, internet
from poise.policy.reach import Asked, Clause, End, Hop, Networks, Reach, judge
from poise.policy.traffic import Traffic

GATEWAY, NAT, EGRESS_ONLY = "igw-", "nat-", "eigw-"
INTERNET = {V4: IpSet(v4=internet().v4), V6: IpSet(v6=internet().v6)}
FAMILIES = {V4: IpSet(v4=IpSet.every().v4), V6: IpSet(v6=IpSet.every().v6)}
PRIVATE_GATEWAYS = ("vgw-", "tgw-", "lgw-", "pcx-", "arn:", "cagw-")
"""Gateways to networks whose other side is not read here."""
NOWHERE = starts()
EVERYONE = IpSet.every()
PRIVATE = IpSet.from_cidrs(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"))
"""Addresses that no internet gateway passes on."""


def from_outside(
    world: World, source: Networks, place: Place, ports: PortSet, listens: tuple[Hop, ...] = ()
) -> Iterator[Reach]:
    """Yield what the ways come to from networks to a place, each for its share of the addresses."""
    local = local_addresses(world, place)
    shares = _shares(source, local)
    side = End.SOURCE if source.is_internet else None
    if shares.public or not (shares.local or shares.private):
        asked = Asked(shares.public, EVERYONE, ports, world.protocol, side)
        yield judge(asked, (*_from_internet(world, place), *listens))
    if shares.private:
        yield judge(Asked(shares.private, EVERYONE, ports, world.protocol), (*_from_behind(world, place), *listens))
    for addresses, hops in _from_neighbours(world, place, shares.local):
        yield judge(Asked(addresses, EVERYONE, ports, world.protocol), (*hops, *listens))


def to_outside(world: World, place: Place, target: Networks, ports: PortSet) -> Iterator[Reach]:
    """Yield what the ways come to from a place to networks."""
    shares = _shares(target, local_addresses(world, place))
    side = End.TARGET if target.is_internet else None
    if shares.public or not (shares.local or shares.private):
        asked = Asked(EVERYONE, shares.public, ports, world.protocol, side)
        yield from (judge(asked, way) for way in _to_internet(world, place))
    if shares.private:
        yield judge(Asked(EVERYONE, shares.private, ports, world.protocol), _to_behind(world, place))
    if shares.local:
        hops = (groups_hop(world, place, End.TARGET), *acl_hops(world, place, End.TARGET))
        yield judge(Asked(EVERYONE, shares.local, ports, world.protocol), hops)


class _Shares(NamedTuple):
    """Addresses by the way that they come."""

    local: IpSet
    private: IpSet
    public: IpSet


def _shares(ends: Networks, local: IpSet) -> _Shares:
    if ends.is_internet:
        return _Shares(IpSet(), IpSet(), ends.addresses)
    beyond = ends.addresses - local
    return _Shares(ends.addresses & local, beyond & PRIVATE, beyond - PRIVATE)


def local_addresses(world: World, place: Place) -> IpSet:
    """Return the addresses that routes keep in the VPC of a place, as far as they were read."""
    found = routed(world, place)
    return IpSet() if isinstance(found, Unread) else found.towards(Exactly(LOCAL))


def _from_neighbours(world: World, place: Place, addresses: IpSet) -> Iterator[tuple[IpSet, tuple[Hop, ...]]]:
    """Yield the hops for addresses of the VPC that wear no group: an ACL does not stand inside of a subnet."""
    enters = groups_hop(world, place, End.SOURCE)
    subnet = world.find(Subnet, place.scope, place.subnet)
    own = IpSet()
    if not isinstance(subnet, Unread):
        ranges = known(lambda: IpSet.from_cidrs((*((subnet.cidr,) if subnet.cidr else ()), *subnet.ipv6_cidrs)))
        own = IpSet() if isinstance(ranges, Unread) else ranges
    if addresses & own:
        yield addresses & own, (enters,)
    if addresses - own:
        yield addresses - own, (*acl_hops(world, place, End.SOURCE), enters)


def _from_internet(world: World, place: Place) -> tuple[Hop, ...]:
    there, back = acl_hops(world, place, End.SOURCE)
    return (
        address_hop(place, End.SOURCE),
        *_through_gateway(world, place, End.SOURCE),
        block_hop(world, place, End.SOURCE, Door.GATEWAY),
        *(there, back),
        groups_hop(world, place, End.SOURCE),
    )


def _to_internet(world: World, place: Place) -> tuple[tuple[Hop, ...], ...]:
    """Return the ways out: by its own address and an internet gateway, by a NAT, by an egress-only gateway."""
    there, back = acl_hops(world, place, End.TARGET)
    before = (groups_hop(world, place, End.TARGET), there, back)
    block, by_nat, by_egress = (block_hop(world, place, End.TARGET, door) for door in Door)
    nats = route_hop(world, place, End.TARGET, _nats(world, place), words="to a NAT gateway that reaches the internet")
    egress = route_hop(world, place, End.TARGET, starts(EGRESS_ONLY), words="to an egress-only internet gateway")
    return (
        (*before, block, address_hop(place, End.TARGET), *_through_gateway(world, place, End.TARGET)),
        (*before, by_nat, _family(End.TARGET, V4), nats),
        (*before, by_egress, _family(End.TARGET, V6), egress),
    )


def _from_behind(world: World, place: Place) -> tuple[Hop, ...]:
    return (
        _behind(world, place, End.SOURCE),
        *acl_hops(world, place, End.SOURCE),
        groups_hop(world, place, End.SOURCE),
    )


def _to_behind(world: World, place: Place) -> tuple[Hop, ...]:
    return (
        groups_hop(world, place, End.TARGET),
        *acl_hops(world, place, End.TARGET),
        _behind(world, place, End.TARGET),
    )


def _behind(world: World, place: Place, end: End) -> Hop:
    """Return the private networks that routes lead to; what lies behind the gateways is not read."""
    gateways = starts(*PRIVATE_GATEWAYS, *APPLIANCES)
    return route_hop(world, place, end, NOWHERE, gateways, "to these networks")


def address_hop(place: Place, end: End) -> Hop:
    """Return the families in which an interface has public addresses, so that the internet can name it."""
    sure = _families(place.public)
    most = sure | _families(place.perhaps_public)
    gaps = tuple(gap for gap in place.gaps if gap.input.startswith(("public", "ipv6")))
    names = " and ".join(f"IPv{family}" for family in place.public)
    clause = Clause(Reason(f"it has a public {names} address"), True, sure)
    return Hop(end, sure, most, Reason("it has no public address"), lambda: (clause,) if sure else (), gaps)


def _through_gateway(world: World, place: Place, end: End) -> tuple[Hop, ...]:
    own = route_hop(world, place, end, starts(GATEWAY), starts(*APPLIANCES), "to an internet gateway")
    found = routed(world, place)
    if isinstance(found, Unread):
        return (own,)
    gaps = _edge_gaps(world, place, found)
    attached = _attached_hop(world, place, found, end)
    if not gaps:
        return (own, attached)
    edge = Hop(end, Traffic(), Traffic.every(), Reason("an appliance stands at the gateway"), unread=gaps)
    return (own, attached, edge)


def _edge_gaps(world: World, place: Place, found: Routed) -> tuple[Unread, ...]:
    """Return the appliances that the table of the gateway itself sends packets to."""
    gateways = dict.fromkeys(s.route.target or "" for s in found.shares if (s.route.target or "").startswith(GATEWAY))
    gaps: list[Unread] = []
    for gateway in gateways:
        table = table_for_gateway(world, place, gateway)
        if isinstance(table, Unread):
            gaps.append(table)
        elif table is not None:
            targets = [r.target or "" for r in table.routes if r.state == ACTIVE and r.target != LOCAL]
            gaps += [Unread(target, "what this appliance passes on is not read") for target in targets]
    return tuple(dict.fromkeys(gaps))


def _attached_hop(world: World, place: Place, found: Routed, end: End) -> Hop:
    """Close what goes to gateways that the listing knows as attached to no VPC, or to another."""
    gateways = world.of(InternetGateway, place.scope)
    shares = [s for s in found.shares if (s.route.target or "").startswith(GATEWAY)]
    loose = IpSet()
    if not isinstance(gateways, Unread):
        vpcs = {short(one.id): fact(one, "vpcs") for one in gateways}
        for share in shares:
            attached = vpcs.get(share.route.target or "")
            if isinstance(attached, tuple) and place.vpc not in attached:
                loose = loose | share.addresses
    passed = Traffic.between(PortSet.every(), IpSet.every() - loose)
    return Hop(end, passed, passed, Reason("the internet gateway is not attached to the VPC"))


def _nats(world: World, place: Place) -> Callable[[str], bool]:
    """Return a test for NAT gateways that themselves reach the internet, as far as is known."""

    def leads(target: str) -> bool:
        if not target.startswith(NAT):
            return False
        listed = world.of(NatGateway, place.scope)
        if isinstance(listed, Unread):
            return True
        nat = next((one for one in listed if short(one.id) == target), None)
        if nat is None:
            return True
        facts = known(lambda: (nat.state, nat.connectivity, nat.subnet, nat.vpc))
        if isinstance(facts, Unread):
            return True
        state, connectivity, subnet, vpc = facts
        if state != "available" or connectivity != "public":
            return False
        own = routed(world, Place(scope=place.scope, vpc=vpc, subnet=subnet or "", groups=(), public=()))
        return isinstance(own, Unread) or bool(own.perhaps_towards(starts(GATEWAY)) & INTERNET[V4])

    return leads


def _family(end: End, family: int) -> Hop:
    passed = _families((family,))
    return Hop(end, passed, passed, Reason(f"this way is for IPv{family} alone"))


def _families(families: tuple[int, ...]) -> Traffic:
    addresses = IpSet()
    for family in families:
        addresses = addresses | FAMILIES[family]
    return Traffic.between(PortSet.every(), addresses)
