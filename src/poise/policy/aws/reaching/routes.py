"""Route tables as hops: which addresses a subnet sends where.

Source: VPC User Guide, "Route tables" ("Route priority": the longest prefix decides; for the same prefix the local
route, then static routes, then prefix lists, then learned routes) and "Gateway route tables".
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from poise.model.aws.vpc import Route, RouteTable
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reaching.filters import list_ranges
from poise.policy.aws.reaching.places import Place
from poise.policy.aws.reaching.world import World, fact, known, short
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Clause, End, Hop, unread_hop
from poise.policy.traffic import Traffic

ACTIVE = "active"
LOCAL = "local"
LEARNED = "EnableVgwRoutePropagation"
APPLIANCES = ("eni-", "vpce-", "i-")
"""Starts of targets that pass packets on by rules of their own: routers, firewalls."""


class Share(NamedTuple):
    """What one route of a table decides."""

    route: Route
    addresses: IpSet
    """Addresses for which it is the longest match."""
    perhaps: IpSet
    """Those for which it may be, as a prefix list was not read."""


class Routed(NamedTuple):
    """A route table, cut into shares."""

    table: str
    shares: tuple[Share, ...]
    unread: tuple[Unread, ...]

    def towards(self, leads: Callable[[str], bool]) -> IpSet:
        """Return the addresses that certainly go to some targets."""
        return _total(share.addresses for share in self.shares if _is_active(share.route, leads))

    def perhaps_towards(self, leads: Callable[[str], bool]) -> IpSet:
        """Return the addresses that may go to some targets."""
        return _total(share.perhaps for share in self.shares if _is_active(share.route, leads))


def routed(world: World, place: Place) -> Routed | Unread:
    """Return the route table of a place's subnet: its own, else the main one of the VPC."""
    return world.once(("routed", place.scope, place.vpc, place.subnet), lambda: _routed(world, place))


def route_hop(
    world: World,
    place: Place,
    end: End,
    leads: Callable[[str], bool],
    may_lead: Callable[[str], bool] | None = None,
    words: str = "there",
) -> Hop:
    """Return the addresses of an end that a place sends to the targets that ``leads`` names.

    ``may_lead`` names targets that pass packets on by rules that are not read.
    """
    found = routed(world, place)
    if isinstance(found, Unread):
        return unread_hop(end, found)
    key = ("route", found.table, end, leads, may_lead, words)
    return world.once(key, partial(_route_hop, found, end, leads, may_lead, words))


def _route_hop(
    found: Routed, end: End, leads: Callable[[str], bool], may_lead: Callable[[str], bool] | None, words: str
) -> Hop:
    sure = found.towards(leads)
    if found.unread:
        sure = IpSet()
    most = found.perhaps_towards(leads)
    gaps = found.unread if most else ()
    if may_lead is not None:
        most, gaps = most | found.perhaps_towards(may_lead), (*gaps, *_behind(found, may_lead))
    reason = Reason(f"no active route of {short(found.table)} leads {words}", source=short(found.table))
    return Hop(end, _at_all_ports(sure), _at_all_ports(most), reason, lambda: _clauses(found, leads, end), gaps)


@dataclass(frozen=True)
class Starting:
    """A test of a route's target by the start of its id. Equal tests are equal keys."""

    prefixes: tuple[str, ...]

    def __call__(self, target: str) -> bool:
        """Say whether a target is meant."""
        return target.startswith(self.prefixes)


@dataclass(frozen=True)
class Exactly:
    """A test of a route's target by its whole id."""

    id: str

    def __call__(self, target: str) -> bool:
        """Say whether a target is meant."""
        return target == self.id


def starts(*prefixes: str) -> Starting:
    """Return a test of a route's target by the start of its id."""
    return Starting(prefixes)


