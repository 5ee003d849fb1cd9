"""Ways between two places: in one VPC, over a peering, over a transit gateway.

Sources: VPC User Guide, "Route tables"; VPC Peering Guide, "How VPC peering connections work" (no transit: packets
for a third network are dropped), "Update your security groups to reference peer security groups" (same region
alone); Transit Gateways guide, "How transit gateways work".
"""

from __future__ import annotations

from functools import partial

from poise.model.aws.vpc import VpcPeering
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reaching.filters import acl_hops, groups_hop
from poise.policy.aws.reaching.places import Place
from poise.policy.aws.reaching.routes import APPLIANCES, LOCAL, Exactly, route_hop, starts
from poise.policy.aws.reaching.transit import transit_hops
from poise.policy.aws.reaching.world import World, known, short
from poise.policy.reach import End, Hop, barrier, unread_hop

PEERING = "pcx-"
NOWHERE = starts()
IS_APPLIANCE = starts(*APPLIANCES)
OTHER_GATEWAYS = ("vgw-", "lgw-", "arn:")
"""Gateways behind which another network may send packets back into this one."""


def between(world: World, source: Place, target: Place) -> tuple[tuple[Hop, ...], ...]:
    """Return the ways of packets from one place to private addresses of another; every hop of one must let them."""
    return world.once(("between", source, target), lambda: _between(world, source, target))


def _between(world: World, source: Place, target: Place) -> tuple[tuple[Hop, ...], ...]:
    if source.vpc == target.vpc and source.vpc:
        return ((*_within(world, source, target),),)
    peering = _over_peering(world, source, target)
    others = (_over_transit(world, source, target), _elsewhere(world, source, target))
    # A peering that lacks a route is told as such; gateways that no route names are not worth a word.
    found = [way for way in (peering,) if way[0]] + [way for way in others if all(hop.most for hop in way[0])]
    ways = tuple(_filtered(world, source, target, routes, refers=refers) for routes, refers in found)
    return ways or ((no_way(source, target),),)


def _within(world: World, source: Place, target: Place) -> tuple[Hop, ...]:
    if source.subnet == target.subnet:
        return _filtered(world, source, target, (), refers=True)
    there = route_hop(world, source, End.TARGET, Exactly(LOCAL), IS_APPLIANCE, "inside the VPC")
    back = route_hop(world, target, End.SOURCE, Exactly(LOCAL), IS_APPLIANCE, "inside the VPC")
    return _filtered(world, source, target, (there, back), refers=True)


def _filtered(world: World, source: Place, target: Place, routes: tuple[Hop, ...], *, refers: bool) -> tuple[Hop, ...]:
    """Put the filters of both ends around the routes; packets inside of one subnet meet no ACL."""
    leaves = groups_hop(world, source, End.TARGET, (target.groups or ()) if refers else ())
    enters = groups_hop(world, target, End.SOURCE, (source.groups or ()) if refers else ())
    if source.subnet == target.subnet:
        return (leaves, *routes, enters)
    return (
        leaves,
        *acl_hops(world, source, End.TARGET),
        *routes,
        *acl_hops(world, target, End.SOURCE),
        enters,
    )


def _facts(one: VpcPeering) -> tuple[str, set[str]]:
    return one.status, {one.requester.vpc, one.accepter.vpc}


Routes = tuple[tuple[Hop, ...], bool]
"""The routes of a way, and whether rules may name groups of the other end."""


def _over_peering(world: World, source: Place, target: Place) -> Routes:
    key = ("peering", source.scope, source.vpc, target.scope, target.vpc)
    found = world.once(key, partial(_peering, world, source, target))
    if isinstance(found, Unread):
        routes = route_hop(world, source, End.TARGET, starts(PEERING), words="to a peering")
        return (routes, unread_hop(End.TARGET, found)), True
    if found is None:
        return (), False
    id = short(found.id)
    there = route_hop(world, source, End.TARGET, Exactly(id), IS_APPLIANCE, f"to {id}")
    back = route_hop(world, target, End.SOURCE, Exactly(id), IS_APPLIANCE, f"to {id}")
    return (there, back), found.requester.region == found.accepter.region


def _peering(world: World, source: Place, target: Place) -> VpcPeering | Unread | None:
    """Return the active peering of two VPCs, as either account lists it; None if there is none."""
    wanted = {source.vpc, target.vpc}
    gap: Unread | None = None
    for scope in dict.fromkeys((source.scope, target.scope)):
        listed = world.of(VpcPeering, scope)
        if isinstance(listed, Unread):
            gap = listed
            continue
        for one in listed:
            facts = known(partial(_facts, one), short(one.id))
            if isinstance(facts, Unread):
                gap = facts
            elif facts == ("active", wanted):
                return one
        if gap is None:
            return None
    return gap


def _over_transit(world: World, source: Place, target: Place) -> Routes:
    return transit_hops(world, source, target), False


def _elsewhere(world: World, source: Place, target: Place) -> Routes:
    """Return the way over other gateways, behind which it cannot be followed."""
    others = (*OTHER_GATEWAYS, *APPLIANCES)
    words = "to the other VPC"
    there = route_hop(world, source, End.TARGET, NOWHERE, starts(*others), words)
    back = route_hop(world, target, End.SOURCE, NOWHERE, starts(*others, "tgw-"), words)
    return (there, back), False


def no_way(source: Place, target: Place) -> Hop:
    """Return the barrier between two VPCs that nothing connects."""
    text = f"nothing connects {short(source.vpc)} with {short(target.vpc)}"
    return barrier(End.TARGET, Reason(text))
