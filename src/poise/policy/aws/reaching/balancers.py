"""Ways to a machine through a load balancer before it.

Sources: Elastic Load Balancing user guides, "Target groups for your Network Load Balancers" (client IP preservation:
the target sees the client's address, and its own groups decide about that), "Listeners for your Classic Load Balancer".
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.elb import ClassicListener, ClassicLoadBalancer, Listener, LoadBalancer
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reaching.between import between
from poise.policy.aws.reaching.ends import Ends, ends_of, protocols_of
from poise.policy.aws.reaching.filters import acl_hops, groups_hop, named_groups
from poise.policy.aws.reaching.outside import EVERYONE, from_outside, local_addresses
from poise.policy.aws.reaching.places import Spot
from poise.policy.aws.reaching.world import Target, TargetGroup, World, known, short, target_group
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Asked, Decision, End, Hop, Networks, Reach, any_of, closed, in_turn, judge, unknown

TARGETS = "targets of target groups"
Machine = Ec2Instance | NetworkInterface


def through_balancers(world: World, source: Networks, machine: Machine, ports: PortSet) -> list[Reach]:
    """Return what the ways through balancers come to that lead to a machine, or may; closed ones are left out."""
    ends = ends_of(world, machine)
    ways = [*_classic(world, source, machine, ends, ports), *_current(world, source, machine, ends, ports)]
    return [way for way in ways if way.decision is not Decision.CLOSED]


def _classic(world: World, source: Networks, machine: Machine, ends: Ends, ports: PortSet) -> Iterator[Reach]:
    instance = machine.id if isinstance(machine, Ec2Instance) else known(lambda: machine.instance)
    listed = world.of(ClassicLoadBalancer, machine.scope)
    if isinstance(listed, Unread):
        yield from _perhaps(world, source, ends, ports, listed)
        return
    for balancer in listed:
        behind = known(partial(_behind, balancer), balancer.id)
        if isinstance(behind, Unread):
            yield from _perhaps(world, source, ends, ports, behind)
        elif instance in behind[0]:
            for listener in behind[1]:
                there = PortSet.of(listener.instance_port) & ports
                if there and world.protocol in protocols_of(listener.protocol):
                    yield _forwarded(world, source, balancer, listener.port, ends, there)


def _behind(balancer: ClassicLoadBalancer) -> tuple[tuple[str, ...], tuple[ClassicListener, ...]]:
    return balancer.instances, balancer.listeners


def _facts(balancer: LoadBalancer) -> tuple[str, tuple[Listener, ...]]:
    return balancer.vpc, balancer.listeners


def _current(world: World, source: Networks, machine: Machine, ends: Ends, ports: PortSet) -> Iterator[Reach]:
    vpcs = {spot.place.vpc for spot in ends.spots}
    listed = world.of(LoadBalancer, machine.scope)
    if isinstance(listed, Unread):
        yield from _perhaps(world, source, ends, ports, listed)
        return
    for balancer in listed:
        facts = known(partial(_facts, balancer), balancer.id)
        if isinstance(facts, Unread):
            yield from _perhaps(world, source, ends, ports, facts)
        elif facts[0] in vpcs:
            for listener in facts[1]:
                if listener.port is not None and world.protocol in protocols_of(listener.protocol):
                    yield from _by_listener(world, source, balancer, listener, machine, ports)


def _by_listener(
    world: World, source: Networks, balancer: LoadBalancer, listener: Listener, machine: Machine, ports: PortSet
) -> Iterator[Reach]:
    ends = ends_of(world, machine)
    port = listener.port or 0
    groups = known(lambda: _groups_of(balancer, listener), balancer.id)
    found = groups if isinstance(groups, Unread) else [target_group(world, arn) for arn in groups]
    gaps = [found] if isinstance(found, Unread) else [one for one in found if isinstance(one, Unread)]
    if gaps:
        way = _forwarded(world, source, balancer, port, ends, ports)
        if way.decision is not Decision.CLOSED:
            yield _unsure(way, Unread(TARGETS, f"whether {balancer.name} leads to it is not known: {gaps[0].reason}"))
    for group in () if isinstance(found, Unread) else found:
        if isinstance(group, Unread):
            continue
        there = _ports_behind(group, machine, ends) & ports
        if there and group.keeps_client_address:
            yield _with_client_address(world, source, balancer, port, ends, there)
        elif there:
            yield _forwarded(world, source, balancer, port, ends, there)


def _groups_of(balancer: LoadBalancer, listener: Listener) -> tuple[str, ...]:
    rules = [rule.actions for rule in balancer.rules if rule.listener == listener.arn]
    actions = [action for actions in (listener.default_actions, *rules) for action in actions]
    return tuple(dict.fromkeys(arn for action in actions for arn in action.target_groups))


def _ports_behind(group: TargetGroup, machine: Machine, ends: Ends) -> PortSet:
    instance = machine.id if isinstance(machine, Ec2Instance) else machine.instance
    names = {short(instance)} if instance else set()
    found = PortSet()
    for target in group.targets:
        if target.port is not None and (target.id in names or _is_address_of(target, ends)):
            found = found | PortSet.of(target.port)
    return found


def _is_address_of(target: Target, ends: Ends) -> bool:
    address = known(lambda: IpSet.from_cidrs((target.id,)))
    return isinstance(address, IpSet) and any(spot.addresses & address for spot in ends.spots)


def _forwarded(
    world: World, source: Networks, balancer: LoadBalancer | ClassicLoadBalancer, port: int, ends: Ends, ports: PortSet
) -> Reach:
    """Follow packets to a balancer, and from the balancer's own addresses to the machine."""
    before = ends_of(world, balancer)
    front = _front(world, source, balancer, before, port)
    ways = [
        judge(Asked(node.addresses, spot.addresses, ports, world.protocol), way)
        for node in before.spots
        for spot in ends.spots
        for way in between(world, node.place, spot.place)
    ]
    return _named(in_turn(front, any_of(ways, _nothing(world))), balancer, port)


