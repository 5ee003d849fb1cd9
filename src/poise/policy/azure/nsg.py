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
from typing import NamedTuple

import msgspec

from poise.model.azure.security_group import NetworkSecurityGroup, SecurityRule
from poise.model.errors import BadInput, NotCollected
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet, internet
from poise.policy.memo import remembered

ANYWHERE = frozenset({"*", "any", "internet"})
EVERYWHERE = IpSet.every()
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


@remembered(256)
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
    lists = [_entries(rules, protocol, target) for rules in groups]
    judge = _Ports()
    return tuple(sorted(port for port in set(ports) if judge.is_open(tuple(_at(entries, port) for entries in lists))))


def open_ports(groups: Sequence[Rules], protocol: str = "tcp", target: Target | None = None) -> PortSet:
    """Return all ports that the internet reaches through every group. Raises as :func:`internet_ports`."""
    lists = [_entries(rules, protocol, target) for rules in groups]
    cuts = {0, LAST_PORT + 1}
    for entry in (entry for entries in lists for entry in entries):
        for low, high in entry.ports.ranges:
            cuts |= {low, high + 1}
    judge = _Ports()
    opened = []
    for low, following in pairwise(sorted(cuts)):
        if judge.is_open(tuple(_at(entries, low) for entries in lists)):
            opened.append((low, following - 1))
    return PortSet.of(*opened)


def deciding_rules(groups: Sequence[Rules], port: int, protocol: str = "tcp") -> tuple[str, ...]:
    """Return the names of the rules that let the internet in at a port, for evidence."""
    return tuple(entry.name for rules in groups for entry in _at(_entries(rules, protocol, None), port) if entry.allows)


def sources_of(rule: SecurityRule) -> IpSet:
    """Return the public addresses that a rule names as sources; service tags other than `Internet` name none."""
    networks = []
    for prefix in rule.source_prefixes:
        if prefix.lower() in ANYWHERE:
            return EVERYWHERE
        if not SERVICE_TAG.fullmatch(prefix):
            networks.append(prefix)
    return _networks(rule, networks)


def ports_of(rule: SecurityRule) -> PortSet:
    """Return the destination ports of a rule."""
    try:
        return _ports(rule.destination_ports)
    except (ValueError, BadInput) as problem:
        raise NotCollected("rules", f"rule {rule.name} cannot be understood: {problem}") from problem


@lru_cache(maxsize=4096)
def _ports(texts: tuple[str, ...]) -> PortSet:
    return PortSet.of(*(_port_range(text) for text in texts))


class _Entry(NamedTuple):
    """An inbound rule, understood: compared by its place in the group, which is one of a kind."""

    at: int
    name: str
    allows: bool
    ports: PortSet
    sources: IpSet


@remembered(256)
def _entries(rules: Rules, protocol: str, target: Target | None) -> tuple[_Entry, ...]:
    """Return the rules that can decide about traffic from the internet, the first to be asked first."""
    inbound = sorted((r for r in rules if r.direction.lower() == "inbound"), key=lambda r: r.priority)
    entries = (
        _Entry(at, rule.name, _allows(rule), ports_of(rule), _from_internet(sources_of(rule)))
        for at, rule in enumerate(inbound)
        if _concerns(rule, protocol, target)
    )
    return tuple(entry for entry in entries if entry.sources)


@remembered(4096)
def _from_internet(sources: IpSet) -> IpSet:
    return internet() if sources is EVERYWHERE else sources & internet()


def _at(entries: Iterable[_Entry], port: int) -> tuple[_Entry, ...]:
    return tuple(entry for entry in entries if port in entry.ports)


class _Ports:
    """Judges ports, those that the same rules concern only once."""

    def __init__(self) -> None:
        self._seen: dict[tuple[tuple[int, ...], ...], bool] = {}

    def is_open(self, groups: tuple[tuple[_Entry, ...], ...]) -> bool:
        """Judge one port, given the rules of each group that concern it."""
        key = tuple(tuple(entry.at for entry in entries) for entries in groups)
        if key not in self._seen:
            self._seen[key] = _is_open(groups)
        return self._seen[key]


def _is_open(groups: Sequence[tuple[_Entry, ...]]) -> bool:
    """Judge one port, given the rules of each group that concern it."""
    if not groups:
        return False
    named = [_named(entries) for entries in groups]
    families = [family for family in (V4, V6) if all(one.is_internet(family) for one in named)]
    if not families:
        return False
    left = internet()
    for entries in groups:
        left = left & _admitted(entries)
    return any(left.size(family) * SLIVER >= internet().size(family) for family in families)


def _admitted(entries: Iterable[_Entry]) -> IpSet:
    """Return the public addresses that the rules let in, first match first."""
    let_in, undecided = IpSet(), internet()
    for entry in entries:
        matched = undecided & entry.sources
        undecided = undecided - matched
        if entry.allows:
            let_in = let_in | matched
        if not undecided:
            break
    return let_in


def _named(entries: Iterable[_Entry]) -> IpSet:
    """Return all sources of the rules that allow, whatever other rules deny."""
    total = IpSet()
    for entry in entries:
        if entry.allows:
            total = total | entry.sources
    return total


def _allows(rule: SecurityRule) -> bool:
    return rule.access.lower() == "allow"


def _concerns(rule: SecurityRule, protocol: str, target: Target | None) -> bool:
    mine = PROTOCOLS.get(rule.protocol.lower(), rule.protocol.lower())
    if mine not in ("*", protocol):
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