def table_for_gateway(world: World, place: Place, gateway: str) -> RouteTable | Unread | None:
    """Return the route table that is bound to a gateway of a VPC; None if it has none."""
    tables = world.of(RouteTable, place.scope, vpc=place.vpc)
    if isinstance(tables, Unread):
        return tables
    for table in tables:
        bound = fact(table, "gateways")
        if isinstance(bound, Unread):
            return bound
        if gateway in bound:
            return table
    return None


def _routed(world: World, place: Place) -> Routed | Unread:
    table = _table_of(world, place)
    if isinstance(table, Unread):
        return table
    return known(lambda: _cut(world, place, table), short(table.id))


def _table_of(world: World, place: Place) -> RouteTable | Unread:
    tables = world.of(RouteTable, place.scope, vpc=place.vpc)
    if isinstance(tables, Unread):
        return tables
    own = known(lambda: [table for table in tables if place.subnet in table.subnets], "route tables")
    if isinstance(own, Unread):
        return own
    found = own or known(lambda: [table for table in tables if table.is_main], "route tables")
    if isinstance(found, Unread):
        return found
    return found[0] if found else Unread(f"the route table of {short(place.subnet)}", "it is not in the inventory")


class _Line(NamedTuple):
    rank: tuple[int, int]
    """Longest prefix first, then the kind of route."""
    route: Route
    addresses: IpSet


def _cut(world: World, place: Place, table: RouteTable) -> Routed:
    lines: list[_Line] = []
    unread: list[Unread] = []
    anywhere: list[Route] = []
    for route in table.routes:
        ranges = _ranges(world, place, route)
        if isinstance(ranges, Unread):
            unread.append(ranges)
            anywhere.append(route)
        else:
            lines += [_Line(_rank(route, cidr), route, IpSet.from_cidrs((cidr,))) for cidr in ranges]
    undecided = IpSet.every()
    shares: list[Share] = []
    for line in sorted(lines, key=lambda line: line.rank):
        own = undecided & line.addresses
        undecided = undecided - own
        shares.append(Share(line.route, own, own))
    shares += [Share(route, IpSet(), IpSet.every()) for route in anywhere]
    return Routed(table.id, tuple(shares), tuple(unread))


def _ranges(world: World, place: Place, route: Route) -> tuple[str, ...] | Unread:
    if route.destination.startswith("pl-"):
        return list_ranges(world, place.scope, route.destination)
    return (route.destination,)


def _rank(route: Route, cidr: str) -> tuple[int, int]:
    network = ipaddress.ip_network(cidr, strict=False)
    if route.target == LOCAL:
        kind = 0
    elif route.destination.startswith("pl-"):
        kind = 2
    else:
        kind = 3 if route.origin == LEARNED else 1
    return network.max_prefixlen - network.prefixlen, kind


def _is_active(route: Route, leads: Callable[[str], bool]) -> bool:
    return route.state == ACTIVE and leads(route.target or "")


def _behind(found: Routed, may_lead: Callable[[str], bool]) -> list[Unread]:
    targets = dict.fromkeys(share.route.target or "" for share in found.shares if _is_active(share.route, may_lead))
    return [Unread(target, "what it passes on is not read") for target in targets]


def _clauses(found: Routed, leads: Callable[[str], bool], end: End) -> list[Clause]:
    way = "answers to" if end is End.SOURCE else "packets to"
    clauses: list[Clause] = []
    for share in found.shares:
        admits = _is_active(share.route, leads)
        where = share.route.target or "nothing"
        where += "" if share.route.state == ACTIVE else f", which is a {share.route.state}"
        reason = Reason(f"sends {way} {share.route.destination} to {where}", source=short(found.table))
        clauses.append(Clause(reason, admits, _at_all_ports(share.perhaps)))
    return clauses


def _at_all_ports(addresses: IpSet) -> Traffic:
    return Traffic.between(PortSet.every(), addresses)


def _total(sets: Iterable[IpSet]) -> IpSet:
    total = IpSet()
    for one in sets:
        total = total | one
    return total
