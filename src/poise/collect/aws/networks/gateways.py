"""Reads the doors of networks to the internet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import Place, name_of
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.vpc import EgressOnlyGateway, InternetGateway, NatGateway

ATTACHED = ("available", "attached", "attaching")
"""States of an attachment that is in force. For internet gateways the API says `available`."""


def internet_gateways(reader: AwsReader) -> Iterator[Piece]:
    """Yield the internet gateways of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeInternetGateways", "InternetGateways")
    return listed(InternetGateway, items, partial(_internet, Place.of(reader)))


def egress_only_gateways(reader: AwsReader) -> Iterator[Piece]:
    """Yield the egress-only gateways of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeEgressOnlyInternetGateways", "EgressOnlyInternetGateways")
    return listed(EgressOnlyGateway, items, partial(_egress_only, Place.of(reader)))


def nat_gateways(reader: AwsReader) -> Iterator[Piece]:
    """Yield the NAT gateways of a region, then the state of their listing.

    A deleted one is gone, though the API goes on naming it for about an hour.
    """
    items = reader.pages("ec2", "DescribeNatGateways", "NatGateways")
    return listed(NatGateway, items, partial(_nat, Place.of(reader)))


def _internet(place: Place, item: Json) -> Iterator[Piece]:
    id = item["InternetGatewayId"]
    facts = Facts(InternetGateway)
    facts.pick(
        "ec2:DescribeInternetGateways",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpcs=partial(_vpcs, place),
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("internet-gateway", id), name=name, scope=place.account, region=place.region)


def _egress_only(place: Place, item: Json) -> Iterator[Piece]:
    id = item["EgressOnlyInternetGatewayId"]
    facts = Facts(EgressOnlyGateway)
    facts.pick(
        "ec2:DescribeEgressOnlyInternetGateways",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpcs=partial(_vpcs, place),
    )
    arn = place.arn("egress-only-internet-gateway", id)
    return facts.finish(id=arn, name=name_of(item.get("Tags"), id), scope=place.account, region=place.region)


def _vpcs(place: Place, item: Json) -> list[str]:
    return place.arns("vpc", (a["VpcId"] for a in item["Attachments"] if a["State"] in ATTACHED))


def _nat(place: Place, item: Json) -> Iterator[Piece]:
    id = item["NatGatewayId"]
    if item["State"] == "deleted":
        return iter(())
    facts = Facts(NatGateway)
    facts.pick(
        "ec2:DescribeNatGateways",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        subnet=lambda i: place.arn_or_none("subnet", i.get("SubnetId")),
        state="State",
        connectivity="ConnectivityType",
        public_ips=lambda i: [a["PublicIp"] for a in i["NatGatewayAddresses"] if a.get("PublicIp")],
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("natgateway", id), name=name, scope=place.account, region=place.region)