def _with_client_address(
    world: World, source: Networks, balancer: LoadBalancer, port: int, ends: Ends, ports: PortSet
) -> Reach:
    """Follow packets that keep the client's address: the filters of the machine see that."""
    front = _front(world, source, balancer, ends_of(world, balancer), port)
    side = End.SOURCE if source.is_internet else None
    asked = Asked(source.addresses, EVERYONE, ports, world.protocol, side)
    back = any_of((judge(asked, _filters(world, spot)) for spot in ends.spots), _nothing(world))
    return _named(in_turn(front, back), balancer, port)


def _filters(world: World, spot: Spot, peers: tuple[str, ...] = ()) -> tuple[Hop, ...]:
    return (*acl_hops(world, spot.place, End.SOURCE), groups_hop(world, spot.place, End.SOURCE, peers))


def _front(
    world: World, source: Networks, balancer: LoadBalancer | ClassicLoadBalancer, ends: Ends, port: int
) -> Reach:
    ways = [
        way for node in ends.spots for way in from_outside(world, source, node.place, PortSet.of(port), ends.listens)
    ]
    ways += [unknown(gap.input, gap.reason, world.protocol) for gap in ends.gaps]
    return any_of(ways, closed(f"{balancer.name} has no subnet", balancer.id, world.protocol))


def _named(way: Reach, balancer: LoadBalancer | ClassicLoadBalancer, port: int) -> Reach:
    reason = Reason(f"{balancer.name} forwards port {port} to it", source=balancer.id)
    return msgspec.structs.replace(way, because=(reason, *way.because))


def _unsure(way: Reach, gap: Unread) -> Reach:
    return msgspec.structs.replace(way, decision=Decision.UNKNOWN, unread=(*way.unread, gap))


def _perhaps(world: World, source: Networks, ends: Ends, ports: PortSet, gap: Unread) -> Iterator[Reach]:
    """Yield that a balancer may lead there, unless the machine lets in nothing that could be one."""
    side = End.SOURCE if source.is_internet else None
    for spot in ends.spots:
        # A balancer has an address of the VPC, or keeps the address of the client.
        own = Asked(local_addresses(world, spot.place), EVERYONE, ports, world.protocol)
        kept = Asked(source.addresses, EVERYONE, ports, world.protocol, side)
        named = judge(own, _filters(world, spot, named_groups(world, spot.place)))
        for back in (named, judge(kept, _filters(world, spot))):
            if back.decision is not Decision.CLOSED:
                yield _unsure(back, gap)


def _nothing(world: World) -> Reach:
    return closed("nothing leads from the balancer to it", "", world.protocol)
