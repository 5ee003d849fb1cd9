"""Where packets get in Azure: from the internet to machines and services, and between machines.

Machines that stand alike are asked about once; see :mod:`poise.graph.edges.aws_lateral` for outlets and inlets.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from poise.graph.edges.aws_internet import NARROW, PROTOCOLS, WIDE
from poise.graph.estate import Estate
from poise.graph.family import Family, Found, Told, Width
from poise.graph.routes import routes, texts_of
from poise.model.asset import Asset
from poise.model.azure.compute import VirtualMachine
from poise.model.azure.keyvault import KeyVault
from poise.model.azure.sql import SqlServer
from poise.model.azure.storage import StorageAccount
from poise.model.graph import INTERNET, Edge, EdgeKind, Evidence, Node
from poise.policy.azure.reachability import World, reach, reach_of_places
from poise.policy.azure.reaching.places import Place, ends_of
from poise.policy.intervals import IpSet
from poise.policy.reach import Decision, Reach, the_internet

FACING = (VirtualMachine, StorageAccount, KeyVault, SqlServer)


class Standing(NamedTuple):
    """A machine at a place."""

    machine: str
    place: Place


def find(estate: Estate) -> Found:
    """Yield routes from the internet and between machines, and how far each asset is exposed."""
    worlds = [World(estate.inventory, protocol) for protocol in PROTOCOLS]
    for asset in estate.of(*FACING):
        answers = [reach(world, the_internet(), asset) for world in worlds]
        yield from routes(estate, (INTERNET, asset.id), answers)
        yield from _told(asset, answers)
    yield from _inside(estate, worlds)


def _told(asset: Asset, answers: Sequence[Reach]) -> Iterator[Told]:
    if any(one.is_open for one in answers):
        yield Told(asset.id, "exposed", True)
        yield Told(asset.id, "exposure_width", WIDE)
        yield Told(asset.id, "exposed_ports", list(texts_of(one for one in answers if one.is_open)))
    elif not any(one.decision is Decision.UNKNOWN for one in answers):
        some = any(one.sources != IpSet() for one in answers)
        yield Told(asset.id, "exposed", some)
        if some:
            yield Told(asset.id, "exposure_width", NARROW)


def _inside(estate: Estate, worlds: Sequence[World]) -> Found:
    classes: dict[Place, list[Standing]] = defaultdict(list)
    for machine in estate.of(VirtualMachine):
        for place in ends_of(worlds[0], machine).places:
            classes[_alike(place)].append(Standing(machine.id, place))
    for here, senders in classes.items():
        for there, receivers in classes.items():
            yield from _between(estate, worlds, (here, senders), (there, receivers))


def _alike(place: Place) -> Place:
    """Return what a place shares with others, as far as ways inside of the network go."""
    return msgspec.structs.replace(place, id="", public=None, addresses=IpSet(), pools=())


def _between(
    estate: Estate,
    worlds: Sequence[World],
    source: tuple[Place, list[Standing]],
    target: tuple[Place, list[Standing]],
) -> Found:
    senders, receivers = source[1], target[1]
    if len(senders) == len(receivers) == 1 and senders[0].machine == receivers[0].machine:
        return
    here, there = _joined(source), _joined(target)
    answers = [reach_of_places(world, here, there) for world in worlds]
    if all(_is_whole(answer, here, there) for answer in answers):
        yield from _linked(estate, (senders, receivers), answers)
        return
    for sender in senders:
        for receiver in receivers:
            if sender.machine != receiver.machine:
                single = [reach_of_places(world, sender.place, receiver.place) for world in worlds]
                yield from _linked(estate, ([sender], [receiver]), single)


def _joined(group: tuple[Place, list[Standing]]) -> Place:
    place, members = group
    total = IpSet()
    for one in members:
        total = total | one.place.addresses
    return msgspec.structs.replace(place, id=members[0].place.id, addresses=total)


def _is_whole(answer: Reach, source: Place, target: Place) -> bool:
    """Say whether an answer holds for every member alike."""
    if answer.decision is Decision.CLOSED:
        return not answer.sources
    return answer.sources.covers(source.addresses) and answer.targets.covers(target.addresses)


def _linked(estate: Estate, ends: tuple[list[Standing], list[Standing]], answers: Sequence[Reach]) -> Found:
    senders = sorted({one.machine for one in ends[0]})
    receivers = sorted({one.machine for one in ends[1]})
    for decision in (Decision.OPEN, Decision.UNKNOWN):
        some = [one for one in answers if one.decision is decision]
        if not some:
            continue
        ports = texts_of(some)
        outlet = _node("outlet", ends[0][0].place, senders, ())
        inlet = _node("inlet", ends[1][0].place, receivers, ports)
        yield outlet
        yield inlet
        yield from routes(estate, (outlet.id, inlet.id), some)
        yield from (_step(one, outlet.id, one, ()) for one in senders)
        yield from (_step(inlet.id, one, one, ports) for one in receivers)


def _step(source: str, target: str, machine: str, ports: tuple[str, ...]) -> Edge:
    proof = Evidence(asset=machine, field="network_interfaces", says="an interface of it stands there")
    return Edge(source=source, target=target, kind=EdgeKind.ROUTES_TO, ports=ports, evidence=(proof,))


def _node(what: str, place: Place, members: Sequence[str], ports: tuple[str, ...]) -> Node:
    content = repr((what, place.subnet, place.nic_group, place.application_groups, members, ports))
    return Node(
        id=f"network:{what}:{hashlib.sha256(content.encode()).hexdigest()[:20]}",
        kind="network",
        name=f"{place.subnet.rpartition('/')[2] or 'an unread subnet'}" + (f" at {', '.join(ports)}" if ports else ""),
        provider="azure",
        scope=place.id.split("/")[2] if place.id.startswith("/subscriptions/") else "",
        insights={"members": len(members)},
    )


FAMILY = Family(Width.PROVIDER, find, "azure")
