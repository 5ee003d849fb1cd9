"""What the internet reaches through the groups, routes and ACLs of an inventory.

An interface is reached where all of these let the whole internet in: it has a public address, its security groups
add up to the internet, the table of its subnet sends answers to an internet gateway, and the ACL of the subnet lets
packets in and answers out (VPC User Guide, "Enable internet access for a VPC using an internet gateway"), and no
block public access of VPCs is in force there. One of them that is closed closes the way, whatever could not be read
of the others.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TypeVar

import msgspec

from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.vpc import Route, RouteTable, Subnet
from poise.model.aws.vpc_rules import AclEntry, NetworkAcl, PrefixList, SecurityGroup, SecurityRule
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.aws.groups import list_networks
from poise.policy.aws.network import nacl_admits, nacl_allows, sources
from poise.policy.aws.reaching.blocked import mode_in_force
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet, internet

T = TypeVar("T")
EPHEMERAL = PortSet.of((1024, LAST_PORT))
"""Ports that answers go to (VPC User Guide, "Ephemeral ports")."""
CACHED = 4096
"""Answers kept: thousands of machines share a few groups, tables and ACLs."""
INTERNET_GATEWAY = "igw-"
ACTIVE = "active"
ByPort = Mapping[int, IpSet]


class Exposure(msgspec.Struct, frozen=True):
    """How one interface is reached from the internet."""

    interface: str
    """ARN of the interface."""
    addresses: tuple[str, ...]
    """Its public addresses."""
    ports: tuple[int, ...]
    """Those of the asked ports that the whole internet reaches."""
    groups: tuple[str, ...]
    """ARNs of its security groups."""


def exposures(instance: Ec2Instance, ports: Sequence[int], inventory: Inventory) -> list[Exposure]:
    """Return the interfaces of a machine that the whole internet reaches at one of the asked TCP ports.

    An interface that cannot be judged matters only if no other is reached. An answer that names a public address but
    no interface is not whole, and proves nothing.
    """
    if not instance.interfaces and instance.public_ip is not None:
        raise NotCollected("interfaces", f"no interface is named, yet the machine has the address {instance.public_ip}")
    found: list[Exposure] = []
    gap: NotCollected | None = None
    for id in instance.interfaces:
        try:
            found += _exposures(id, ports, instance.scope, inventory)
        except NotCollected as missing:
            gap = gap or missing
    if gap is not None and not found:
        raise gap
    return found


def routed_to_internet(subnet: str, vpc: str, scope: str, inventory: Inventory) -> IpSet:
    """Return the addresses of the internet that a subnet sends to an internet gateway.

    The most specific route decides; one whose target is gone leads nowhere.
    """
    routes = table_of(subnet, vpc, scope, inventory).routes
    ranges = tuple(_ranges(route, scope, inventory) for route in routes)
    return _by_gateway(routes, ranges) & internet()


def table_of(subnet: str, vpc: str, scope: str, inventory: Inventory) -> RouteTable:
    """Return the route table of a subnet: its own, else the main one of the VPC."""
    tables = inventory.of(RouteTable, scope, vpc=vpc)
    found = [table for table in tables if subnet in table.subnets] or [table for table in tables if table.is_main]
    if not found:
        raise NotCollected("route_table", f"the route table of {subnet} was not found")
    return found[0]


def acl_of(subnet: str, vpc: str, scope: str, inventory: Inventory) -> NetworkAcl:
    """Return the network ACL of a subnet."""
    found = [acl for acl in inventory.of(NetworkAcl, scope, vpc=vpc) if subnet in acl.subnets]
    if not found:
        raise NotCollected("network_acl", f"the network ACL of {subnet} was not found")
    return found[0]


def acl_ports(acl: NetworkAcl, ports: Iterable[int]) -> tuple[int, ...]:
    """Return those of the asked TCP ports at which a network ACL lets the whole internet in."""
    coming = [entry for entry in acl.entries if not entry.egress]
    return tuple(port for port in ports if nacl_allows(coming, "tcp", PortSet.of(port), internet()))


def _exposures(id: str, ports: Sequence[int], scope: str, inventory: Inventory) -> list[Exposure]:
    interface = inventory.find(NetworkInterface, scope, id)
    if interface is None:
        raise NotCollected("network_interface", f"{id} was not found")
    public_v6 = IpSet.from_cidrs(interface.ipv6_addresses) & internet()
    families = tuple(family for family, has in ((V4, interface.public_ips), (V6, public_v6.v6)) if has)
    reached = _reached(interface, tuple(ports), families, inventory) if families else ()
    addresses = (*interface.public_ips, *interface.ipv6_addresses)
    return [Exposure(id, addresses, reached, interface.security_groups)] if reached else []


def _reached(
    interface: NetworkInterface, ports: tuple[int, ...], families: tuple[int, ...], inventory: Inventory
) -> tuple[int, ...]:
    """Return the ports that are open all the way; one that may be matters only if none is for sure."""
    place = (interface.subnet, interface.vpc, interface.scope, inventory)
    ways: tuple[Callable[[], ByPort], ...] = (
        lambda: dict.fromkeys(ports, routed_to_internet(*place)),
        lambda: _past_acl(acl_of(*place).entries, ports),
        lambda: dict.fromkeys(ports, _unblocked(interface, inventory)),
    )
    sure, gaps = _through_groups(interface, ports, families, inventory)
    for way in ways if sure or gaps else ():
        passed = _known(way)
        if isinstance(passed, NotCollected):
            gaps = {port: gaps.get(port, passed) for port in (*sure, *gaps)}
            continue
        sure = {port: left & passed[port] for port, left in sure.items() if _is_open(left & passed[port], families)}
        gaps = {port: gap for port, gap in gaps.items() if _is_open(passed[port], families)}
    certain = tuple(port for port in ports if port in sure and port not in gaps)
    if gaps and not certain:
        raise next(iter(gaps.values()))
    return certain


def _through_groups(
    interface: NetworkInterface, ports: tuple[int, ...], families: tuple[int, ...], inventory: Inventory
) -> tuple[dict[int, IpSet], dict[int, NotCollected]]:
    """Add up what the groups let in: the ports that are open, and those that a group not read may open."""
    answers = [_known(partial(_group, id, ports, interface.scope, inventory)) for id in interface.security_groups]
    missing = next((answer for answer in answers if isinstance(answer, NotCollected)), None)
    admitted = dict.fromkeys(ports, IpSet())
    for answer in answers:
        if not isinstance(answer, NotCollected):
            admitted = {port: admitted[port] | answer[port] for port in ports}
    sure = {port: found for port, found in admitted.items() if _is_open(found, families)}
    return sure, {} if missing is None else {port: missing for port in ports if port not in sure}


def _group(id: str, ports: tuple[int, ...], scope: str, inventory: Inventory) -> ByPort:
    group = inventory.find(SecurityGroup, scope, id)
    if group is None:
        raise NotCollected("security_group", f"{id} was not found")
    return _let_in(group.ingress, ports, tuple(list_networks(group.ingress, scope, inventory).items()))


def _unblocked(interface: NetworkInterface, inventory: Inventory) -> IpSet:
    subnet = inventory.find(Subnet, interface.scope, interface.subnet)
    blocked = subnet is not None and mode_in_force(subnet) is not None
    return IpSet() if blocked else IpSet.every()


def _is_open(addresses: IpSet, families: Iterable[int]) -> bool:
    return any(addresses.is_internet(family) for family in families)


def _known(read: Callable[[], T]) -> T | NotCollected:
    try:
        return read()
    except NotCollected as gap:
        return gap


@lru_cache(maxsize=CACHED)
def _let_in(
    ingress: tuple[SecurityRule, ...], ports: tuple[int, ...], lists: tuple[tuple[str, tuple[str, ...]], ...]
) -> ByPort:
    known = dict(lists)
    return {port: sources(ingress, port, prefix_lists=known) for port in ports}


@lru_cache(maxsize=CACHED)
def _past_acl(entries: tuple[AclEntry, ...], ports: tuple[int, ...]) -> ByPort:
    """Return the addresses whose packets an ACL lets in at each port and whose answers it lets out."""
    coming, going = ([e for e in entries if e.egress is out] for out in (False, True))
    answered = IpSet()
    for side in (IpSet(v4=internet().v4), IpSet(v6=internet().v6)):
        if nacl_allows(going, "tcp", EPHEMERAL, side):
            answered = answered | side
    return {port: nacl_admits(coming, "tcp", port) & answered for port in ports}


def _ranges(route: Route, scope: str, inventory: Inventory) -> tuple[str, ...]:
    if not route.destination.startswith("pl-"):
        return (route.destination,)
    # A prefix list leads to the internet only through a gateway of its own; others are end points of services.
    if not (route.target or "").startswith(INTERNET_GATEWAY):
        return ()
    lists = [one for one in inventory.of(PrefixList, scope) if one.id.endswith(f"/{route.destination}")]
    return tuple(entry.cidr for one in lists for entry in one.entries)


@lru_cache(maxsize=CACHED)
def _by_gateway(routes: tuple[Route, ...], ranges: tuple[tuple[str, ...], ...]) -> IpSet:
    undecided, routed = IpSet.every(), IpSet()
    for route, own in sorted(zip(routes, ranges, strict=True), key=lambda pair: _width(pair[0])):
        matched = undecided & IpSet.from_cidrs(own)
        undecided = undecided - matched
        if route.state == ACTIVE and (route.target or "").startswith(INTERNET_GATEWAY):
            routed = routed | matched
    return routed


def _width(route: Route) -> int:
    """Order routes from the narrowest to the widest; prefix lists come first, as they name single networks."""
    if route.destination.startswith("pl-"):
        return -1
    network = ipaddress.ip_network(route.destination, strict=False)
    return network.max_prefixlen - network.prefixlen
