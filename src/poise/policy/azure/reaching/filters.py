"""Network security groups and security admin rules as hops.

Sources: Microsoft Learn, "How network security groups filter network traffic" (inbound the group of the subnet and
then that of the interface, outbound the other way; lowest priority first; answers pass unasked), "Azure service
tags", "Security admin rules in Azure Virtual Network Manager" (Deny and AlwaysAllow end the evaluation).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from poise.model.azure.network import Subnet, VirtualNetwork
from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule
from poise.policy.answer import Reason, Unread
from poise.policy.azure.nsg import ANYWHERE, PROTOCOLS, SERVICE_TAG, ports_of, rules_of
from poise.policy.azure.reaching.places import Place, found, network_ranges
from poise.policy.azure.reaching.world import World
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.lookups import known, last_part
from poise.policy.reach import Clause, End, Hop, unread_hop
from poise.policy.traffic import Ruling, Traffic, first_match

EVERYONE = IpSet.every()
PROBES = IpSet.from_cidrs(("168.63.129.16/32",))
"""The address that Azure's balancers ask from (tag `AzureLoadBalancer`)."""
ANYONE = "*"
NETWORK_TAG, INTERNET_TAG, PROBE_TAG = "virtualnetwork", "internet", "azureloadbalancer"


class Far(NamedTuple):
    """The other end, as rules see it."""

    groups: tuple[str, ...] = ()
    """Application security groups that it is in."""
    is_internet: bool = False
    """Whether it is the internet at large, of which the ranges behind other service tags are slivers."""


class Names(NamedTuple):
    """What a rule names at an end: for sure, and at most where a tag stands for ranges that are not read."""

    sure: IpSet
    most: IpSet


def filter_hops(world: World, place: Place, end: End, far: Far) -> tuple[Hop, ...]:
    """Return the filters before a place (``end`` is the source) or behind it, in the order that they are asked."""
    key = ("filters", place.subnet, place.nic_group, place.addresses, place.application_groups, end, far)
    return world.once(key, partial(_filter_hops, world, place, end, far))


def group_ids(world: World, place: Place) -> tuple[str | None, str | None] | Unread:
    """Return the ids of the groups of subnet and interface."""
    if not place.subnet:
        return None, place.nic_group
    subnet = found(world, Subnet, place.subnet)
    group = subnet if isinstance(subnet, Unread) else known(lambda: subnet.security_group, last_part(place.subnet))
    return group if isinstance(group, Unread) else (group, place.nic_group)


def _filter_hops(world: World, place: Place, end: End, far: Far) -> tuple[Hop, ...]:
    ids = group_ids(world, place)
    subnet_hop: tuple[Hop, ...]
    if isinstance(ids, Unread):
        subnet_hop, ids = (unread_hop(end, ids),), (None, place.nic_group)
    else:
        subnet_hop = (_group_hop(world, ids[0], place, end, far),) if ids[0] else ()
    nic_hop = (_group_hop(world, ids[1], place, end, far),) if ids[1] else ()
    hops = (*subnet_hop, *nic_hop) if end is End.SOURCE else (*nic_hop, *subnet_hop)
    return _under_admin_rules(world, place, end, far, hops)


def _group_hop(world: World, id: str, place: Place, end: End, far: Far) -> Hop:
    group = found(world, NetworkSecurityGroup, id)
    rules = group if isinstance(group, Unread) else known(lambda: rules_of(group), last_part(id))
    if isinstance(rules, Unread):
        return unread_hop(end, rules)
    return _rules_hop(world, rules, place, end, far, last_part(id))


def _rules_hop(world: World, rules: Sequence[SecurityRule], place: Place, end: End, far: Far, name: str) -> Hop:
    direction = "inbound" if end is End.SOURCE else "outbound"
    ordered = sorted((r for r in rules if r.direction.lower() == direction), key=lambda rule: rule.priority)
    made = known(lambda: [line for rule in ordered for line in _line(world, rule, place, end, far)], name)
    if isinstance(made, Unread):
        return unread_hop(end, made)
    sure = first_match([(line.allows, line.ports, line.sure) for line in made])
    most = first_match([(line.allows, line.ports, line.most) for line in made])
    gaps = tuple(dict.fromkeys(gap for line in made for gap in line.gaps)) if sure != most else ()
    otherwise = Reason(f"no rule of {name} lets this {'in' if end is End.SOURCE else 'out'}", source=name)
    return Hop(end, sure, most, otherwise, partial(_clauses, made, name), gaps)


class _Line(NamedTuple):
    rule: SecurityRule
    allows: bool
    ports: PortSet
    sure: IpSet
    """Far addresses that it decides about if unread ranges turn out to close."""
    most: IpSet
    """And if they turn out to open."""
    gaps: tuple[Unread, ...]


def _line(world: World, rule: SecurityRule, place: Place, end: End, far: Far) -> Iterator[_Line]:
    if PROTOCOLS.get(rule.protocol.lower(), rule.protocol.lower()) not in ("*", world.protocol):
        return
    allows = rule.access.lower() != "deny"
    if not allows and not _from_any_port(rule):
        return  # A caller chooses its own port, and would take another.
    near, other = _sides(rule, end)
    here = _is_here(world, near, place)
    names = _names(world, other, place, far)
    if here is False:
        return
    narrow, wide = (names.sure if here is True else IpSet()), names.most
    gaps = (
        () if names.sure == names.most and here is True else (Unread(f"ranges in rule {rule.name}", "not collected"),)
    )
    ports = ports_of(rule) if world.protocol in ("tcp", "udp") else PortSet.every()
    # Where ranges are not read, a rule that allows may miss what is asked about, and one that denies may hit it.
    yield _Line(rule, allows, ports, narrow if allows else wide, wide if allows else narrow, gaps)


