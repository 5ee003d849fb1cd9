"""What the internet reaches through the groups, routes and ACLs of an inventory.

An interface is reached where all of these let the whole internet in: it has a public address, its security groups
add up to the internet, the table of its subnet sends answers to an internet gateway, and the ACL of the subnet lets
packets in and answers out (VPC User Guide, "Enable internet access for a VPC using an internet gateway").
One of them that is closed closes the way, whatever could not be read of the others.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence

import msgspec

from poise.model.aws.ec2 import NetworkInterface
from poise.model.aws.vpc import Route, RouteTable
from poise.model.aws.vpc_rules import NetworkAcl, PrefixList, SecurityGroup, SecurityRule
from poise.model.errors import BadInput, NotCollected
from poise.model.inventory import Inventory
from poise.policy.aws.network import (
    ALL,
    deciding_rules,
    internet_ports,
    nacl_admits,
    nacl_allows,
    open_to_internet,
    ports_of,
    protocol_name,
    sources,
)
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet, internet

EPHEMERAL = PortSet.of((1024, LAST_PORT))
"""Ports that answers go to (VPC User Guide, "Ephemeral ports")."""
USABLE = PortSet.of((1, LAST_PORT))
SITE_V6 = 2**80
"""Addresses of a /48, what one site is given (RFC 6177)."""
INTERNET_GATEWAY = "igw-"
EVERY_PORT = str(PortSet.every())
ACTIVE = "active"
Opened = dict[str, dict[int, PortSet]]
"""Protocol -> family -> ports, as `open_to_internet` gives it."""
Networks = dict[str, tuple[str, ...]]
"""Ranges of each prefix list, by its ARN."""


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


def port_numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Return ports as numbers; raise :class:`BadInput` naming one that cannot be."""
    found: list[int] = []
    for text in texts:
        if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
            raise BadInput(f"{text!r} is not a port;", "expected a number from 0 to 65535.")
        found.append(int(text))
    return tuple(found)


def group_ports(group: SecurityGroup, ports: Iterable[int], inventory: Inventory) -> tuple[int, ...]:
    """Return those of the asked TCP ports that a security group opens to the whole internet.

    Prefix lists are asked for only where the other rules open none of the ports.
    """
    wanted = tuple(ports)
    found = internet_ports(_without_lists(group.ingress), wanted)
    if found:
        return found
    return internet_ports(group.ingress, wanted, prefix_lists=_networks(group.ingress, group.scope, inventory))


def rule_texts(group: SecurityGroup, ports: Iterable[int]) -> list[str]:
    """Return the rules of a group that open TCP ports, as people read them: the evidence of a verdict."""
    found = [rule for port in ports for rule in deciding_rules(group.ingress, port) if isinstance(rule, SecurityRule)]
    return list(dict.fromkeys(_text(rule) for rule in found))


def group_opens(group: SecurityGroup, inventory: Inventory) -> Opened:
    """Return what a security group opens to the whole internet.

    Prefix lists are asked for only where the other rules do not open everything.
    """
    found = open_to_internet(_without_lists(group.ingress))
    if opens_everything(found):
        return found
    return open_to_internet(group.ingress, _networks(group.ingress, group.scope, inventory))


def opens_everything(opened: Opened) -> bool:
    """Say whether all ports of TCP are open, in either family; `-1` opens them with all else."""
    return any(ports.covers(USABLE) for ports in opened.get("tcp", {}).values())


def open_beside(opened: Opened, either: Iterable[int], tcp: Iterable[int]) -> list[str]:
    """Return the open ports beside some of TCP and UDP (``either``) and some of TCP, as people read them."""
    spared = {"tcp": PortSet.of(0, *either, *tcp), "udp": PortSet.of(0, *either)}
    left = {protocol: _both(opened.get(protocol, {})) - spared[protocol] for protocol in spared}
    return [f"{protocol} {ports}" for protocol, ports in left.items() if ports]


def wide_sources(group: SecurityGroup, most_v4: int, inventory: Inventory) -> list[str]:
    """Return the public ranges in rules that are larger than allowed, where the rule is not open to all anyway.

    For IPv6 a site (a /48) is allowed. Prefix lists are asked for only where the other ranges are narrow.
    """
    found = [text for rule in group.ingress for text in _wide(_cidrs(rule), most_v4)]
    if not found:
        listed = (_networks((rule,), group.scope, inventory).values() for rule in group.ingress)
        found = [text for lists in listed for entries in lists for text in _wide(entries, most_v4)]
    return list(dict.fromkeys(found))


def exposures(interfaces: Iterable[NetworkInterface], ports: Sequence[int], inventory: Inventory) -> list[Exposure]:
    """Return the interfaces that the whole internet reaches at one of the asked TCP ports."""
    found = (_exposure(interface, ports, inventory) for interface in interfaces)
    return [one for one in found if one is not None]


def routed_to_internet(subnet: str, vpc: str, scope: str, inventory: Inventory) -> IpSet:
    """Return the addresses of the internet that a subnet sends to an internet gateway.

    The most specific route decides; one whose target is gone leads nowhere.
    """
    undecided, routed = IpSet.every(), IpSet()
    for route in sorted(table_of(subnet, vpc, scope, inventory).routes, key=_width):
        matched = undecided & IpSet.from_cidrs(_ranges(route, scope, inventory))
        undecided = undecided - matched
        if route.state == ACTIVE and (route.target or "").startswith(INTERNET_GATEWAY):
            routed = routed | matched
    return routed & internet()


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


