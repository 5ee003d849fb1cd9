"""Which machines of AWS reach which machines and databases by private addresses.

An edge for each pair would be too many. Machines that send alike lead to one *outlet*, machines that let the same ports
in alike are led to by one *inlet*, and edges run from outlets to inlets. All that leads into an inlet and out of it is
about the same ports; an outlet takes what code on a machine sends.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from poise.graph.edges.aws_internet import GONE, PROTOCOLS
from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.ignored import IGNORED_BY_ROUTES
from poise.graph.judging import Standing
from poise.graph.routes import port_texts
from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.rds import RdsInstance
from poise.model.aws.vpc_rules import SecurityGroup, SecurityRule
from poise.model.graph import Edge, EdgeKind, EdgeState, Evidence, Node
from poise.policy.aws.network import protocol_name
from poise.policy.aws.reach_classes import Edge as ClassEdge
from poise.policy.aws.reach_classes import edges as class_edges
from poise.policy.aws.reaching.ends import ends_of
from poise.policy.aws.reaching.places import Place, Spot, by_place, spot_of
from poise.policy.aws.reaching.world import World
from poise.policy.intervals import LAST_PORT, IpSet, PortSet
from poise.policy.reach import Flow

EVERY_PROTOCOL = ("-1", "all")
MOST_NAMED = 5
"""Sources of a rule that evidence names."""
Members = frozenset[str]


class Cut(NamedTuple):
    """Who of a class sends to whom of another."""

    senders: Members
    receivers: Members
    ports: PortSet
    is_sure: bool


def find(estate: Estate) -> Found:
    """Yield outlets, inlets, and the routes between them."""
    worlds = [World(estate.inventory, protocol) for protocol in PROTOCOLS]
    classes = by_place(_spots(estate, worlds[0]))
    senders = {one.id for one in estate.of(Ec2Instance)}
    for world in worlds:
        if not _is_spoken(estate, world.protocol):
            continue
        for edge in class_edges(world, classes):
            here = [spot for spot in classes[edge.source] if spot.id in senders]
            for ports, there in _by_ports(estate, world.protocol, classes[edge.target]) if here else ():
                yield from _of_class(estate, world, edge, (here, there, ports))


def _spots(estate: Estate, world: World) -> Iterator[Spot]:
    """Yield where machines and databases stand, each under the id of the asset that packets reach."""
    up = {one.id for one in estate.of(Ec2Instance) if read(one, "state") not in GONE}
    for interface in estate.of(NetworkInterface):
        machine = read(interface, "instance")
        if machine in up:
            spot = spot_of(interface)
            yield Spot(machine, spot.place, spot.addresses, spot.publics)
    for database in estate.of(RdsInstance):
        yield from ends_of(world, database).spots


def _by_ports(estate: Estate, protocol: str, spots: list[Spot]) -> Iterator[tuple[PortSet, list[Spot]]]:
    """Sort what stands in a class by the ports that it can listen at: all for a machine, one for a database."""
    found: dict[PortSet, list[Spot]] = defaultdict(list)
    for spot in spots:
        asset = estate.get(spot.id)
        port = read(asset, "port") if isinstance(asset, RdsInstance) else None
        if port is None:
            found[PortSet.every()].append(spot)
        elif protocol == "tcp":
            found[PortSet.of(port)].append(spot)
    yield from found.items()


def _of_class(estate: Estate, world: World, edge: ClassEdge, ends: tuple[list[Spot], list[Spot], PortSet]) -> Found:
    certain = _merged(_cuts(edge.sure, ends, is_sure=True))
    for cut in (*certain, *_merged(_cuts(edge.most, ends, is_sure=False))):
        known = {(one.senders, one.receivers, str(one.ports)) for one in certain if one is not cut}
        alone = cut.senders == cut.receivers and len(cut.senders) == 1
        if not alone and (cut.senders, cut.receivers, str(cut.ports)) not in known:
            yield from _linked(estate, edge, cut, world.protocol)


def _cuts(flows: Iterable[Flow], ends: tuple[list[Spot], list[Spot], PortSet], *, is_sure: bool) -> Iterator[Cut]:
    """Yield who sends to whom at which ports, as rules cut the classes by addresses."""
    here, there, wanted = ends
    for flow in flows:
        for ports, senders in flow.sources.parts:
            for others, receivers in flow.targets.parts:
                sending, receiving = _members(here, senders), _members(there, receivers)
                both = ports & others & wanted
                if both and sending and receiving:
                    exact = all(spot.is_exact or receivers.covers(spot.addresses) for spot in there)
                    yield Cut(sending, receiving, both, is_sure and exact)


def _merged(cuts: Iterable[Cut]) -> list[Cut]:
    """Put together what differs in ports alone."""
    found: dict[tuple[Members, Members, bool], PortSet] = defaultdict(PortSet)
    for cut in cuts:
        found[cut.senders, cut.receivers, cut.is_sure] = found[cut.senders, cut.receivers, cut.is_sure] | cut.ports
    return [Cut(senders, receivers, ports, is_sure) for (senders, receivers, is_sure), ports in found.items()]


def _members(spots: list[Spot], addresses: IpSet) -> Members:
    return frozenset(spot.id for spot in spots if spot.addresses & addresses)


def _linked(estate: Estate, edge: ClassEdge, cut: Cut, protocol: str) -> Found:
    ports = port_texts(protocol, cut.ports)
    outlet, inlet = _node("outlet", edge.source, cut.senders), _node("inlet", edge.target, cut.receivers, ports)
    stands = Standing(EdgeState.CERTAIN, "")
    if not cut.is_sure:
        names = [gap.input for gap in (*edge.source.gaps, *edge.target.gaps)]
        missing = ", ".join(dict.fromkeys(names)) or "which addresses of its subnet the service has"
        stands = Standing(EdgeState.UNKNOWN, f"not read: {missing}")
    yield outlet
    yield inlet
    yield from (_joined(machine, outlet.id, edge.source, ()) for machine in sorted(cut.senders))
    yield Edge(
        source=outlet.id,
        target=inlet.id,
        kind=EdgeKind.ROUTES_TO,
        state=stands.state,
        condition=stands.condition,
        ports=ports,
        evidence=tuple(_proofs(estate, edge, protocol, cut.ports)),
    )
    yield from (_joined(inlet.id, machine, edge.target, ports) for machine in sorted(cut.receivers))


def _proofs(estate: Estate, edge: ClassEdge, protocol: str, ports: PortSet) -> Iterator[Evidence]:
    """Yield the rules of groups that let packets in, and the groups that let them out."""
    for id in edge.target.groups or ():
        group = estate.get(id)
        for at, rule in enumerate(read(group, "ingress") or () if isinstance(group, SecurityGroup) else ()):
            if is_about(rule, protocol, ports):
                yield Evidence(asset=id, field="ingress", says=_rule_text(rule, ports), place=f"rule {at + 1}")
    for id in edge.source.groups or ():
        yield Evidence(asset=id, field="egress", says=f"it lets {protocol} out to there")
    if not edge.target.groups:
        yield Evidence(asset=edge.target.subnet, field="", says="no security group stands before it")


def is_about(rule: SecurityRule, protocol: str, ports: PortSet) -> bool:
    """Say whether a rule of a group is about a protocol and some ports."""
    if rule.protocol in EVERY_PROTOCOL:
        return True
    if protocol_name(rule.protocol) != protocol:
        return False
    first = 0 if rule.from_port is None else rule.from_port
    last = LAST_PORT if rule.to_port is None else rule.to_port
    return bool(ports & PortSet.of((min(first, last), last)))


def _rule_text(rule: SecurityRule, ports: PortSet) -> str:
    names = [*rule.cidrs_v4, *rule.cidrs_v6, *rule.prefix_lists, *(one.rpartition("/")[2] for one in rule.groups)]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"it lets {ports} in from {', '.join(names[:MOST_NAMED])}{more}"


def _is_spoken(estate: Estate, protocol: str) -> bool:
    """Say whether any group may let a protocol in at all; one that was not read may."""
    every = PortSet.every()
    return any(
        "ingress" in group.unread or any(is_about(rule, protocol, every) for rule in group.ingress)
        for group in estate.of(SecurityGroup)
    )


def _joined(source: str, target: str, place: Place, ports: tuple[str, ...]) -> Edge:
    machine = target if ports else source
    proof = Evidence(asset=machine, field="", says=f"it stands in {_place_name(place)}")
    return Edge(source=source, target=target, kind=EdgeKind.ROUTES_TO, ports=ports, evidence=(proof,))


def _node(what: str, place: Place, members: Members, ports: tuple[str, ...] = ()) -> Node:
    content = repr((what, place.vpc, place.subnet, place.groups, sorted(members), ports))
    return Node(
        id=f"network:{what}:{hashlib.sha256(content.encode()).hexdigest()[:20]}",
        kind="network",
        name=_place_name(place) + (f" at {', '.join(ports)}" if ports else ""),
        provider="aws",
        scope=place.scope,
        insights={"members": len(members)},
    )


def _place_name(place: Place) -> str:
    subnet = place.subnet.rpartition("/")[2] or "an unread subnet"
    return f"{subnet} with {'+'.join(one.rpartition('/')[2] for one in place.groups or ()) or 'no group'}"


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_ROUTES)