class _Side(NamedTuple):
    prefixes: tuple[str, ...]
    groups: tuple[str, ...]


def _sides(rule: SecurityRule, end: End) -> tuple[_Side, _Side]:
    """Return the near side of a rule and the far one."""
    source = _Side(rule.source_prefixes, rule.source_groups)
    target = _Side(rule.destination_prefixes, rule.destination_groups)
    return (target, source) if end is End.SOURCE else (source, target)


def _is_here(world: World, side: _Side, place: Place) -> bool | None:
    """Say whether the near side of a rule names a place; None if its address was not read."""
    words = {prefix.lower() for prefix in side.prefixes}
    if words & (ANYWHERE - {INTERNET_TAG}) or NETWORK_TAG in words or set(side.groups) & set(place.application_groups):
        return True
    ranges = [prefix for prefix in side.prefixes if not SERVICE_TAG.fullmatch(prefix)]
    if not ranges:
        return False
    return bool(IpSet.from_cidrs(ranges) & place.addresses) if place.addresses else None


def _names(world: World, side: _Side, place: Place, far: Far) -> Names:
    if ANYONE in side.prefixes or set(side.groups) & set(far.groups):
        return Names(EVERYONE, EVERYONE)
    sure = most = IpSet.from_cidrs(prefix for prefix in side.prefixes if not SERVICE_TAG.fullmatch(prefix))
    for tag in (prefix for prefix in side.prefixes if SERVICE_TAG.fullmatch(prefix)):
        named = _tagged(world, tag.lower(), place, far)
        sure, most = sure | named.sure, most | named.most
    return Names(sure, most)


def _tagged(world: World, tag: str, place: Place, far: Far) -> Names:
    if tag == "any":
        return Names(EVERYONE, EVERYONE)
    if tag == PROBE_TAG:
        return Names(PROBES, PROBES)
    network = network_ranges(world, place.network)
    inside = IpSet() if isinstance(network, Unread) else network
    if tag == INTERNET_TAG:
        outside = EVERYONE - PRIVATE - inside
        return Names(outside, outside)
    if tag == NETWORK_TAG:
        # Ranges on premises belong to it too, and are not read.
        return Names(inside, inside if far.is_internet else inside | PRIVATE)
    return Names(IpSet(), IpSet() if far.is_internet else internet() - inside)


PRIVATE = IpSet.from_cidrs(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10"))


def _from_any_port(rule: SecurityRule) -> bool:
    return any(text.lower() in ("*", "any", "0-65535") for text in rule.source_ports)


def _clauses(lines: Sequence[_Line], name: str) -> Iterator[Clause]:
    """Yield each rule with what it is the first to match."""
    decided = Traffic()
    for line in lines:
        own = Traffic.between(line.ports, line.sure | line.most) - decided
        decided = decided | own
        verb = "allows" if line.allows else "denies"
        reason = Reason(f"rule {line.rule.name} {verb} this", line.rule.priority, line.rule.name, name)
        yield Clause(reason, line.allows, own)


def _under_admin_rules(world: World, place: Place, end: End, far: Far, hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """Put the rules of Virtual Network Manager first: what they always allow passes whatever the groups say."""
    rules = admin_rules(world, place.network)
    if isinstance(rules, Unread):
        return (unread_hop(end, rules), *hops)
    if not rules:
        return hops
    first = _admin_hop(world, rules, place, end, far)
    always = _always(world, rules, place, end, far)
    if isinstance(always, Unread):
        return (unread_hop(end, always), *hops)
    return (first, *(_or_always(hop, always) for hop in hops))


def admin_rules(world: World, network: str) -> Sequence[SecurityRule] | Unread:
    """Return the security admin rules in force in a virtual network."""
    if world.extra.admin_rules is not None:
        return [one.rule for one in world.extra.admin_rules if network in one.networks]
    if not network:
        return ()
    record = found(world, VirtualNetwork, network)
    return record if isinstance(record, Unread) else known(lambda: record.admin_rules, "security admin rules")


def _admin_hop(world: World, rules: Sequence[SecurityRule], place: Place, end: End, far: Far) -> Hop:
    """Return the admin rules, which let pass what none of them names."""
    last = SecurityRule(
        name="groups decide",
        priority=2**31,
        direction="Inbound" if end is End.SOURCE else "Outbound",
        access="Allow",
        protocol="*",
        source_prefixes=("*",),
        source_groups=(),
        source_ports=("*",),
        destination_prefixes=("*",),
        destination_groups=(),
        destination_ports=("*",),
    )
    return _rules_hop(world, (*rules, last), place, end, far, "security admin rules")


def _always(world: World, rules: Sequence[SecurityRule], place: Place, end: End, far: Far) -> Traffic | Unread:
    """Return what is decided for good by a rule that always allows."""
    direction = "inbound" if end is End.SOURCE else "outbound"
    ordered = sorted((r for r in rules if r.direction.lower() == direction), key=lambda rule: rule.priority)

    def rulings() -> list[Ruling]:
        return [
            (line.rule.access.lower() == "alwaysallow", line.ports, line.sure)
            for rule in ordered
            for line in _line(world, rule, place, end, far)
        ]

    return known(lambda: first_match(rulings()), "security admin rules")


def _or_always(hop: Hop, always: Traffic) -> Hop:
    return Hop(hop.end, hop.sure | always, hop.most | always, hop.otherwise, hop.clauses, hop.unread)
