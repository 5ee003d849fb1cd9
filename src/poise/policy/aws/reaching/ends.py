"""The ends of a question: the interfaces of machines and subnets, the nodes of balancers, databases, end points."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from poise.model.asset import Asset
from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.rds import RdsInstance
from poise.model.aws.vpc import Subnet, VpcEndpoint
from poise.model.errors import BadInput
from poise.policy.answer import Reason, Unread
from poise.policy.aws.network import protocol_name
from poise.policy.aws.reaching.places import Place, Spot, spot_of
from poise.policy.aws.reaching.world import World, known, short
from poise.policy.intervals import V4, V6, IpSet, PortSet
from poise.policy.reach import Clause, End, Hop
from poise.policy.traffic import Traffic

FACING = "internet-facing"
BY_LISTENER = {"HTTP": ("tcp",), "HTTPS": ("tcp",), "TLS": ("tcp",), "SSL": ("tcp",), "TCP_UDP": ("tcp", "udp")}
"""What a listener's protocol runs over; others are named as they are. HTTP/3 (`QUIC`) runs over UDP."""
BY_LISTENER |= {"QUIC": ("udp",), "TCP_QUIC": ("tcp", "udp")}
END_POINT_PORT = 443
"""Interface end points take HTTPS; those of other people's services take what these decide."""


class Ends(NamedTuple):
    """Where an asset can be met."""

    spots: tuple[Spot, ...]
    gaps: tuple[Unread, ...] = ()
    """Interfaces that were not read."""
    listens: tuple[Hop, ...] = ()
    """The ports that it listens at, for what cannot listen at others."""


def ends_of(world: World, asset: Asset) -> Ends:
    """Return where an asset can be met; raise BadInput for a kind that has no place in a network."""
    for kind, make in MAKERS.items():
        if isinstance(asset, kind):
            found: Ends = world.once(("ends", asset.id), partial(make, world, asset))
            return found
    raise BadInput(f"{asset.id} ({asset.KIND}) has no place in a network that can be judged.", KINDS_TOLD)


def protocols_of(listener: str | None) -> tuple[str, ...]:
    """Return what a listener's protocol runs over; nothing for gateway balancers."""
    return BY_LISTENER.get(listener or "", ((listener or "").lower(),))


def _interface(world: World, asset: NetworkInterface) -> Ends:
    return Ends((spot_of(asset),))


def _machine(world: World, asset: Ec2Instance) -> Ends:
    ids = known(lambda: asset.interfaces, f"interfaces of {short(asset.id)}")
    if isinstance(ids, Unread):
        return Ends((), (ids,))
    found = [world.find(NetworkInterface, asset.scope, id) for id in ids]
    return _sorted_out(found)


def _subnet(world: World, asset: Subnet) -> Ends:
    found = world.of(NetworkInterface, asset.scope, subnet=asset.id)
    return Ends((), (found,)) if isinstance(found, Unread) else _sorted_out(found)


def _sorted_out(found: Iterable[NetworkInterface | Unread]) -> Ends:
    found = tuple(found)
    spots = tuple(spot_of(one) for one in found if not isinstance(one, Unread))
    return Ends(spots, tuple(one for one in found if isinstance(one, Unread)))


def _balancer(world: World, asset: LoadBalancer) -> Ends:
    def nodes() -> Ends:
        faces = asset.scheme == FACING
        filtered = asset.type != "network" or bool(asset.security_groups)
        places = _places(world, asset, asset.vpc, asset.subnets, asset.security_groups, faces, filtered)
        listed = [(f"{one.protocol} {one.port}", one.protocol, one.port) for one in asset.listeners]
        return Ends(places, (), (_listening(world, asset, listed),))

    return _or_gap(asset, nodes)


