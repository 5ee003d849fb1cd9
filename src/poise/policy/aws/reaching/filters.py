"""Security groups and network ACLs as hops.

Sources: VPC User Guide, "Security group rules" (allow only; all rules of all groups add up; answers pass unasked),
"Network ACL rules" (lowest number first, then deny; answers are packets like others), "Ephemeral ports".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import NamedTuple

from poise.model.aws.vpc_rules import AclEntry, NetworkAcl, PrefixList, SecurityGroup, SecurityRule
from poise.policy.answer import Reason, Unread
from poise.policy.aws.network import ALL, ports_of, protocol_name
from poise.policy.aws.reaching.places import Place
from poise.policy.aws.reaching.world import World, fact, known, short
from poise.policy.intervals import LAST_PORT, IpSet, PortSet
from poise.policy.reach import Clause, End, Hop, unread_hop
from poise.policy.traffic import Ruling, Traffic, first_match

EPHEMERAL = PortSet.of((1024, LAST_PORT))
"""Ports that answers go to."""
EVERYONE = IpSet.every()


class Admitted(NamedTuple):
    """What groups let through."""

    sure: Traffic
    most: Traffic
    clauses: tuple[Clause, ...]
    unread: tuple[Unread, ...]


def groups_hop(world: World, place: Place, end: End, peers: tuple[str, ...] = ()) -> Hop:
    """Return what the groups of a place let in (``end`` is the source) or out (``end`` is the target).

    ``peers`` are the groups of the other end, if it stands where rules may name them.
    """
    if not place.is_filtered:
        return Hop(end, Traffic.every(), Traffic.every(), Reason("no security group stands before it"))
    if place.groups is None:
        return unread_hop(end, next(gap for gap in place.gaps if gap.input.startswith("security_groups")))
    # Only groups that the rules name make a difference; so classes that they do not name share one hop.
    named = world.once(("named", place.scope, place.groups, end), lambda: _named_by(world, place, end))
    peers = tuple(peer for peer in peers if short(peer) in named)
    return world.once(("groups", place.scope, place.groups, end, peers), lambda: _groups(world, place, end, peers))


def _named_by(world: World, place: Place, end: End) -> frozenset[str]:
    groups = [world.find(SecurityGroup, place.scope, id) for id in place.groups or ()]
    sides = [fact(group, _side(end)) for group in groups if not isinstance(group, Unread)]
    return frozenset(id for rules in sides if not isinstance(rules, Unread) for id in _referred(rules))


def _side(end: End) -> str:
    return "ingress" if end is End.SOURCE else "egress"


def named_groups(world: World, place: Place) -> tuple[str, ...]:
    """Return the groups that the ingress rules of a place name, as far as they were read."""
    groups = [world.find(SecurityGroup, place.scope, id) for id in place.groups or ()]
    rules = [fact(group, "ingress") for group in groups if not isinstance(group, Unread)]
    named = {id for one in rules if not isinstance(one, Unread) for rule in one for id in rule.groups}
    return tuple(sorted(named))


def acl_hops(world: World, place: Place, end: End) -> tuple[Hop, Hop]:
    """Return what the ACL of a place's subnet lets in (``end`` is the source) or out, and its answers back."""
    acl = world.once(("acl of", place.scope, place.vpc, place.subnet), partial(_acl_of, world, place))
    if isinstance(acl, Unread):
        return unread_hop(end, acl), unread_hop(end, acl)
    return world.once(("acl", acl.id, end), partial(_acl, world, acl, end))


def _groups(world: World, place: Place, end: End, peers: tuple[str, ...]) -> Hop:
    sure, most = Traffic(), Traffic()
    clauses: list[Clause] = []
    unread: list[Unread] = []
    named = frozenset(short(peer) for peer in peers)
    for id in place.groups or ():
        one = _group(world, place, end, id, named)
        sure, most = sure | one.sure, most | one.most
        clauses += one.clauses
        unread += one.unread
    way = "lets this in" if end is End.SOURCE else "lets this out"
    names = ", ".join(short(id) for id in place.groups or ())
    text = f"no rule of {names} {way}" if names else f"it wears no security group, so nothing {way}"
    return Hop(end, sure, most, Reason(text, source=names), lambda: clauses, tuple(unread))


