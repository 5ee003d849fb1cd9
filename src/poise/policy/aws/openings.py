"""How far AWS assets that listen on a network are open: machines, databases, balancers. TCP alone is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.rds import RdsInstance
from poise.model.aws.vpc_rules import NetworkAcl, SecurityGroup
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level, Reason
from poise.policy.aws.groups import list_networks
from poise.policy.aws.network import sources
from poise.policy.aws.reach import acl_of, exposures, routed_to_internet
from poise.policy.intervals import LAST_PORT, IpSet, internet
from poise.policy.ports import WELL_KNOWN, named_first

INTERNET_FACING = "internet-facing"


def machine_openness(machine: Ec2Instance, inventory: Inventory) -> Exposure:
    """Return how far a machine is reached: by the whole internet, by some addresses of it, or not.

    Ports open and close only where a rule of a group or an ACL begins or ends: these are asked, and well-known ones.
    """
    interfaces = [_interface(id, machine.scope, inventory) for id in machine.interfaces]
    outside = [one for one in interfaces if one.public_ips or IpSet.from_cidrs(one.ipv6_addresses) & internet()]
    if not outside:
        return _exposure(Level.PRIVATE, "it has no public address")
    ports = sorted({port for one in outside for port in _edges(one, inventory)})
    reached = exposures(machine, ports, inventory) if ports else []
    if reached:
        text = f"the whole internet reaches it at port {named_first(port for one in reached for port in one.ports)}"
        return Exposure(Level.PUBLIC, (Reason(text, source=reached[0].interface),))
    if any(_lets_some_in(one, ports, inventory) for one in outside):
        return _exposure(Level.RESTRICTED, "its security groups let some addresses of the internet in")
    return _exposure(Level.PRIVATE, "it has a public address, but nothing on the internet reaches a TCP port of it")


def database_openness(database: RdsInstance, inventory: Inventory) -> Exposure:
    """Return how far a database instance is reached: it needs a public address, and groups that let its port be."""
    if not database.publicly_accessible:
        return _exposure(Level.PRIVATE, "it is not publicly accessible")
    if database.port is None:
        raise NotCollected("port", "the database has no port yet")
    return _by_groups(
        "it is publicly accessible", database.security_groups, (database.port,), database.scope, inventory
    )


def balancer_openness(balancer: LoadBalancer | ClassicLoadBalancer, inventory: Inventory) -> Exposure:
    """Return how far a load balancer is reached at the ports that it listens on."""
    if balancer.scheme != INTERNET_FACING:
        return _exposure(Level.PRIVATE, "it is internal")
    ports = tuple(listener.port for listener in balancer.listeners if listener.port is not None)
    if not ports:
        return _exposure(Level.PRIVATE, "it faces the internet, but listens on no port")
    if not balancer.security_groups:
        return _exposure(Level.PUBLIC, "it faces the internet, and no security group stands before it")
    return _by_groups("it faces the internet", balancer.security_groups, ports, balancer.scope, inventory)


def _by_groups(before: str, groups: Sequence[str], ports: Sequence[int], scope: str, inventory: Inventory) -> Exposure:
    admitted = [_admitted(id, port, scope, inventory) for id in groups for port in ports]
    by_port = [IpSet()] * len(ports)
    for index, found in enumerate(admitted):
        by_port[index % len(ports)] = by_port[index % len(ports)] | found
    if any(found.is_internet(family) for found in by_port for family in (4, 6)):
        return _exposure(Level.PUBLIC, f"{before}, and its security groups let the whole internet in")
    if any(found & internet() for found in by_port):
        return _exposure(Level.RESTRICTED, f"{before}; its security groups let some addresses in")
    return _exposure(Level.PRIVATE, f"{before}, but its security groups let no public address in")


def _admitted(id: str, port: int, scope: str, inventory: Inventory) -> IpSet:
    group = _group(id, scope, inventory)
    return sources(group.ingress, port, prefix_lists=list_networks(group.ingress, scope, inventory))


def _lets_some_in(interface: NetworkInterface, ports: Iterable[int], inventory: Inventory) -> bool:
    """Whether some public addresses pass groups, and answers to them find a way; ACLs are not asked."""
    routed = routed_to_internet(interface.subnet, interface.vpc, interface.scope, inventory)
    admitted = (_admitted(id, port, interface.scope, inventory) for id in interface.security_groups for port in ports)
    return any(found & routed for found in admitted)


def _edges(interface: NetworkInterface, inventory: Inventory) -> set[int]:
    groups = [_group(id, interface.scope, inventory) for id in interface.security_groups]
    rules = [rule for group in groups for rule in group.ingress if rule.protocol in TCP]
    starts = {rule.from_port if rule.from_port is not None and rule.protocol != "-1" else 1 for rule in rules}
    if not starts:
        return set()
    acl: NetworkAcl = acl_of(interface.subnet, interface.vpc, interface.scope, inventory)
    for entry in acl.entries:
        starts |= {entry.from_port or 1, (entry.to_port if entry.to_port is not None else LAST_PORT) + 1}
    return {port for port in starts | WELL_KNOWN if 0 < port <= LAST_PORT}


TCP = ("tcp", "6", "-1")


def _interface(id: str, scope: str, inventory: Inventory) -> NetworkInterface:
    found = inventory.find(NetworkInterface, scope, id)
    if found is None:
        raise NotCollected("network_interface", f"{id} was not found")
    return found


def _group(id: str, scope: str, inventory: Inventory) -> SecurityGroup:
    found = inventory.find(SecurityGroup, scope, id)
    if found is None:
        raise NotCollected("security_group", f"{id} was not found")
    return found


def _exposure(level: Level, text: str) -> Exposure:
    return Exposure(level, (Reason(text),))
