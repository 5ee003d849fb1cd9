"""Block public access of VPCs: whether it stops the internet before a subnet, or what leaves it for the internet.

Source: Amazon VPC User Guide, "Block public access to VPCs and subnets". *Bidirectional* blocks internet gateways and
egress-only gateways, and what needs an internet gateway: NAT gateways and balancers that face the internet.
*Ingress-only* leaves NAT and egress-only gateways alone. An exclusion of a subnet or VPC allows both directions, or
outward alone, which says something under *bidirectional* only.
"""

from __future__ import annotations

from enum import Enum

from poise.model.aws.vpc import NatGateway, Subnet
from poise.policy.answer import Reason, Unread
from poise.policy.aws.reaching.places import Place
from poise.policy.aws.reaching.world import World, known, short
from poise.policy.reach import End, Hop, barrier, unread_hop
from poise.policy.traffic import Traffic

UNBLOCKED, INGRESS = (None, "off"), "block-ingress"
BOTH_WAYS, OUTWARD = "allow-bidirectional", "allow-egress"


class Door(Enum):
    """What leads to the internet."""

    GATEWAY = "internet gateway"
    NAT = "NAT gateway"
    EGRESS_ONLY = "egress-only internet gateway"


def mode_in_force(subnet: Subnet) -> str | None:
    """Return the block that is left of a subnet after exclusions: `block-...`, `allow-egress`, or None for none.

    Raises NotCollected where an input was not read.
    """
    block = subnet.internet_block
    if block in UNBLOCKED:
        return None
    exclusion = subnet.internet_exclusion
    if exclusion == BOTH_WAYS:
        return None
    return OUTWARD if exclusion == OUTWARD and block != INGRESS else block


def block_hop(world: World, place: Place, end: End, door: Door) -> Hop:
    """Return whether packets between a place and the internet pass the block at a door.

    Through a NAT gateway they leave from two subnets. If one of them is blocked and the other is not, the guide does
    not say which decides, and the answer is unknown.
    """
    own = _mode(world, place.scope, place.subnet)
    hop = _hop(own, end, door, place.subnet)
    if door is not Door.NAT:
        return hop
    others = [_mode(world, place.scope, subnet) for subnet in _nat_subnets(world, place)]
    if all(_hop(other, end, door, "").most == hop.most for other in others):
        return hop
    gap = Unread(f"whether {short(place.subnet)} is exempt from block public access", "its NAT gateway is")
    return unread_hop(end, gap)


def _mode(world: World, scope: str, id: str) -> str | Unread | None:
    subnet = world.find(Subnet, scope, id)
    return subnet if isinstance(subnet, Unread) else known(lambda: mode_in_force(subnet), short(id))


def _nat_subnets(world: World, place: Place) -> tuple[str, ...]:
    listed = world.of(NatGateway, place.scope)
    if isinstance(listed, Unread):
        return ()
    found = known(lambda: tuple(one.subnet for one in listed if one.vpc == place.vpc and one.subnet))
    return () if isinstance(found, Unread) else found


def _hop(mode: str | Unread | None, end: End, door: Door, subnet: str) -> Hop:
    if isinstance(mode, Unread):
        return unread_hop(end, mode)
    passes = Hop(end, Traffic.every(), Traffic.every(), Reason("nothing blocks the internet"))
    if mode is None or (mode in (INGRESS, OUTWARD) and door is not Door.GATEWAY):
        return passes
    if mode == OUTWARD and end is End.TARGET:
        gap = Unread(f"whether {short(subnet)} may send by its own address", "its exclusion allows what leaves it")
        return unread_hop(end, gap)
    return barrier(end, Reason(f"block public access of VPCs ({mode}) stops the internet", source=subnet))