def _group(world: World, place: Place, end: End, id: str, named: frozenset[str]) -> Admitted:
    group = world.find(SecurityGroup, place.scope, id)
    rules = group if isinstance(group, Unread) else fact(group, _side(end))
    if isinstance(rules, Unread):
        return Admitted(Traffic(), Traffic.every(), (), (rules,))
    referred = named & world.once(("referred", place.scope, id, end), partial(_referred, rules))
    key = ("group", place.scope, id, end, referred)
    return world.once(key, partial(_admitted, world, place, id, rules, end, referred))


def _referred(rules: Iterable[SecurityRule]) -> frozenset[str]:
    return frozenset(short(group) for rule in rules for group in rule.groups)


def _admitted(
    world: World, place: Place, id: str, rules: Iterable[SecurityRule], end: End, named: frozenset[str]
) -> Admitted:
    clauses: list[Clause] = []
    missing: list[tuple[PortSet, IpSet]] = []
    unread: list[Unread] = []
    for at, rule in enumerate(rules):
        if protocol_name(rule.protocol) not in (ALL, protocol_name(world.protocol)):
            continue
        ports = _ports(rule, world)
        found = known(partial(_networks, world, place, rule, named), f"rule {at} of {short(id)}")
        addresses, gaps = (IpSet(), (found,)) if isinstance(found, Unread) else found
        unread += gaps
        missing += [(ports, EVERYONE) for _ in gaps]
        reason = Reason(_rule_text(rule, end, named), at, source=short(id))
        clauses.append(Clause(reason, True, Traffic.between(ports, addresses)))
    sure = known(lambda: Traffic.of(part for clause in clauses for part in clause.traffic.parts), short(id))
    if isinstance(sure, Unread):
        return Admitted(Traffic(), Traffic.every(), (), (sure, *unread))
    most = sure | Traffic.of(missing) if missing else sure
    return Admitted(sure, most, tuple(clauses), tuple(unread))


def _ports(rule: SecurityRule | AclEntry, world: World) -> PortSet:
    if protocol_name(world.protocol) not in ("tcp", "udp"):
        return PortSet.every()
    return ports_of(rule.protocol, rule.from_port, rule.to_port)


def _networks(
    world: World, place: Place, rule: SecurityRule, named: frozenset[str]
) -> tuple[IpSet, tuple[Unread, ...]]:
    """Return the addresses that a rule names, and the prefix lists that were not read."""
    if any(short(group) in named for group in rule.groups):
        return EVERYONE, ()
    cidrs = [*rule.cidrs_v4, *rule.cidrs_v6]
    gaps: list[Unread] = []
    for id in rule.prefix_lists:
        entries = list_ranges(world, place.scope, id)
        if isinstance(entries, Unread):
            gaps.append(entries)
        else:
            cidrs += entries
    return IpSet.from_cidrs(cidrs), tuple(gaps)


def list_ranges(world: World, scope: str, id: str) -> tuple[str, ...] | Unread:
    """Return the ranges of a prefix list; a list that AWS keeps is not in an inventory, and so is empty."""
    lists = world.of(PrefixList, scope)
    if isinstance(lists, Unread):
        return Unread(short(id), lists.reason)
    found = next((one for one in lists if short(one.id) == short(id)), None)
    if found is None:
        return ()
    return known(lambda: tuple(entry.cidr for entry in found.entries), short(id))


def _rule_text(rule: SecurityRule, end: End, named: frozenset[str]) -> str:
    groups = tuple(short(group) for group in rule.groups if short(group) in named)
    lists = tuple(short(id) for id in rule.prefix_lists)
    peers = ", ".join((*rule.cidrs_v4, *rule.cidrs_v6, *lists, *groups)) or "nobody here"
    way = "in from" if end is End.SOURCE else "out to"
    return f"lets {what(rule)} {way} {peers}"


