"""Where packets of the internet get in AWS: to machines by their own addresses, to balancers and on, to databases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.graph.ignored import IGNORED_BY_ROUTES
from poise.graph.routes import routes, texts_of
from poise.model.aws.ec2 import Ec2Instance
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.rds import RdsInstance
from poise.model.errors import BadInput
from poise.model.graph import INTERNET, Edge, EdgeState
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reachability import reach, reach_of_place
from poise.policy.aws.reaching.ends import ends_of
from poise.policy.aws.reaching.places import by_place
from poise.policy.aws.reaching.world import World
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Decision, Reach, any_of, closed, the_internet, unknown

PROTOCOLS = ("tcp", "udp")
WIDE, NARROW = "wide", "narrow"
CLOSED = Decision.CLOSED
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
GONE = ("terminated", "shutting-down")
Balancer = LoadBalancer | ClassicLoadBalancer
Answers = Mapping[str, tuple[Reach, ...]]


def find(estate: Estate) -> Found:
    """Yield routes from the internet and from balancers, and how far each asset is exposed."""
    worlds = [World(estate.inventory, protocol) for protocol in PROTOCOLS]
    machines = [one for one in estate.of(Ec2Instance) if read(one, "state") not in GONE]
    balancers: list[Balancer] = [*estate.of(LoadBalancer), *estate.of(ClassicLoadBalancer)]
    asked: dict[str, tuple[Reach, ...]] = {one.id: tuple(_direct(world, one) for world in worlds) for one in machines}
    for other in (*balancers, *estate.of(RdsInstance)):
        asked[other.id] = tuple(answer for world in worlds if (answer := _listening(world, other)) is not None)
    behind = list(_behind(estate, worlds[0], balancers, machines))
    shadowed = _shadowed(estate, machines, asked)
    for id, answers in asked.items():
        yield from routes(estate, (INTERNET, id), answers)
        if id not in shadowed:
            yield from _told(id, answers, [asked[edge.source] for edge in behind if edge.target == id], behind)
    yield from behind


def _is_known(estate: Estate) -> bool:
    """Say whether target groups were read, which tell where balancers lead to; another module follows them."""
    return any(one.KIND == TARGET_GROUP for one in estate.assets)


def _shadowed(estate: Estate, machines: list[Ec2Instance], asked: Answers) -> frozenset[str]:
    """Return the machines that only target groups can tell of, as an open balancer stands in their network."""
    if not _is_known(estate):
        return frozenset()
    facing = [one for one in estate.of(LoadBalancer) if any(way.decision is not CLOSED for way in asked[one.id])]
    networks = {read(one, "vpc") for one in facing}
    shut = (one for one in machines if not any(way.is_open for way in asked[one.id]))
    return frozenset(one.id for one in shut if read(one, "vpc") in networks)


def _direct(world: World, machine: Ec2Instance) -> Reach:
    ends = ends_of(world, machine)
    ways = [_of_place(world, place) for place in by_place(ends.spots)]
    ways += [unknown(gap.input, gap.reason, world.protocol) for gap in ends.gaps]
    return any_of(ways, closed(f"{machine.name} has no network interface", machine.id, world.protocol))


def _of_place(world: World, place: object) -> Reach:
    return world.once(("internet", place), lambda: reach_of_place(world, the_internet(), place))  # type: ignore[arg-type]


def _listening(world: World, asset: Balancer | RdsInstance) -> Reach | None:
    try:
        return reach(world, the_internet(), asset)
    except BadInput:
        return None


def _behind(estate: Estate, world: World, balancers: list[Balancer], machines: list[Ec2Instance]) -> Iterator[Edge]:
    by_id = {one.id: one for one in machines}
    for balancer in balancers:
        if isinstance(balancer, ClassicLoadBalancer):
            ports = PortSet.of(*(one.instance_port for one in read(balancer, "listeners") or ()))
            for id in read(balancer, "instances") or ():
                if id in by_id and ports:
                    yield from routes(estate, (balancer.id, id), (_forwarded(world, balancer, by_id[id], ports),))
        elif not _is_known(estate):
            for machine in machines:
                if read(machine, "vpc") == read(balancer, "vpc"):
                    yield from routes(estate, (balancer.id, machine.id), _perhaps(world, balancer, machine))


def _forwarded(world: World, balancer: Balancer, machine: Ec2Instance, ports: PortSet) -> Reach:
    found = reach(world, balancer, machine, ports)
    reason = Reason(f"{balancer.name} forwards to it at {ports}", source=balancer.id)
    return msgspec.structs.replace(found, because=(reason, *found.because))


def _perhaps(world: World, balancer: LoadBalancer, machine: Ec2Instance) -> Iterator[Reach]:
    """Yield that a balancer may lead to a machine that lets its packets in; where it leads is not collected."""
    place = tuple(spot.place for spot in ends_of(world, machine).spots)
    found = world.once(("behind", balancer.id, place), lambda: reach(world, balancer, machine))
    if found.decision is not CLOSED:
        gap = Unread("targets of target groups", f"whether {balancer.name} leads to it is not collected")
        yield msgspec.structs.replace(found, decision=Decision.UNKNOWN, unread=(gap, *found.unread))


def _told(id: str, answers: tuple[Reach, ...], fronts: list[tuple[Reach, ...]], behind: list[Edge]) -> Iterator[Told]:
    ports = set(texts_of(one for one in answers if one.is_open))
    leading = [edge for edge in behind if edge.target == id]
    for front, edge in zip(fronts, leading, strict=True):
        if edge.state is EdgeState.CERTAIN and any(one.is_open for one in front):
            ports |= set(edge.ports)
    if ports:
        yield Told(id, "exposed", True)
        yield Told(id, "exposure_width", WIDE)
        yield Told(id, "exposed_ports", sorted(ports))
        return
    is_told = not any(one.decision is Decision.UNKNOWN for one in answers)
    hidden = any(any(one.decision is not CLOSED for one in front) for front in fronts)
    if is_told and not hidden:
        some = any(one.sources != IpSet() for one in answers)
        yield Told(id, "exposed", some)
        if some:
            yield Told(id, "exposure_width", NARROW)


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_ROUTES)