def _classic(world: World, asset: ClassicLoadBalancer) -> Ends:
    def nodes() -> Ends:
        if asset.vpc is None:
            return Ends((), (Unread(short(asset.id), "balancers outside of a VPC are not judged"),))
        faces = asset.scheme == FACING
        places = _places(world, asset, asset.vpc, asset.subnets, asset.security_groups, faces, True)
        listed = [(f"{one.protocol} {one.port}", one.protocol, one.port) for one in asset.listeners]
        return Ends(places, (), (_listening(world, asset, listed),))

    return _or_gap(asset, nodes)


def _database(world: World, asset: RdsInstance) -> Ends:
    def nodes() -> Ends:
        if asset.vpc is None:
            return Ends((), (Unread(asset.id, "databases outside of a VPC are not judged"),))
        public = asset.publicly_accessible
        places = _places(world, asset, asset.vpc, asset.subnets, asset.security_groups, public, True)
        return Ends(places, (), (_listening(world, asset, [(f"port {asset.port}", "TCP", asset.port)]),))

    return _or_gap(asset, nodes)


def _end_point(world: World, asset: VpcEndpoint) -> Ends:
    def nodes() -> Ends:
        places = _places(world, asset, asset.vpc, asset.subnets, asset.security_groups, False, True)
        return Ends(places, (), (_listening(world, asset, [(f"port {END_POINT_PORT}", "TCP", END_POINT_PORT)]),))

    return _or_gap(asset, nodes)


def _or_gap(asset: Asset, nodes: Callable[[], Ends]) -> Ends:
    found = known(nodes, asset.id)
    return Ends((), (found,)) if isinstance(found, Unread) else found


def _places(
    world: World,
    asset: Asset,
    vpc: str,
    subnets: Iterable[str],
    groups: Iterable[str],
    faces_internet: bool,
    is_filtered: bool,
) -> tuple[Spot, ...]:
    """Return a node in each subnet. Whether a service has IPv6 addresses is not in the records."""
    gap = Unread(f"ipv6 addresses of {short(asset.id)}", "they are not collected")
    return tuple(
        Spot(
            asset.id,
            Place(
                scope=asset.scope,
                vpc=vpc,
                subnet=subnet,
                groups=tuple(sorted(groups)),
                public=(V4,) if faces_internet else (),
                perhaps_public=(V6,) if faces_internet else (),
                is_filtered=is_filtered,
                gaps=(gap,) if faces_internet else (),
            ),
            _ranges(world, asset.scope, subnet),
            is_exact=False,
        )
        for subnet in subnets
    )


def _ranges(world: World, scope: str, subnet: str) -> IpSet:
    """Return the addresses of a subnet; all that there are if they were not read."""
    found = world.find(Subnet, scope, subnet)
    if isinstance(found, Unread):
        return IpSet.every()
    cidrs = known(lambda: IpSet.from_cidrs((*((found.cidr,) if found.cidr else ()), *found.ipv6_cidrs)))
    return IpSet.every() if isinstance(cidrs, Unread) else cidrs


def _listening(world: World, asset: Asset, listed: Iterable[tuple[str, str | None, int | None]]) -> Hop:
    asked = protocol_name(world.protocol)
    clauses = tuple(
        Clause(Reason(f"listens at {text}", source=asset.id), True, Traffic.between(PortSet.of(port), IpSet.every()))
        for text, protocol, port in listed
        if port is not None and asked in protocols_of(protocol)
    )
    passed = Traffic.of(part for clause in clauses for part in clause.traffic.parts)
    reason = Reason(f"{asset.name} does not listen there", source=asset.id)
    return Hop(End.SOURCE, passed, passed, reason, lambda: clauses)


MAKERS: dict[type[Asset], Any] = {
    NetworkInterface: _interface,
    Ec2Instance: _machine,
    Subnet: _subnet,
    LoadBalancer: _balancer,
    ClassicLoadBalancer: _classic,
    RdsInstance: _database,
    VpcEndpoint: _end_point,
}
KINDS_TOLD = f"Choose one of: {', '.join(kind.KIND for kind in MAKERS)}."
