"""Whether packets get from one end to another in Google Cloud: the internet, addresses, interfaces.

Sources: VPC documentation, "External IP addresses", "Routes", "VPC Network Peering" (not transitive; tags and service
accounts do not count beyond a network), "Always blocked traffic" (egress to TCP 25), Cloud NAT (a way out alone);
Cloud Load Balancing, "Firewall rules" (proxies come from 35.191.0.0/16 and 130.211.0.0/22).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from poise.policy.answer import Reason, Unread
from poise.policy.gcp.network import firewall_hop
from poise.policy.gcp.network_objects import ForwardingRule, Interface, Network
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.reach import Asked, Clause, End, Hop, Networks, Reach, any_of, barrier, judge, unread_hop
from poise.policy.traffic import Traffic

EVERYONE = IpSet.every()
EVERY_PORT = PortSet.every()
PROXIES = IpSet.from_cidrs(("35.191.0.0/16", "130.211.0.0/22"))
MAIL = PortSet.of(25)


class Ground(msgspec.Struct, frozen=True):
    """What was read of the networks that a question is about."""

    networks: Mapping[str, Network]
    """By name."""
    forwarding: Sequence[ForwardingRule] | None = ()
    """Addresses of external balancers; None if they were not read."""


def reach_from_outside(
    ground: Ground, source: Networks, target: Interface, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether the internet or other addresses reach an interface, at its own address or through a balancer."""
    network = ground.networks[target.network]
    asked = Asked(source.addresses, EVERYONE, ports, protocol, End.SOURCE if source.is_internet else None)
    filters = firewall_hop(network, target, End.SOURCE, None, protocol)
    route = _route_hop(network, End.SOURCE)
    ways = [judge(asked, (_address_hop(target, End.SOURCE), route, filters))]
    if ground.forwarding is None:
        gap = Unread("forwarding rules", "they were not read")
        ways.append(judge(asked, (unread_hop(End.SOURCE, gap), filters)))
    for rule in ground.forwarding or ():
        if target.name in rule.backends and rule.protocol == protocol:
            ways.append(_through(asked, rule, target, network))
    return any_of(ways, ways[0])


def reach_to_outside(
    ground: Ground, source: Interface, target: Networks, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether an interface reaches the internet: by an external address or Cloud NAT, and a route there."""
    network = ground.networks[source.network]
    asked = Asked(EVERYONE, target.addresses, ports, protocol, End.TARGET if target.is_internet else None)
    common = (firewall_hop(network, source, End.TARGET, None, protocol), _route_hop(network, End.TARGET))
    blocked = (_mail_hop(),) if protocol == "tcp" else ()
    nat: Hop
    if source.has_nat is None:
        nat = unread_hop(End.TARGET, Unread("Cloud NAT", "whether it serves the subnet was not read"))
    elif source.has_nat:
        nat = _certain(End.TARGET, EVERYONE, "Cloud NAT lets it out")
    else:
        nat = barrier(End.TARGET, Reason("Cloud NAT does not serve its subnet"))
    ways = [judge(asked, (*common, *blocked, way)) for way in (_address_hop(source, End.TARGET), nat)]
    return any_of(ways, ways[0])


def reach_between(
    ground: Ground, source: Interface, target: Interface, ports: PortSet = EVERY_PORT, protocol: str = "tcp"
) -> Reach:
    """Return whether one interface reaches another at its address inside."""
    near, far = ground.networks[source.network], ground.networks[target.network]
    is_same = near.name == far.name
    asked = Asked(IpSet.from_cidrs(source.addresses), IpSet.from_cidrs(target.addresses), ports, protocol)
    link: tuple[Hop, ...] = ()
    if not is_same and not (far.name in near.peers and near.name in far.peers):
        link = (
            barrier(End.TARGET, Reason(f"{near.name} and {far.name} are not peered, and peering is not transitive")),
        )
    leaves = firewall_hop(near, source, End.TARGET, target, protocol)
    enters = firewall_hop(far, target, End.SOURCE, source, protocol)
    return judge(asked, (leaves, *link, enters))


def _through(asked: Asked, rule: ForwardingRule, target: Interface, network: Network) -> Reach:
    """Follow packets through a balancer; the ports are those of the machine behind."""
    if not IpSet.from_cidrs((rule.address,)) & internet():
        return judge(asked, (barrier(End.SOURCE, Reason(f"{rule.name} has no external address", source=rule.name)),))
    front = PortSet.of(*(_range(text) for text in rule.ports)) if rule.ports else EVERY_PORT
    behind = front if rule.backend_port is None else PortSet.of(rule.backend_port)
    reason = Reason(f"{rule.name} at {rule.address} leads to it", source=rule.name)
    passed = Traffic.between(behind, EVERYONE)
    hop = Hop(End.SOURCE, passed, passed, Reason(f"{rule.name} does not lead to these ports"), _one(reason, passed))
    filters = firewall_hop(network, target, End.SOURCE, None, asked.protocol)
    if not rule.is_proxy:
        return judge(asked, (hop, filters))
    inside = judge(Asked(PROXIES, EVERYONE, asked.ports, asked.protocol), (hop, filters))
    return msgspec.structs.replace(inside, sources=asked.sources) if inside.is_open else inside


def _address_hop(interface: Interface, end: End) -> Hop:
    addresses = IpSet.from_cidrs(interface.external)
    families = IpSet(EVERYONE.v4 if addresses.v4 else (), EVERYONE.v6 if addresses.v6 else ())
    if not families:
        return barrier(end, Reason("it has no external address", source=interface.name))
    return _certain(end, families, f"it has the external address {', '.join(interface.external)}")


def _route_hop(network: Network, end: End) -> Hop:
    if network.has_internet_route is None:
        return unread_hop(end, Unread(f"routes of {network.name}", "they were not read"))
    if not network.has_internet_route:
        return barrier(end, Reason(f"no route of {network.name} leads to the internet"))
    return _certain(end, EVERYONE, f"a route of {network.name} leads to the default internet gateway")


def _mail_hop() -> Hop:
    passed = Traffic.between(EVERY_PORT - MAIL, EVERYONE)
    return Hop(End.TARGET, passed, passed, Reason("Google blocks TCP 25 to the internet"))


def _certain(end: End, addresses: IpSet, text: str) -> Hop:
    passed = Traffic.between(EVERY_PORT, addresses)
    return Hop(end, passed, passed, Reason(text), _one(Reason(text), passed))


def _one(reason: Reason, passed: Traffic) -> Callable[[], Iterable[Clause]]:
    clauses: Iterable[Clause] = (Clause(reason, True, passed),)
    return lambda: clauses


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)