def what(rule: SecurityRule | AclEntry) -> str:
    """Return protocol and ports of a rule, as a person reads them."""
    protocol = protocol_name(rule.protocol)
    if protocol == ALL:
        return "everything"
    ports = ports_of(rule.protocol, rule.from_port, rule.to_port)
    return protocol if ports.is_everything() else f"{protocol} {ports}"


def _acl(world: World, acl: NetworkAcl, end: End) -> tuple[Hop, Hop]:
    entries = fact(acl, "entries")
    if isinstance(entries, Unread):
        return unread_hop(end, entries), unread_hop(end, entries)
    there = sorted((e for e in entries if e.egress is (end is End.TARGET)), key=lambda e: e.number)
    back = sorted((e for e in entries if e.egress is (end is End.SOURCE)), key=lambda e: e.number)
    return _way(world, acl, there, end), _answers(world, acl, back, end)


def _acl_of(world: World, place: Place) -> NetworkAcl | Unread:
    acls = world.of(NetworkAcl, place.scope, vpc=place.vpc)
    if isinstance(acls, Unread):
        return acls
    for acl in acls:
        subnets = fact(acl, "subnets")
        if isinstance(subnets, Unread):
            return subnets
        if place.subnet in subnets:
            return acl
    return Unread(f"the network ACL of {short(place.subnet)}", "it is not in the inventory")


def _way(world: World, acl: NetworkAcl, entries: list[AclEntry], end: End) -> Hop:
    rulings = known(lambda: _rulings(world, entries), short(acl.id))
    if isinstance(rulings, Unread):
        return unread_hop(end, rulings)
    passed = first_match(rulings)
    way = "in" if end is End.SOURCE else "out"
    reason = Reason(f"no rule lets this {way}", source=short(acl.id))
    return Hop(end, passed, passed, reason, lambda: _acl_clauses(world, acl, entries, way))


def _answers(world: World, acl: NetworkAcl, entries: list[AclEntry], end: End) -> Hop:
    """Return the peers that answers get to: at one of the ports that a caller may have."""
    rulings = known(lambda: _rulings(world, entries), short(acl.id))
    if isinstance(rulings, Unread):
        return unread_hop(end, rulings)
    answered = first_match(rulings) & Traffic.between(EPHEMERAL, EVERYONE)
    passed = Traffic.between(PortSet.every(), answered.addresses)
    way = "out to its source" if end is End.SOURCE else "back in"
    text = f"no rule lets answers (ports {EPHEMERAL}) {way}"
    return Hop(end, passed, passed, Reason(text, source=short(acl.id)), lambda: _answer_clauses(world, acl, entries))


def _rulings(world: World, entries: Iterable[AclEntry]) -> list[Ruling]:
    return [
        (entry.action.lower() == "allow", _ports(entry, world), IpSet.from_cidrs((entry.cidr,)))
        for entry in entries
        if protocol_name(entry.protocol) in (ALL, protocol_name(world.protocol))
    ]


def _acl_clauses(world: World, acl: NetworkAcl, entries: list[AclEntry], way: str) -> Iterator[Clause]:
    """Yield each rule with what it is the first to match."""
    decided = Traffic()
    for entry in entries:
        for allows, ports, addresses in _rulings(world, (entry,)):
            own = Traffic.between(ports, addresses) - decided
            decided = decided | own
            verb = "lets" if allows else "denies"
            text = f"rule {entry.number} {verb} {what(entry)} {way} {'from' if way == 'in' else 'to'} {entry.cidr}"
            yield Clause(Reason(text, entry.number, source=short(acl.id)), allows, own)


def _answer_clauses(world: World, acl: NetworkAcl, entries: list[AclEntry]) -> Iterator[Clause]:
    ephemeral = Traffic.between(EPHEMERAL, EVERYONE)
    for clause in _acl_clauses(world, acl, entries, "out"):
        concerned = clause.traffic & ephemeral
        if clause.admits and concerned:
            entry = next(e for e in entries if e.number == clause.reason.statement)
            reason = Reason(
                f"rule {entry.number} lets answers pass for {entry.cidr}", entry.number, source=short(acl.id)
            )
            yield Clause(reason, True, Traffic.between(PortSet.every(), concerned.addresses))
