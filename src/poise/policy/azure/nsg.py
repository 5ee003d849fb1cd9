"""What network security groups let in from the internet.

Source: Microsoft Learn, "Network security groups" and "How network security groups filter network traffic": lowest
priority number first, the first rule that matches decides, what no rule allows is denied; traffic to a machine
must pass the group of its subnet and then the group of its interface. Addresses are translated before rules are
asked, so destinations are private addresses.

*Open to the internet* means here: the sources that are allowed at a port add up to every public address of a
family, and what is left after the denials before them is more than a sliver. A list of blocked addresses before
"allow all" closes nothing; a denial of all but an office does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import msgspec

from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule
from poise.model.errors import BadInput, NotCollected
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet, internet

ANYWHERE = frozenset({"*", "any", "internet"})
ANY_DESTINATION = frozenset({"*", "any", "virtualnetwork", "0.0.0.0/0"})
SERVICE_TAG = re.compile(r"[A-Za-z][\w.-]*")
"""A word stands for the addresses of a service; only `Internet` stands for all of the internet."""
PROTOCOLS = {"*": "*", "any": "*", "6": "tcp", "17": "udp", "1": "icmp", "50": "esp", "51": "ah"}
SLIVER = 256
"""Less than one part in so many of the internet is no longer the internet: an IPv4 /8 has that size."""
Rules = Sequence[SecurityRule]


class Target(msgspec.Struct, frozen=True):
    """What packets are meant for: private addresses and application security groups of one interface."""

    addresses: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def rules_of(group: NetworkSecurityGroup) -> Rules:
    """Return all rules of a group, those that every group has included."""
    return (*group.rules, *group.default_rules)


def internet_ports(
    groups: Sequence[Rules], ports: Iterable[int], protocol: str = "tcp", target: Target | None = None
) -> tuple[int, ...]:
    """Return those of the asked ports that the internet reaches through every group, sorted.

    ``groups`` are the rules of each group that the traffic passes: subnet, interface. Without a ``target``, a rule
    for some destinations counts if it allows, and does not if it denies. Raises NotCollected, naming the rule,
    where a rule cannot be understood.
    """
    return tuple(sorted(port for port in set(ports) if _is_open(groups, protocol, port, target)))


def open_ports(groups: Sequence[Rules], protocol: str = "tcp", target: Target | None = None) -> PortSet:
    """Return all ports that the internet reaches through every group. Raises as :func:`internet_ports`."""
    cuts = {0, LAST_PORT + 1}
    for rule in (rule for rules in groups for rule in _inbound(rules)):
        for low, high in ports_of(rule).ranges:
            cuts |= {low, high + 1}
    edges = sorted(cuts)
    pieces = [(low, high - 1) for low, high in pairwise(edges)]
    return PortSet.of(*(piece for piece in pieces if _is_open(groups, protocol, piece[0], target)))


def deciding_rules(groups: Sequence[Rules], port: int, protocol: str = "tcp") -> tuple[str, ...]:
    """Return the names of the rules that let the internet in at a port, for evidence."""
    return tuple(
        rule.name
        for rules in groups
        for rule in _inbound(rules)
        if _allows(rule) and _concerns(rule, protocol, port, None) and sources_of(rule) & internet()
    )


def admitted(rules: Rules, protocol: str, port: int, target: Target | None = None) -> IpSet:
    """Return the public addresses that one group lets in at a port."""
    let_in, undecided = IpSet(), internet()
    for rule in _inbound(rules):
        if not _concerns(rule, protocol, port, target):
            continue
        matched = undecided & sources_of(rule)
        undecided = undecided - matched
        if _allows(rule):
            let_in = let_in | matched
        if not undecided:
            break
    return let_in


def sources_of(rule: SecurityRule) -> IpSet:
    """Return the public addresses that a rule names as sources; service tags other than `Internet` name none."""
    networks = []
    for prefix in rule.source_prefixes:
        if prefix.lower() in ANYWHERE:
            return IpSet.every()
        if not SERVICE_TAG.fullmatch(prefix):
            networks.append(prefix)
    return _networks(rule, networks)


def ports_of(rule: SecurityRule) -> PortSet:
    """Return the destination ports of a rule."""
    try:
        return PortSet.of(*(_port_range(text) for text in rule.destination_ports))
    except (ValueError, BadInput) as problem:
        raise NotCollected("rules", f"rule {rule.name} cannot be understood: {problem}") from problem


def _is_open(groups: Sequence[Rules], protocol: str, port: int, target: Target | None) -> bool:
    if not groups:
        return False
    left = internet()
    for rules in groups:
        left = left & admitted(rules, protocol, port, target)
    named = [_named(rules, protocol, port, target) for rules in groups]
    return any(
        all(one.is_internet(family) for one in named) and left.size(family) * SLIVER >= internet().size(family)
        for family in (V4, V6)
    )


def _named(rules: Rules, protocol: str, port: int, target: Target | None) -> IpSet:
    """Return all sources of the rules that allow a port, whatever other rules deny."""
    total = IpSet()
    for rule in _inbound(rules):
        if _allows(rule) and _concerns(rule, protocol, port, target):
            total = total | sources_of(rule)
    return total


def _inbound(rules: Rules) -> list[SecurityRule]:
    inbound = (rule for rule in rules if rule.direction.lower() == "inbound")
    return sorted(inbound, key=lambda rule: rule.priority)


def _allows(rule: SecurityRule) -> bool:
    return rule.access.lower() == "allow"


def _concerns(rule: SecurityRule, protocol: str, port: int, target: Target | None) -> bool:
    mine = PROTOCOLS.get(rule.protocol.lower(), rule.protocol.lower())
    if mine not in ("*", protocol) or port not in ports_of(rule):
        return False
    return _is_meant(rule, target) and (_allows(rule) or _from_any_port(rule))


def _from_any_port(rule: SecurityRule) -> bool:
    """Say whether a denial holds for every port that a caller may choose for itself."""
    return any(text.lower() in ("*", "any", f"0-{LAST_PORT}") for text in rule.source_ports)


def _is_meant(rule: SecurityRule, target: Target | None) -> bool:
    prefixes = [prefix.lower() for prefix in rule.destination_prefixes]
    if ANY_DESTINATION & set(prefixes):
        return True
    ranges = [prefix for prefix in prefixes if not SERVICE_TAG.fullmatch(prefix)]
    if target is None:
        return _allows(rule) and bool(ranges or rule.destination_groups)
    if set(target.groups) & set(rule.destination_groups):
        return True
    return bool(_networks(rule, ranges) & _addresses(target.addresses))


def _port_range(text: str) -> tuple[int, int]:
    if text.strip().lower() in ("*", "any"):
        return 0, LAST_PORT
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _networks(rule: SecurityRule, prefixes: Iterable[str]) -> IpSet:
    try:
        return _addresses(tuple(prefixes))
    except BadInput as problem:
        raise NotCollected("rules", f"rule {rule.name} cannot be understood: {problem.what}") from problem


@lru_cache(maxsize=4096)
def _addresses(prefixes: tuple[str, ...]) -> IpSet:
    return IpSet.from_cidrs(prefixes)
