"""Transit gateways as hops: both subnets must send to one that both VPCs are attached to, and its tables decide.

Source: Transit Gateways guide, "How transit gateways work" (the table that an attachment is associated with routes
its packets; the longest prefix wins, then static over propagated; a blackhole drops).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from poise.model.aws.vpc import TransitGatewayAttachment
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reaching.places import Place
from poise.policy.aws.reaching.routes import ACTIVE, Exactly, Routed, route_hop, routed, starts
from poise.policy.aws.reaching.world import TransitRoute, TransitTable, World, known, short, transit_tables
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Clause, End, Hop, unread_hop
from poise.policy.traffic import Traffic

TRANSIT, VPC = "tgw-", "vpc"
TABLES = "route tables of transit gateways"


def transit_hops(world: World, source: Place, target: Place) -> tuple[Hop, ...]:
    """Return the routes of both subnets to a transit gateway, and the gateway's own routes both ways."""
    words = "to a transit gateway"
    there = route_hop(world, source, End.TARGET, starts(TRANSIT), words=words)
    back = route_hop(world, target, End.SOURCE, starts(TRANSIT), words=words)
    if not there.most or not back.most:
        return (there, back)
    return (
        *(there, back),
        _tables_hop(world, source, target, End.TARGET),
        _tables_hop(world, target, source, End.SOURCE),
    )


def _tables_hop(world: World, near: Place, far: Place, end: End) -> Hop:
    """Return the addresses of the far VPC that the gateway of the near one sends there."""
    gap = _gap(world, near)
    if gap is not None:
        return unread_hop(end, gap)
    mine, others = (_attached(world, place, place.vpc) for place in (near, far))
    if isinstance(mine, Unread) or isinstance(others, Unread):
        return unread_hop(end, next(gap for gap in (mine, others) if isinstance(gap, Unread)))
    clauses = known(lambda: _by_gateway(world, near, mine, others), TABLES)
    onward = known(lambda: _onward(world, near, mine), TABLES)
    if isinstance(clauses, Unread) or isinstance(onward, Unread):
        return unread_hop(end, next(gap for gap in (clauses, onward) if isinstance(gap, Unread)))
    passed = Traffic.of(part for clause in clauses if clause.admits for part in clause.traffic.parts)
    words = f"no route of a transit gateway leads from {short(near.vpc)} to {short(far.vpc)}"
    gaps = (Unread(TABLES, "routes beyond a peering of transit gateways are not followed"),) if onward else ()
    return Hop(end, passed, passed | onward, Reason(words), lambda: clauses, gaps)


def _gap(world: World, near: Place) -> Unread | None:
    """Return why the tables of a gateway that the VPC is attached to are not at hand."""
    found = _gateways(world, near)
    if isinstance(found, Unread):
        return found
    tables = [transit_tables(world, gateway, owner) for gateway, owner in found]
    return next((Unread(TABLES, one.reason) for one in tables if isinstance(one, Unread)), None)


def _gateways(world: World, near: Place) -> list[tuple[str, str]] | Unread:
    """Return the transit gateways that a VPC is attached to, each with the account that owns it."""
    listed = world.of(TransitGatewayAttachment, near.scope)
    if isinstance(listed, Unread):
        return listed
    wanted = short(near.vpc)
    return known(lambda: sorted({(one.gateway, one.gateway_owner) for one in listed if one.resource == wanted}), TABLES)


def _by_gateway(world: World, near: Place, mine: set[str], wanted: set[str]) -> list[Clause]:
    """Return the routes that decide about packets of a VPC, each for what its subnet sends to that gateway."""
    return [
        Clause(clause.reason, clause.admits, clause.traffic & _at_all_ports(sent))
        for table, sent in _concerned(world, near, mine)
        for clause in _clauses(table, wanted)
    ]


def _onward(world: World, near: Place, mine: set[str]) -> Traffic:
    """Return the addresses that are sent on to other transit gateways, VPNs and the like."""
    listed = world.of(TransitGatewayAttachment, near.scope)
    if isinstance(listed, Unread):
        return Traffic.every()
    others = {short(one.id) for one in listed if one.resource_type != VPC}
    passed = Traffic()
    for table, sent in _concerned(world, near, mine):
        for clause in _clauses(table, others):
            if clause.admits:
                passed = passed | (clause.traffic & _at_all_ports(sent))
    return passed


def _concerned(world: World, near: Place, mine: set[str]) -> Iterator[tuple[TransitTable, IpSet]]:
    """Yield the tables of the gateways that a subnet sends to, with the addresses that it sends there."""
    found = routed(world, near)
    gateways = _gateways(world, near)
    for gateway, owner in () if isinstance(gateways, Unread) else gateways:
        tables = transit_tables(world, gateway, owner)
        for table in () if isinstance(tables, Unread) else tables:
            if isinstance(found, Routed) and mine & set(table.associated):
                yield table, found.perhaps_towards(Exactly(table.gateway))


def _at_all_ports(addresses: IpSet) -> Traffic:
    return Traffic.between(PortSet.every(), addresses)


def _attached(world: World, place: Place, vpc: str) -> set[str] | Unread:
    listed = world.of(TransitGatewayAttachment, place.scope)
    if isinstance(listed, Unread):
        return listed
    wanted = short(vpc)
    return known(lambda: {short(one.id) for one in listed if one.resource == wanted and one.state == "available"})


def _clauses(table: TransitTable, wanted: set[str]) -> list[Clause]:
    """Return the routes of a table; those admit that lead to a wanted attachment. Raises BadInput for a prefix list."""
    IpSet.from_cidrs(route.destination for route in table.routes)
    undecided = IpSet.every()
    clauses: list[Clause] = []
    for route in sorted(table.routes, key=_rank):
        own = undecided & IpSet.from_cidrs((route.destination,))
        undecided = undecided - own
        to = ", ".join(route.attachments) if route.state == ACTIVE else f"nothing, a {route.state}"
        reason = Reason(f"sends {route.destination} to {to}", source=table.id)
        admits = route.state == ACTIVE and bool(wanted & set(route.attachments))
        clauses.append(Clause(reason, admits, _at_all_ports(own)))
    return clauses


def _rank(route: TransitRoute) -> tuple[int, int]:
    network = ipaddress.ip_network(route.destination, strict=False)
    return network.max_prefixlen - network.prefixlen, 0 if route.type == "static" else 1
