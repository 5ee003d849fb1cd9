"""Reads networks, their subnets and their route tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import Place, all_pages, listed_each, name_of
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.vpc import RouteTable, Subnet, Vpc

ASSOCIATED = "associated"
EXCLUSIONS = "VpcBlockPublicAccessExclusions"
IN_FORCE, PAST = ("create-complete", "update-complete"), ("create-failed", "delete-complete", "disable-complete")
BLOCKING, WIDEST = ("block-bidirectional", "block-ingress"), "allow-bidirectional"
"""States of an exclusion that hold, and those in which there is none (EC2 API, VpcBlockPublicAccessExclusion)."""
DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
TARGETS = (
    *("GatewayId", "NatGatewayId", "NetworkInterfaceId", "TransitGatewayId", "VpcPeeringConnectionId"),
    *("EgressOnlyInternetGatewayId", "LocalGatewayId", "CarrierGatewayId", "CoreNetworkArn", "OdbNetworkArn"),
    "InstanceId",
)
"""Keys of a route that name where it leads (EC2 API, Route)."""


def vpcs(reader: AwsReader) -> Iterator[Piece]:
    """Yield the networks of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeVpcs", "Vpcs")
    return listed_each(reader, Vpc, items, partial(_vpc, reader, Place.of(reader)))


def subnets(reader: AwsReader) -> Iterator[Piece]:
    """Yield the subnets of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeSubnets", "Subnets")
    once = cache(all_pages(reader))
    exclusions = partial(once, "ec2", "DescribeVpcBlockPublicAccessExclusions", EXCLUSIONS)
    return listed(Subnet, items, partial(_subnet, Place.of(reader), exclusions))


def route_tables(reader: AwsReader) -> Iterator[Piece]:
    """Yield the route tables of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeRouteTables", "RouteTables")
    return listed(RouteTable, items, partial(_route_table, Place.of(reader)))


def _vpc(reader: AwsReader, place: Place, item: Json) -> Iterator[Piece]:
    id = item["VpcId"]
    facts = Facts(Vpc)
    facts.pick(
        "ec2:DescribeVpcs",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        cidrs=_blocks("CidrBlockAssociationSet", "CidrBlock", "CidrBlockState"),
        ipv6_cidrs=_blocks_or_none("Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock", "Ipv6CidrBlockState"),
        is_default="IsDefault",
        owner="OwnerId",
    )
    for field, attribute in (("dns_support", "enableDnsSupport"), ("dns_hostnames", "enableDnsHostnames")):
        path = f"{attribute[0].upper()}{attribute[1:]}.Value"
        call = partial(reader.get, "ec2", "DescribeVpcAttribute", VpcId=id, Attribute=attribute)
        facts.read(call, None, **{field: path})
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("vpc", id), name=name, scope=place.account, region=place.region)


def _subnet(place: Place, exclusions: Callable[[], list[Json]], item: Json) -> Iterator[Piece]:
    id, states = item["SubnetId"], item.get("BlockPublicAccessStates") or {}
    facts = Facts(Subnet)
    facts.pick(
        "ec2:DescribeSubnets",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        cidr=lambda i: i["CidrBlock"] or None,
        ipv6_cidrs=_blocks_or_none("Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock", "Ipv6CidrBlockState"),
        zone="AvailabilityZone",
        maps_public_ip="MapPublicIpOnLaunch",
        assigns_ipv6="AssignIpv6AddressOnCreation",
        is_default="DefaultForAz",
        internet_block="BlockPublicAccessStates.InternetGatewayBlockMode",
        owner="OwnerId",
    )
    if states.get("InternetGatewayBlockMode") in BLOCKING:
        facts.read(exclusions, internet_exclusion=partial(_exclusion, place.account, item))
    else:
        # Nothing blocks, so nothing is asked: an account without the feature needs no right for it.
        facts.pick("ec2:DescribeSubnets", item, internet_exclusion=lambda _: None)
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("subnet", id), name=name, scope=place.account, region=place.region)


def _exclusion(account: str, subnet: Json, exclusions: list[Json]) -> str | None:
    """Return the widest mode in which a subnet, or its VPC, is exempt from the block.

    Raises ValueError where it belongs to another account, whose exclusions are not shown here, and while one changes.
    """
    if subnet["OwnerId"] != account:
        raise ValueError("the subnet is owned by another account, which keeps the exclusions")
    named = [
        one for one in exclusions if one["ResourceArn"].rpartition("/")[2] in (subnet["SubnetId"], subnet["VpcId"])
    ]
    modes = {one["InternetGatewayExclusionMode"] for one in named if one["State"] in IN_FORCE}
    changing = [one for one in named if one["State"] not in (*IN_FORCE, *PAST)]
    if changing and WIDEST not in modes:
        raise ValueError(f"the exclusion {changing[0]['ExclusionId']} is {changing[0]['State']}")
    return WIDEST if WIDEST in modes else next(iter(modes), None)


def _blocks(key: str, block: str, state: str) -> Callable[[Json], list[str]]:
    """Return a function that takes the ranges that are in force out of an answer."""

    def take(item: Json) -> list[str]:
        return [one[block] for one in item[key] if one[state]["State"] == ASSOCIATED]

    return take


def _blocks_or_none(key: str, block: str, state: str) -> Callable[[Json], list[str]]:
    """Do the same for a key that the API leaves out where there is none."""
    take = _blocks(key, block, state)
    return lambda item: take(item) if key in item else []


def _route_table(place: Place, item: Json) -> Iterator[Piece]:
    id = item["RouteTableId"]
    facts = Facts(RouteTable)
    facts.pick(
        "ec2:DescribeRouteTables",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        is_main=lambda i: any(a["Main"] for a in i["Associations"]),
        subnets=lambda i: place.arns("subnet", (a["SubnetId"] for a in i["Associations"] if a.get("SubnetId"))),
        gateways=lambda i: [a["GatewayId"] for a in i["Associations"] if a.get("GatewayId")],
        routes=lambda i: [_route(route) for route in i["Routes"]],
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("route-table", id), name=name, scope=place.account, region=place.region)


def _route(route: Json) -> Json:
    return {
        "destination": next(route[key] for key in DESTINATIONS if route.get(key)),
        "target": next((route[key] for key in TARGETS if route.get(key)), None),
        "state": route["State"],
        "origin": route["Origin"],
    }
