"""Routes of Azure subnets as hops: system routes, peerings, and the route tables of users.

Sources: Microsoft Learn, "Virtual network traffic routing" (longest prefix, then user routes before system ones) and
"Virtual network peering" (not transitive; both sides must be connected).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from poise.model.azure.gateways import RouteTable
from poise.model.azure.network import PublicIpAddress, Subnet, VirtualNetwork
from poise.policy.answer import Reason, Unread
from poise.policy.azure.nsg import SERVICE_TAG
from poise.policy.azure.reaching.places import Place, found, is_connected, public_address
from poise.policy.azure.reaching.world import UserRoute, World
from poise.policy.intervals import V4, V6, IpSet, PortSet
from poise.policy.lookups import known, last_part
from poise.policy.reach import Clause, End, Hop, barrier, unread_hop
from poise.policy.traffic import Traffic

EVERYONE = IpSet.every()
FAMILIES = {V4: IpSet(v4=EVERYONE.v4), V6: IpSet(v6=EVERYONE.v6)}
GATEWAY_SUBNET = "gatewaysubnet"
DROPPED, APPLIANCE, GATEWAY = "none", "virtualappliance", "virtualnetworkgateway"


def address_hops(world: World, place: Place, end: End, *, is_guarded: bool) -> tuple[Hop, ...]:
    """Return whether an address is public, and whether it lets in what no security group guards.

    A Standard address is closed until a group opens it, a Basic one is open (Microsoft Learn, "Public IP addresses").
    """
    address = public_address(world, place)
    if address is None:
        return (barrier(end, Reason("it has no public address", source=place.id)),)
    if isinstance(address, Unread):
        return (unread_hop(end, address),)
    facts = known(lambda: (address.ip_version, address.sku), last_part(address.id))
    if isinstance(facts, Unread):
        return (unread_hop(end, facts),)
    family = V6 if (facts[0] or "").lower() == "ipv6" else V4
    passed = Traffic.between(PortSet.every(), FAMILIES[family])
    clause = Clause(Reason(f"it has a public IPv{family} address", source=address.id), True, passed)
    hop = Hop(end, passed, passed, Reason("its public address is of the other family"), lambda: (clause,))
    if is_guarded or end is End.TARGET:
        return (hop,)
    return (hop, _unguarded_hop(address, facts[1]))


def _unguarded_hop(address: PublicIpAddress, sku: str | None) -> Hop:
    if (sku or "Basic").lower() != "basic":
        text = "no security group guards it, and a Standard address is closed until one opens it"
        return barrier(End.SOURCE, Reason(text, source=address.id))
    clause = Clause(
        Reason("no security group guards it, and its address is Basic", source=address.id), True, Traffic.every()
    )
    return Hop(End.SOURCE, Traffic.every(), Traffic.every(), clause.reason, lambda: (clause,))


class _Table(NamedTuple):
    name: str
    routes: Sequence[UserRoute]


def route_hop(world: World, place: Place, end: End) -> Hop:
    """Return the far addresses that the subnet's own routes leave to the system's.

    What goes to an appliance is passed on by rules that are not read; what has no next hop is dropped.
    """
    table = _table(world, place)
    if isinstance(table, Unread):
        return unread_hop(end, table)
    if table is None:
        return Hop(end, Traffic.every(), Traffic.every(), Reason("the routes of the system lead there"))
    turned, dropped, clauses = _cut(table, end)
    sure = Traffic.between(PortSet.every(), EVERYONE - turned - dropped)
    most = Traffic.between(PortSet.every(), EVERYONE - dropped)
    gaps = (Unread(f"what the appliances of {table.name} pass on", "it is not collected"),) if turned else ()
    return Hop(end, sure, most, Reason(f"{table.name} drops it", source=table.name), lambda: clauses, gaps)


def _cut(table: _Table, end: End) -> tuple[IpSet, IpSet, list[Clause]]:
    turned, dropped, undecided = IpSet(), IpSet(), EVERYONE
    clauses = []
    for route in sorted((r for r in table.routes if not SERVICE_TAG.fullmatch(r.prefix)), key=_width):
        own = undecided & IpSet.from_cidrs((route.prefix,))
        undecided = undecided - own
        hop = route.next_hop.lower()
        if hop == DROPPED:
            dropped = dropped | own
        elif hop in (APPLIANCE, GATEWAY):
            turned = turned | own
        reason = Reason(f"sends {route.prefix} to {route.next_hop}", source=table.name)
        clauses.append(Clause(reason, hop != DROPPED, Traffic.between(PortSet.every(), own)))
    return turned, dropped, clauses


def _width(route: UserRoute) -> int:
    network = ipaddress.ip_network(route.prefix, strict=False)
    return network.max_prefixlen - network.prefixlen


def _table(world: World, place: Place) -> _Table | Unread | None:
    if not place.subnet:
        return None
    subnet = found(world, Subnet, place.subnet)
    id = subnet if isinstance(subnet, Unread) else known(lambda: subnet.route_table, last_part(place.subnet))
    if id is None or isinstance(id, Unread):
        return id
    if world.extra.route_tables is not None:
        given = world.extra.route_tables.get(id)
        return (
            Unread(f"route table {last_part(id)}", "it is not given") if given is None else _Table(last_part(id), given)
        )
    table = found(world, RouteTable, id)
    routes = table if isinstance(table, Unread) else known(partial(_user_routes, table), f"route table {last_part(id)}")
    return routes if isinstance(routes, Unread) else _Table(last_part(id), routes)


def _user_routes(table: RouteTable) -> list[UserRoute]:
    return [UserRoute(route.prefix, route.next_hop) for route in table.routes]


def peering_hop(world: World, source: Place, target: Place) -> Hop:
    """Return whether two virtual networks are connected: by a peering on both sides."""
    sides = [found(world, VirtualNetwork, place.network) for place in (source, target)]
    near, far = sides
    if isinstance(near, Unread) or isinstance(far, Unread):
        return unread_hop(
            End.TARGET, near if isinstance(near, Unread) else next(s for s in sides if isinstance(s, Unread))
        )
    links = [known(partial(_links, a, b), last_part(a.id)) for a, b in ((near, far), (far, near))]
    gap = next((link for link in links if isinstance(link, Unread)), None)
    if all(link is True for link in links):
        reason = Reason(f"{near.name} and {far.name} are peered", source=near.id)
        return Hop(
            End.TARGET, Traffic.every(), Traffic.every(), reason, lambda: (Clause(reason, True, Traffic.every()),)
        )
    if gap is not None:
        return unread_hop(End.TARGET, gap)
    if all(known(partial(_has_gateway, one)) is not False for one in (near, far)):
        return unread_hop(End.TARGET, Unread("connections of virtual network gateways", "they are not collected"))
    text = f"{near.name} and {far.name} are not peered on both sides, and peering is not transitive"
    return barrier(End.TARGET, Reason(text, source=near.id))


def _links(network: VirtualNetwork, other: VirtualNetwork) -> bool:
    return any(p.remote_network == other.id and is_connected(p.state) for p in network.peerings)


def _has_gateway(network: VirtualNetwork) -> bool:
    return any(last_part(subnet) == GATEWAY_SUBNET for subnet in network.subnets)
