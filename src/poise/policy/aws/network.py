"""What security groups and network ACLs let in, by exact sets of addresses and ports.

Source: VPC User Guide, "Security group rules" (allow only, all rules add up) and "Network ACL rules" (lowest
number first, first match wins, then deny). TCP open in two halves of the internet is open to the internet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Protocol

from poise.model.errors import BadInput, NotCollected
from poise.policy.intervals import LAST_PORT, V4, V6, IpSet, PortSet, internet, size

ALL = "-1"
NUMBERS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": ALL, "any": ALL}
WITH_PORTS = ("tcp", "udp")
FAMILIES = (V4, V6)
BUDGET = 2_000_000
"""Intervals merged for one question before the rules count as too many."""


class Rule(Protocol):
    """One rule of a security group, with all its sources."""

    @property
    def protocol(self) -> str:
        """`tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all."""

    @property
    def from_port(self) -> int | None:
        """First port; None for all (for ICMP the type)."""

    @property
    def to_port(self) -> int | None:
        """Last port; None for all."""

    @property
    def cidrs_v4(self) -> Sequence[str]:
        """IPv4 networks."""

    @property
    def cidrs_v6(self) -> Sequence[str]:
        """IPv6 networks."""

    @property
    def prefix_lists(self) -> Sequence[str]:
        """Ids of prefix lists."""

    @property
    def groups(self) -> Sequence[str]:
        """Ids of security groups."""


class AclEntry(Protocol):
    """One numbered rule of a network ACL."""

    @property
    def number(self) -> int:
        """Lowest first; 32767 is the closing deny."""

    @property
    def action(self) -> str:
        """`allow` or `deny`."""

    @property
    def protocol(self) -> str:
        """A number, or `-1` for all."""

    @property
    def cidr(self) -> str:
        """Network of either family."""

    @property
    def from_port(self) -> int | None:
        """First port; None for all."""

    @property
    def to_port(self) -> int | None:
        """Last port; None for all."""


PrefixLists = Mapping[str, Sequence[str]]
"""Networks of each prefix list, by its id."""


def open_to_internet(rules: Iterable[Rule], prefix_lists: PrefixLists | None = None) -> dict[str, dict[int, PortSet]]:
    """Return protocol -> family (4, 6) -> ports that the whole internet reaches.

    A protocol without ports has all of them or none. `-1` is there if all protocols are open; `tcp` and `udp`
    include what `-1` rules open. Raises NotCollected for a prefix list that is not given, BadInput for a
    rule that cannot be.
    """
    rules = tuple(rules)
    found: dict[str, dict[int, PortSet]] = {}
    for protocol in dict.fromkeys((*WITH_PORTS, *(protocol_name(rule.protocol) for rule in rules))):
        ports = {family: _ports(rules, protocol, family, prefix_lists) for family in FAMILIES}
        if any(ports.values()):
            found[protocol] = ports
    return found


def internet_ports(
    rules: Iterable[Rule],
    ports: Iterable[int],
    protocol: str = "tcp",
    prefix_lists: PrefixLists | None = None,
) -> tuple[int, ...]:
    """Return those of the asked ports that the whole internet reaches, by IPv4 or IPv6, sorted.

    Raises NotCollected if a rule for one of the ports that is not open otherwise names a prefix list that
    is not given.
    """
    rules = tuple(rules)
    wanted = sorted(set(ports))
    found = [port for port in wanted if _is_open(_at(rules, protocol, port), prefix_lists or {})]
    for port in wanted:
        if port not in found:
            for rule in _at(rules, protocol, port):
                _networks(rule, prefix_lists)
    return tuple(found)


def deciding_rules(rules: Iterable[Rule], port: int, protocol: str = "tcp") -> tuple[Rule, ...]:
    """Return the rules for a port that name any address of the internet, for evidence."""
    return tuple(r for r in _at(tuple(rules), protocol, port) if IpSet.from_cidrs(_cidrs(r)) & internet())


def sources(rules: Iterable[Rule], port: int, protocol: str = "tcp", prefix_lists: PrefixLists | None = None) -> IpSet:
    """Return all addresses that the rules let in to a port. Raises as :func:`open_to_internet`."""
    networks = [cidr for rule in _at(tuple(rules), protocol, port) for cidr in _networks(rule, prefix_lists)]
    return IpSet.from_cidrs(networks)


def nacl_admits(entries: Iterable[AclEntry], protocol: str, port: int) -> IpSet:
    """Return the addresses that a network ACL lets through at one port.

    ``entries`` are those of one direction.
    """
    admitted, undecided = IpSet(), IpSet.every()
    for entry in sorted(entries, key=lambda one: one.number):
        if not _concerns(entry, protocol, port):
            continue
        matched = undecided & IpSet.from_cidrs((entry.cidr,))
        undecided = undecided - matched
        if entry.action.lower() == "allow":
            admitted = admitted | matched
        if not undecided:
            break
    return admitted


def nacl_allows(entries: Iterable[AclEntry], protocol: str, ports: PortSet, source: IpSet) -> bool:
    """Say whether some of the ports admits the whole source, in one family that the source has.

    ``entries`` are those of one direction. With ``source`` = :func:`~poise.policy.intervals.internet`
    that is: open to the internet.
    """
    entries = tuple(entries)
    for port in _witnesses(entries, ports):
        missing = source - nacl_admits(entries, protocol, port)
        if any(source.family(family) and not missing.family(family) for family in FAMILIES):
            return True
    return False


def protocol_name(text: str) -> str:
    """Return one name for every spelling of a protocol: `6` is `tcp`, `-1` and `all` are `-1`."""
    lower = str(text).strip().lower()
    return NUMBERS.get(lower, lower)


def ports_of(protocol: str, first: int | None, last: int | None) -> PortSet:
    """Return the ports of a rule: all for a protocol without ports, or where none is stated."""
    if protocol_name(protocol) not in WITH_PORTS or first is None or last is None or first == -1:
        return PortSet.every()
    return PortSet.of((first, last))


def _concerns(rule: Rule | AclEntry, protocol: str, port: int) -> bool:
    mine, asked = protocol_name(rule.protocol), protocol_name(protocol)
    if mine not in (ALL, asked):
        return False
    return asked not in WITH_PORTS or port in ports_of(mine, rule.from_port, rule.to_port)


def _at(rules: Sequence[Rule], protocol: str, port: int) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if _concerns(rule, protocol, port))


def _cidrs(rule: Rule) -> tuple[str, ...]:
    return (*rule.cidrs_v4, *rule.cidrs_v6)


def _networks(rule: Rule, prefix_lists: PrefixLists | None) -> tuple[str, ...]:
    listed: list[str] = []
    for name in rule.prefix_lists:
        if prefix_lists is None or name not in prefix_lists:
            raise NotCollected("prefix_lists", f"the networks of prefix list {name} were not read")
        listed += prefix_lists[name]
    return (*_cidrs(rule), *listed)


def _is_open(rules: Sequence[Rule], known: PrefixLists) -> bool:
    networks = [c for r in rules for c in (*_cidrs(r), *(c for n in r.prefix_lists for c in known.get(n, ())))]
    addresses = IpSet.from_cidrs(networks)
    return addresses.is_internet(V4) or addresses.is_internet(V6)


def _ports(rules: Sequence[Rule], protocol: str, family: int, prefix_lists: PrefixLists | None) -> PortSet:
    """Return the ports at which the sources of all concerned rules add up to the internet."""
    by_range: dict[PortSet, IpSet] = defaultdict(IpSet)
    for rule in rules:
        if protocol_name(rule.protocol) in (ALL, protocol):
            whole = protocol not in WITH_PORTS
            ports = PortSet.every() if whole else ports_of(rule.protocol, rule.from_port, rule.to_port)
            by_range[ports] = by_range[ports] | IpSet.from_cidrs(_networks(rule, prefix_lists))
    opened = PortSet()
    partial: dict[PortSet, IpSet] = {}
    for ports, addresses in by_range.items():
        if addresses.is_internet(family):
            opened = opened | ports
        elif addresses.family(family):
            partial[ports] = addresses
    return opened | _added_up(partial, family)


def _added_up(partial: Mapping[PortSet, IpSet], family: int) -> PortSet:
    """Find the ports where rules that are each narrower make the internet together."""
    if not partial:
        return PortSet()
    needed = size(internet().family(family))
    opened: list[tuple[int, int]] = []
    spent = 0
    for first, last in _segments(partial):
        here = [addresses for ports, addresses in partial.items() if first in ports]
        spent += len(partial)
        if sum(addresses.size(family) for addresses in here) < needed:
            continue
        spent += sum(len(addresses.family(family)) for addresses in here)
        if spent > BUDGET:
            raise BadInput("the security group has more rules than can be added up")
        if _sum(here).is_internet(family):
            opened.append((first, last))
    return PortSet.of(*opened)


def _sum(sets: Sequence[IpSet]) -> IpSet:
    total = IpSet()
    for one in sets:
        total = total | one
    return total


def _segments(partial: Iterable[PortSet]) -> list[tuple[int, int]]:
    """Cut the port numbers at the bounds of all rules, so that each piece sees the same rules."""
    cuts = {0, LAST_PORT + 1}
    for ports in partial:
        for low, high in ports.ranges:
            cuts |= {low, high + 1}
    edges = sorted(cuts)
    return [(low, high - 1) for low, high in pairwise(edges)]


def _witnesses(entries: Sequence[AclEntry], ports: PortSet) -> list[int]:
    """Return one port for each class of ports that the rules treat alike."""
    first = {low for low, _ in ports.ranges}
    for entry in entries:
        for low, high in ports_of(entry.protocol, entry.from_port, entry.to_port).ranges:
            first |= {low, high + 1}
    return sorted(port for port in first if port in ports)
