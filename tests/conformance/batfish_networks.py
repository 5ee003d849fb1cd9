"""Recorded AWS networks as inventories: the recorded answers go through the real converters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from poise.collect.aws.balancers.current import balancers
from poise.collect.aws.machines.instances import instances
from poise.collect.aws.machines.interfaces import interfaces
from poise.collect.aws.networks import connections, filters, gateways, networks
from poise.collect.aws.rds import collect as databases
from poise.collect.facts import Found
from poise.model.errors import NotRead
from poise.model.inventory import ListInventory
from poise.model.listing import Listing, ListingState
from poise.policy.aws.reaching.world import Extra, Target, TargetGroup, TransitRoute, TransitTable

FOLDER = Path(__file__).resolve().parents[3] / "shared/data/graph/batfish_aws"
FILES = {"ec2:DescribeInstances": "Reservations", "rds:DescribeDBInstances": "RdsInstances"}
"""Calls whose file is not named as they are."""
ACCOUNT = "554773406868"
READS = (
    *(networks.vpcs, networks.subnets, networks.route_tables),
    *(filters.security_groups, filters.prefix_lists, filters.network_acls),
    *(gateways.internet_gateways, gateways.egress_only_gateways, gateways.nat_gateways),
    *(connections.endpoints, connections.peerings, connections.transit_attachments),
    *(instances, interfaces, balancers, databases),
)
SINCE = {"TagSet": [], "Ipv6Addresses": [], "Ipv6Ranges": [], "PrefixListIds": [], "InterfaceType": "interface"}
"""Keys that the API gives today and the recordings leave out where there is nothing."""


class RecordedNetwork:
    """Reads one region from a folder of recorded answers; a call that has no file is not read."""

    partition = "aws"

    def __init__(self, folder: Path, account: str, region: str) -> None:
        self.folder, self.account, self.region = folder, account, region

    def get(self, service: str, operation: str, /, **params: Any) -> Any:
        raise NotRead(f"{service}:{operation}", "not_in_export", "it was not recorded")

    def pages(self, service: str, operation: str, items: str, /, **params: Any) -> Iterator[Any]:
        call = f"{service}:{operation}"
        if call == "elbv2:DescribeListeners":
            yield from self._listeners(params["LoadBalancerArn"])
            return
        name = FILES.get(call, operation.removeprefix("Describe"))
        path = self.folder / f"{name}.json"
        if not path.is_file():
            raise NotRead(call, "not_in_export", f"{path.name} was not recorded")
        (found,) = json.loads(path.read_text()).values()
        yield from (completed(item) for item in found)

    def each(self, convert: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        return map(convert, items)

    def _listeners(self, arn: str) -> Iterator[Any]:
        for one in json.loads((self.folder / "LoadBalancerListeners.json").read_text())["LoadBalancerListeners"]:
            if one["LoadBalancerArn"] == arn:
                yield from one["Listeners"]


def completed(item: Any) -> Any:
    """Add what the API gives today, nested rules included."""
    if isinstance(item, dict):
        item = {key: completed(value) for key, value in item.items()}
        if "NetworkInterfaceId" in item or "UserIdGroupPairs" in item:
            item = SINCE | item
        return item
    return [completed(one) for one in item] if isinstance(item, list) else item


def inventory(*places: tuple[str, str, str], without: Iterable[str] = ()) -> ListInventory:
    """Return the inventory of recorded folders: (folder, account, region). Kinds in `without` there are none of."""
    assets: list[Any] = []
    incomplete: dict[tuple[str, str], str] = {}
    for folder, account, region in places:
        reader: Any = RecordedNetwork(FOLDER / folder, account, region)
        for read in READS:
            for piece in read(reader):
                if isinstance(piece, Found):
                    assets.append(piece.asset)
                elif isinstance(piece, Listing) and piece.state is not ListingState.COMPLETE:
                    incomplete[piece.kind, account] = piece.reason or "it was not recorded"
    return ListInventory(assets, {key: why for key, why in incomplete.items() if key[0] not in without})


def transit_tables(*folders: str) -> tuple[TransitTable, ...]:
    """Return the route tables of transit gateways as the gateway computes them: static routes and propagations."""
    ranges = {v["VpcId"]: v["CidrBlock"] for folder in folders for v in _all(folder, "Vpcs")}
    found = []
    for folder in folders:
        attachments = _all(folder, "TransitGatewayAttachments")
        for table in _all(folder, "TransitGatewayRouteTables"):
            id = table["TransitGatewayRouteTableId"]
            routes = [*_static(folder, id), *_propagated(folder, id, ranges)]
            bound = [
                a["TransitGatewayAttachmentId"]
                for a in attachments
                if (a.get("Association") or {}).get("TransitGatewayRouteTableId") == id
            ]
            found.append(TransitTable(id, table["TransitGatewayId"], tuple(bound), tuple(routes)))
    return tuple(found)


def target_groups(folder: str) -> Extra:
    """Return the recorded target groups with all their targets."""
    health = {one["TargetGroupArn"]: one for one in _all(folder, "LoadBalancerTargetHealth")}
    return Extra(
        target_groups={
            group["TargetGroupArn"]: TargetGroup(
                group["Protocol"],
                # Targets named by machine keep the client's address unless that is switched off.
                group["TargetType"] == "instance" and group["Protocol"] in ("TCP", "TLS", "UDP"),
                tuple(
                    Target(one["Target"]["Id"], one["Target"]["Port"])
                    for one in health.get(group["TargetGroupArn"], {}).get("TargetHealthDescriptions", ())
                ),
            )
            for group in _all(folder, "TargetGroups")
        }
    )


def _static(folder: str, id: str) -> Iterator[TransitRoute]:
    for table in _all(folder, "TransitGatewayStaticRoutes"):
        if table["TransitGatewayRouteTableId"] == id:
            for route in table["Routes"]:
                attachments = tuple(a["TransitGatewayAttachmentId"] for a in route.get("TransitGatewayAttachments", ()))
                yield TransitRoute(route["DestinationCidrBlock"], attachments, route["State"], "static")


def _propagated(folder: str, id: str, ranges: dict[str, str]) -> Iterator[TransitRoute]:
    for table in _all(folder, "TransitGatewayPropagations"):
        if table["TransitGatewayRouteTableId"] == id:
            for one in table["TransitGatewayRouteTablePropagations"]:
                if one["ResourceId"] in ranges:
                    yield TransitRoute(ranges[one["ResourceId"]], (one["TransitGatewayAttachmentId"],), "active")


def _all(folder: str, name: str) -> list[Any]:
    path = FOLDER / folder / f"{name}.json"
    if not path.is_file():
        return []
    (found,) = json.loads(path.read_text()).values()
    return list(found)
