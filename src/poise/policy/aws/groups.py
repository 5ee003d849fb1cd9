"""What single security groups let in from the internet, over the prefix lists of an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from poise.model.aws.vpc_rules import PrefixList, SecurityGroup, SecurityRule
from poise.model.inventory import Inventory
from poise.policy.aws.network import (
    ALL,
    deciding_rules,
    internet_ports,
    open_to_internet,
    ports_of,
    protocol_name,
)
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet, internet

USABLE = PortSet.of((1, LAST_PORT))
EVERY_PORT = str(PortSet.every())
SITE_V6 = 2**80
"""Addresses of a /48, what one site is given (RFC 6177)."""
Opened = dict[str, dict[int, PortSet]]
"""Protocol -> family -> ports, as `open_to_internet` gives it."""
Networks = dict[str, tuple[str, ...]]
"""Ranges of each prefix list, by its ARN."""


def group_ports(group: SecurityGroup, ports: Iterable[int], inventory: Inventory) -> tuple[int, ...]:
    """Return those of the asked TCP ports that a security group opens to the whole internet.

    Prefix lists are asked for only where the other rules open none of the ports.
    """
    wanted = tuple(ports)
    found = internet_ports(_without_lists(group.ingress), wanted)
    if found:
        return found
    return internet_ports(group.ingress, wanted, prefix_lists=list_networks(group.ingress, group.scope, inventory))


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
    return open_to_internet(group.ingress, list_networks(group.ingress, group.scope, inventory))


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
        listed = (list_networks((rule,), group.scope, inventory).values() for rule in group.ingress)
        found = [text for lists in listed for entries in lists for text in _wide(entries, most_v4)]
    return list(dict.fromkeys(found))


def list_networks(rules: Iterable[SecurityRule], scope: str, inventory: Inventory) -> Networks:
    """Return the ranges of the prefix lists in rules, by ARN.

    Lists of AWS itself are not kept, and so are empty: no stranger has their addresses.
    """
    return {id: _entries(id, scope, inventory) for rule in rules for id in rule.prefix_lists}


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


def _entries(id: str, scope: str, inventory: Inventory) -> tuple[str, ...]:
    found = inventory.find(PrefixList, scope, id)
    return tuple(entry.cidr for entry in found.entries) if found is not None else ()


def _without_lists(rules: Iterable[SecurityRule]) -> tuple[SecurityRule, ...]:
    return tuple(msgspec.structs.replace(rule, prefix_lists=()) if rule.prefix_lists else rule for rule in rules)
