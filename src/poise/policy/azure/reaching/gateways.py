"""Ways from the internet by what stands before a network: firewalls, application gateways, load balancers.

Sources: Microsoft Learn, "Azure Firewall DNAT" (the target sees the firewall's own address; translations are not
inherited from a parent policy), "How an application gateway works" (the target sees the gateway's subnet, and the
security group of that subnet guards the listener), "Azure Load Balancer components" (the target sees the client).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from poise.model.azure.gateways import (
    ApplicationGateway,
    AzureFirewall,
    BalancerRule,
    DnatRule,
    FirewallPolicy,
    FrontEnd,
    GatewayRoute,
    LoadBalancer,
    Pool,
)
from poise.model.azure.ids import parent, subscription_id
from poise.model.azure.network import Subnet, VirtualNetwork
from poise.policy.answer import Reason, Unread
from poise.policy.azure.reaching.filters import Far, filter_hops
from poise.policy.azure.reaching.places import Place, found, is_connected
from poise.policy.azure.reaching.world import NatRule, World
from poise.policy.intervals import IpSet, PortSet
from poise.policy.lookups import known, last_part
from poise.policy.reach import Asked, Clause, End, Hop, Networks, Reach, in_turn, judge, unread_hop
from poise.policy.traffic import Traffic

EVERYONE = IpSet.every()
DEPTH = 8
"""Slashes in the id of a gateway or balancer, and of what is part of it more."""


class Way(NamedTuple):
    """A question from the internet, as what stands before a network sees it."""

    world: World
    source: Networks
    place: Place
    """Where it ends."""
    ports: PortSet
    """Ports of the target that are asked about."""

    @property
    def side(self) -> End | None:
        """The end that is the internet at large."""
        return End.SOURCE if self.source.is_internet else None

    def judged(self, hops: Sequence[Hop], ports: PortSet | None = None) -> Reach:
        """Follow the question through hops."""
        at = self.ports if ports is None else ports
        return judge(Asked(self.source.addresses, EVERYONE, at, self.world.protocol, self.side), hops)

    def guards(self, *, is_client: bool) -> tuple[Hop, ...]:
        """Return the filters before the target, as they see the client, or an address inside of Azure."""
        far = Far(is_internet=is_client and self.source.is_internet)
        return filter_hops(self.world, self.place, End.SOURCE, far)

    def unread(self, gap: Unread, *, is_client: bool) -> Reach:
        """Return that a way may lead there, unless the filters before the target close it."""
        if is_client:
            return self.judged((unread_hop(End.SOURCE, gap), *self.guards(is_client=True)))
        inside = Asked(EVERYONE, EVERYONE, self.ports, self.world.protocol)
        return judge(inside, (unread_hop(End.SOURCE, gap), *self.guards(is_client=False)))

    def from_range(self, ranges: IpSet, ports: PortSet) -> Reach:
        """Follow what a gateway sends on from its own addresses."""
        return judge(Asked(ranges, EVERYONE, ports, self.world.protocol), self.guards(is_client=False))


def gateway_ways(way: Way) -> Iterator[Reach]:
    """Yield every way by a firewall, an application gateway or a load balancer."""
    if not way.place.addresses:
        return
    yield from _by_firewalls(way)
    for scope in scopes(way.world, way.place):
        yield from _by_application_gateways(way, scope)
        yield from _by_balancers(way, scope)
    for id in way.place.pools:
        owner = _owner(way.world, id)
        if isinstance(owner, Unread):
            yield way.unread(owner, is_client=True)


def _owner(world: World, pool: str) -> ApplicationGateway | LoadBalancer | Unread:
    """Return the gateway or balancer that a pool, or a rule to one interface, belongs to."""
    owner = parent(pool) if pool.count("/") > DEPTH else pool
    if "/applicationgateways/" in pool:
        return found(world, ApplicationGateway, owner)
    return found(world, LoadBalancer, owner)


def scopes(world: World, place: Place) -> tuple[str, ...]:
    """Return the subscriptions of a place, of its network and of those that it is peered with: a hub may be there."""
    ids = [place.id, place.network, *place.pools]
    network = found(world, VirtualNetwork, place.network) if place.network else Unread("network", "not known")
    if not isinstance(network, Unread):
        peers = known(
            lambda: [p.remote_network for p in network.peerings if is_connected(p.state) and p.remote_network]
        )
        ids += [] if isinstance(peers, Unread) else peers
    return tuple(dict.fromkeys(filter(None, map(subscription_id, filter(None, ids)))))


def _by_firewalls(way: Way) -> Iterator[Reach]:
    given = way.world.extra.nat_rules
    if given is not None:
        yield from (reach for rule in given for reach in _translated(way, rule))
        return
    for scope in scopes(way.world, way.place):
        firewalls = way.world.of(AzureFirewall, scope)
        if isinstance(firewalls, Unread):
            yield way.unread(firewalls, is_client=False)
            continue
        for firewall in firewalls:
            for rule in way.world.once(("dnat", firewall.id), partial(_rules_of, way.world, firewall)):
                yield from (way.unread(rule, is_client=False),) if isinstance(rule, Unread) else _translated(way, rule)


def _rules_of(world: World, firewall: AzureFirewall) -> list[NatRule | Unread]:
    """Return the translations of a firewall: its own, or those of its policy."""
    policy = known(lambda: firewall.policy, f"policy of {firewall.name}")
    if isinstance(policy, Unread):
        return [policy]
    holder: AzureFirewall | FirewallPolicy | Unread = (
        firewall if policy is None else found(world, FirewallPolicy, policy)
    )
    if isinstance(holder, Unread):
        return [holder]
    rules = known(lambda: holder.nat_rules, f"translations of {holder.name}")
    if isinstance(rules, Unread) or not rules:
        return [rules] if isinstance(rules, Unread) else []
    ranges = _ranges(world, known(lambda: firewall.subnets, f"subnets of {firewall.name}"))
    if isinstance(ranges, Unread):
        return [ranges]
    return [known(partial(_nat_rule, firewall, rule, ranges), rule.name) for rule in rules]


def _nat_rule(firewall: AzureFirewall, rule: DnatRule, ranges: IpSet) -> NatRule | Unread:
    if rule.source_groups or rule.translated_address is None:
        what = "IP groups" if rule.source_groups else f"address of {rule.translated_name}"
        return Unread(f"{what} in rule {rule.name} of {firewall.name}", "it is not collected")
    first, _, _ = rule.ports[0].partition("-")
    return NatRule(
        f"{rule.name} of {firewall.name}",
        rule.protocols,
        rule.sources,
        int(first) if first.isdigit() else 0,
        rule.translated_address,
        int(rule.translated_port),
        ",".join(ranges.cidrs()),
    )


def _ranges(world: World, subnets: Iterable[str] | Unread) -> IpSet | Unread:
    if isinstance(subnets, Unread):
        return subnets
    ranges = IpSet()
    for id in subnets:
        subnet = found(world, Subnet, id)
        prefixes = subnet if isinstance(subnet, Unread) else known(partial(_prefixes, subnet), last_part(id))
        if isinstance(prefixes, Unread):
            return prefixes
        ranges = ranges | prefixes
    return ranges


def _prefixes(subnet: Subnet) -> IpSet:
    return IpSet.from_cidrs(subnet.address_prefixes)


def _translated(way: Way, rule: NatRule) -> Iterator[Reach]:
    """Yield the way by a rule that sends packets on to the address of the target."""
    meant = known(partial(IpSet.from_cidrs, (rule.translated_address,)))
    ports = PortSet.of(rule.translated_port) & way.ports
    carried = {one.lower() for one in rule.protocols} & {"any", way.world.protocol}
    if isinstance(meant, Unread) or not meant & way.place.addresses or not ports or not carried:
        return
    ranges = IpSet.from_cidrs(filter(None, rule.firewall_range.split(","))) or EVERYONE
    senders = EVERYONE if "*" in rule.sources else IpSet.from_cidrs(rule.sources)
    text = f"rule {rule.name} sends port {rule.port} on to {rule.translated_address}"
    first = way.judged((_passing(Reason(text, source=rule.name), senders, ports),), ports)
    yield in_turn(first, way.from_range(ranges, ports))


def _passing(reason: Reason, senders: IpSet, ports: PortSet) -> Hop:
    passed = Traffic.between(ports, senders)
    return Hop(End.SOURCE, passed, passed, reason, lambda: (Clause(reason, True, passed),))


def _by_application_gateways(way: Way, scope: str) -> Iterator[Reach]:
    gateways = way.world.of(ApplicationGateway, scope)
    if isinstance(gateways, Unread):
        yield way.unread(gateways, is_client=False)
        return
    for gateway in gateways:
        facts = known(partial(_gateway_facts, gateway), gateway.name)
        if isinstance(facts, Unread):
            yield way.unread(facts, is_client=False)
            continue
        mine = _my_pools(way.place, facts[0])
        public = {end.id for end in facts[2] if end.public_address is not None}
        for route in facts[1]:
            if route.pool in mine and route.front_end in public and way.world.protocol == "tcp":
                yield from _routed(way, gateway, route, facts[3])


def _gateway_facts(
    gateway: ApplicationGateway,
) -> tuple[Sequence[Pool], Sequence[GatewayRoute], Sequence[FrontEnd], Sequence[str]]:
    return gateway.pools, gateway.routes, gateway.front_ends, gateway.subnets


def _my_pools(place: Place, pools: Iterable[Pool]) -> frozenset[str]:
    """Return the pools that a place is in, by its interface or by its address."""
    by_address = {pool.id for pool in pools if any(_is_at(place, address) for address in pool.addresses)}
    return frozenset(by_address | set(place.pools))


def _is_at(place: Place, address: str) -> bool:
    meant = known(partial(IpSet.from_cidrs, (address,)))
    return not isinstance(meant, Unread) and bool(meant & place.addresses)


def _routed(way: Way, gateway: ApplicationGateway, route: GatewayRoute, subnets: Sequence[str]) -> Iterator[Reach]:
    ports = PortSet.of(route.target_port) & way.ports
    if not ports:
        return
    ranges = _ranges(way.world, subnets)
    if isinstance(ranges, Unread):
        yield way.unread(ranges, is_client=False)
        return
    front = PortSet.of(route.port)
    text = f"{gateway.name} publishes it at port {route.port} by rule {route.rule}"
    listens = _passing(Reason(text, source=gateway.id), EVERYONE, front)
    hops = [listens]
    for subnet in subnets:
        stand = Place(
            id=gateway.id, subnet=subnet, nic_group=None, public="", addresses=IpSet(), application_groups=(), pools=()
        )
        hops += filter_hops(way.world, stand, End.SOURCE, Far(is_internet=way.source.is_internet))
    yield in_turn(way.judged(hops, front), way.from_range(ranges, ports))


def _by_balancers(way: Way, scope: str) -> Iterator[Reach]:
    balancers = way.world.of(LoadBalancer, scope)
    if isinstance(balancers, Unread):
        yield way.unread(balancers, is_client=True)
        return
    for balancer in balancers:
        facts = known(partial(_balancer_facts, balancer), balancer.name)
        if isinstance(facts, Unread):
            yield way.unread(facts, is_client=True)
            continue
        mine = _my_pools(way.place, facts[0])
        public = {end.id for end in facts[2] if end.public_address is not None}
        for rule in facts[1]:
            if rule.front_end in public and (mine & set(rule.pools) or rule.id in way.place.pools):
                yield from _balanced(way, balancer, rule, is_basic=(facts[3] or "Basic").lower() == "basic")


def _balancer_facts(
    balancer: LoadBalancer,
) -> tuple[Sequence[Pool], Sequence[BalancerRule], Sequence[FrontEnd], str | None]:
    return balancer.pools, (*balancer.rules, *balancer.forwards), balancer.front_ends, balancer.sku


def _balanced(way: Way, balancer: LoadBalancer, rule: BalancerRule, *, is_basic: bool) -> Iterator[Reach]:
    """Yield the way by a rule: the groups before the target see the client, and a Standard one needs a group."""
    if rule.protocol.lower() not in ("all", way.world.protocol):
        return
    ports = way.ports if rule.protocol.lower() == "all" else PortSet.of(rule.target_port) & way.ports
    if not ports:
        return
    guards = way.guards(is_client=True)
    text = f"{balancer.name} sends port {rule.port or 'any'} on to it by rule {last_part(rule.id)}"
    hops = [_passing(Reason(text, source=balancer.id), EVERYONE, ports), *guards]
    if not guards and not is_basic:
        reason = Reason("no security group guards it, and a Standard balancer is closed until one opens it")
        hops.append(Hop(End.SOURCE, Traffic(), Traffic(), reason))
    yield way.judged(hops, ports)
