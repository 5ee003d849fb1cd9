"""Public addresses and gateways: which machine an address belongs to, which network a gateway serves.

What the internet reaches is told by routes from the internet, after every filter; these edges only say what hangs
where.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.model.asset import Asset
from poise.model.aws.ec2 import ElasticIp
from poise.model.aws.vpc import InternetGateway
from poise.model.azure.network import NetworkInterface, PublicIpAddress
from poise.model.graph import Edge, EdgeKind, Evidence

CONFIGURATION = "/ipconfigurations/"


def find(estate: Estate) -> Found:
    """Yield an edge from each address and gateway to what it serves."""
    for address in estate.of(ElasticIp):
        target = read(address, "instance") or read(address, "interface")
        if target:
            field = "instance" if read(address, "instance") else "interface"
            yield _edge(address, target, field, "the address is bound to it")
    for gateway in estate.of(InternetGateway):
        for vpc in read(gateway, "vpcs") or ():
            yield _edge(gateway, vpc, "vpcs", "the gateway is attached to the network")
    yield from _azure(estate)


def _azure(estate: Estate) -> Iterator[Edge]:
    for address in estate.of(PublicIpAddress):
        used = read(address, "attached_to")
        card = estate.get(used.partition(CONFIGURATION)[0]) if used and CONFIGURATION in used else None
        if isinstance(card, NetworkInterface):
            target = read(card, "virtual_machine") or card.id
            yield _edge(address, target, "attached_to", "an interface of it uses the address")


def _edge(source: Asset, target: str, field: str, says: str) -> Edge:
    proof = Evidence(asset=source.id, field=field, says=says)
    return Edge(source=source.id, target=target, kind=EdgeKind.ROUTES_TO, evidence=(proof,))


FAMILY = Family(Width.SCOPE, find)