def _exposure(interface: NetworkInterface, ports: Sequence[int], inventory: Inventory) -> Exposure | None:
    public_v6 = IpSet.from_cidrs(interface.ipv6_addresses) & internet()
    families = tuple(family for family, has in ((V4, interface.public_ips), (V6, public_v6.v6)) if has)
    reached = tuple(port for port in ports if families and _reaches(interface, port, families, inventory))
    if not reached:
        return None
    addresses = (*interface.public_ips, *interface.ipv6_addresses)
    return Exposure(interface.id, addresses, reached, interface.security_groups)


def _reaches(interface: NetworkInterface, port: int, families: Iterable[int], inventory: Inventory) -> bool:
    place = (interface.subnet, interface.vpc, interface.scope, inventory)
    ways: tuple[Callable[[], IpSet], ...] = (
        lambda: _admitted(interface, port, inventory),
        lambda: routed_to_internet(*place),
        lambda: _past_acl(acl_of(*place), port),
    )
    left, gap = IpSet.every(), None
    for way in ways:
        try:
            left = left & way()
        except NotCollected as missing:
            gap = gap or missing
        if not any(left.is_internet(family) for family in families):
            return False
    if gap is not None:
        raise gap
    return True


def _admitted(interface: NetworkInterface, port: int, inventory: Inventory) -> IpSet:
    """Add up what the groups of an interface let in; a group that is missing matters unless the others suffice."""
    admitted, gap = IpSet(), None
    for id in interface.security_groups:
        try:
            group = inventory.find(SecurityGroup, interface.scope, id)
            if group is None:
                raise NotCollected("security_group", f"{id} was not found")
            known = _networks(group.ingress, interface.scope, inventory)
            admitted = admitted | sources(group.ingress, port, prefix_lists=known)
        except NotCollected as missing:
            gap = gap or missing
    if gap is not None and not (admitted.is_internet(V4) and admitted.is_internet(V6)):
        raise gap
    return admitted


def _past_acl(acl: NetworkAcl, port: int) -> IpSet:
    """Return the addresses whose packets an ACL lets in at a port and whose answers it lets out."""
    coming, going = ([e for e in acl.entries if e.egress is out] for out in (False, True))
    sides = (IpSet(v4=internet().v4), IpSet(v6=internet().v6))
    answered = IpSet()
    for side in sides:
        if nacl_allows(going, "tcp", EPHEMERAL, side):
            answered = answered | side
    return nacl_admits(coming, "tcp", port) & answered


def _both(ports: dict[int, PortSet]) -> PortSet:
    return ports.get(V4, PortSet()) | ports.get(V6, PortSet())


def _wide(ranges: Sequence[str], most_v4: int) -> list[str]:
    together = IpSet.from_cidrs(ranges)
    limits = {V4: most_v4, V6: SITE_V6}
    judged = [family for family in limits if not together.is_internet(family)]
    public = ((text, IpSet.from_cidrs((text,)) & internet()) for text in ranges)
    return [text for text, part in public if any(part.size(family) > limits[family] for family in judged)]


def _cidrs(rule: SecurityRule) -> tuple[str, ...]:
    return (*rule.cidrs_v4, *rule.cidrs_v6)


def _text(rule: SecurityRule) -> str:
    ports = str(ports_of(rule.protocol, rule.from_port, rule.to_port))
    if rule.protocol == ALL or ports == EVERY_PORT:
        ports = "all ports"
    protocol = "all protocols" if rule.protocol == ALL else protocol_name(rule.protocol)
    return f"{protocol} {ports} from {', '.join(_cidrs(rule))}"


def _networks(rules: Iterable[SecurityRule], scope: str, inventory: Inventory) -> Networks:
    """Return the ranges of the prefix lists in rules. Lists of AWS are not kept: no stranger has their addresses."""
    return {id: _entries(id, scope, inventory) for rule in rules for id in rule.prefix_lists}


def _entries(id: str, scope: str, inventory: Inventory) -> tuple[str, ...]:
    found = inventory.find(PrefixList, scope, id)
    return tuple(entry.cidr for entry in found.entries) if found is not None else ()


def _without_lists(rules: Iterable[SecurityRule]) -> tuple[SecurityRule, ...]:
    return tuple(msgspec.structs.replace(rule, prefix_lists=()) if rule.prefix_lists else rule for rule in rules)


def _ranges(route: Route, scope: str, inventory: Inventory) -> tuple[str, ...]:
    if not route.destination.startswith("pl-"):
        return (route.destination,)
    # A prefix list leads to the internet only through a gateway of its own; others are end points of services.
    if not (route.target or "").startswith(INTERNET_GATEWAY):
        return ()
    lists = [one for one in inventory.of(PrefixList, scope) if one.id.endswith(f"/{route.destination}")]
    return tuple(entry.cidr for one in lists for entry in one.entries)


def _width(route: Route) -> int:
    """Order routes from the narrowest to the widest; prefix lists come first, as they name single networks."""
    if route.destination.startswith("pl-"):
        return -1
    network = ipaddress.ip_network(route.destination, strict=False)
    return network.max_prefixlen - network.prefixlen
