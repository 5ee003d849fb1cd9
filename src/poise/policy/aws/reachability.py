"""Whether packets get from one end to another in AWS: the internet, networks, machines, subnets, balancers, databases.

Each question is asked once for all interfaces that stand in the same place (subnet, groups, public or not), not
interface by interface. Inputs that were not read matter only where all that was read is open.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.model.asset import Asset
from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.errors import BadInput
from poise.policy.answer import Unread
from poise.policy.aws.reaching.balancers import through_balancers
from poise.policy.aws.reaching.between import between
from poise.policy.aws.reaching.ends import Ends, ends_of
from poise.policy.aws.reaching.outside import from_outside, to_outside
from poise.policy.aws.reaching.places import Place, Spot, by_place
from poise.policy.aws.reaching.world import World, short
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Asked, Decision, Networks, Reach, any_of, closed, in_turn, judge, the_internet, unknown

EVERY_PORT = PortSet.every()
Side = Asset | Networks


def reach(world: World, source: Side, target: Side, ports: PortSet = EVERY_PORT) -> Reach:
    """Return whether packets get from a source to a target at some of the asked ports.

    Raises BadInput if no end is an asset, or one is of a kind that has no place in a network.
    """
    if isinstance(source, Networks):
        if isinstance(target, Networks):
            raise BadInput("One of the two ends has to be an asset.")
        return _from_networks(world, source, target, ports)
    if isinstance(target, Networks):
        return _to_networks(world, source, target, ports)
    return _between_assets(world, source, target, ports)


def reach_of_place(world: World, source: Networks, place: Place, ports: PortSet = EVERY_PORT) -> Reach:
    """Return whether networks get to all that stands in a place."""
    return any_of(from_outside(world, source, place, ports), _nothing(world))


def reach_of_places(world: World, source: Place, target: Place, ends: tuple[IpSet, IpSet], ports: PortSet) -> Reach:
    """Return what of one place gets to what of another, by private addresses; ``ends`` are the addresses in each.

    A member is concerned if its address is in `sources`, or in `targets`, of the answer.
    """
    asked = Asked(ends[0], ends[1], ports, world.protocol)
    return any_of((judge(asked, way) for way in between(world, source, target)), _nothing(world))


def _from_networks(world: World, source: Networks, target: Asset, ports: PortSet) -> Reach:
    ends = ends_of(world, target)
    direct = [way for place in by_place(ends.spots) for way in from_outside(world, source, place, ports, ends.listens)]
    ways = [*direct, *_gaps(world, ends)]
    if isinstance(target, Ec2Instance | NetworkInterface) and not any(way.is_open for way in ways):
        ways += through_balancers(world, source, target, ports)
    return any_of(ways, closed(f"{short(target.id)} has no network interface", target.id, world.protocol))


def _to_networks(world: World, source: Asset, target: Networks, ports: PortSet) -> Reach:
    ends = ends_of(world, source)
    ways = [way for place in by_place(ends.spots) for way in to_outside(world, place, target, ports)]
    return any_of(
        (*ways, *_gaps(world, ends)), closed(f"{short(source.id)} has no network interface", source.id, world.protocol)
    )


def _between_assets(world: World, source: Asset, target: Asset, ports: PortSet) -> Reach:
    here, there = ends_of(world, source), ends_of(world, target)
    nothing = closed("one end has no network interface", "", world.protocol)
    ways = [*_private(world, here, there, ports), *_gaps(world, here), *_gaps(world, there)]
    if not any(way.is_open for way in ways):
        ways += _public(world, source, target, ports)
    return any_of(ways, nothing)


def _private(world: World, here: Ends, there: Ends, ports: PortSet) -> Iterator[Reach]:
    for source, senders in by_place(here.spots).items():
        for target, receivers in by_place(there.spots).items():
            asked = Asked(_addresses(senders), _addresses(receivers), ports, world.protocol)
            is_exact = all(spot.is_exact for spot in (*senders, *receivers))
            for way in between(world, source, target):
                yield _checked(asked, judge(asked, (*way, *there.listens)), is_exact)


def _checked(asked: Asked, found: Reach, is_exact: bool) -> Reach:
    """Take back a yes that holds for some addresses of a subnet alone, where it is not known which is meant."""
    if is_exact or not found.is_open or (found.targets.covers(asked.targets) and found.sources.covers(asked.sources)):
        return found
    gap = Unread("addresses of the service", "rules let some addresses of its subnet alone")
    return msgspec.structs.replace(found, decision=Decision.UNKNOWN, unread=(*found.unread, gap))


def _public(world: World, source: Asset, target: Asset, ports: PortSet) -> Iterator[Reach]:
    """Yield the way over the internet: out of the source, and in at a public address of the target."""
    publics = IpSet.from_cidrs(address for spot in ends_of(world, target).spots for address in spot.publics)
    if not publics:
        return
    out = _to_networks(world, source, Networks(publics), ports)
    senders = IpSet.from_cidrs(address for spot in ends_of(world, source).spots for address in spot.publics)
    if out.decision is Decision.CLOSED:
        return
    anybody = _from_networks(world, the_internet(), target, ports)
    if anybody.is_open or not senders:
        # Whatever address it leaves with, everybody gets in; else that of its gateway would have to be known.
        gap = unknown("the public address of the source", "it leaves through a gateway", world.protocol)
        yield in_turn(out, anybody if anybody.is_open or not anybody.sources else gap)
        return
    come = _from_networks(world, Networks(senders), target, ports)
    yield in_turn(out, come)


def _gaps(world: World, ends: Ends) -> Iterator[Reach]:
    return (unknown(gap.input, gap.reason, world.protocol) for gap in ends.gaps)


def _addresses(spots: list[Spot]) -> IpSet:
    total = IpSet()
    for spot in spots:
        total = total | spot.addresses
    return total


def _nothing(world: World) -> Reach:
    return closed("nothing leads there", "", world.protocol)
