"""Reads the route tables of transit gateways. Only the account that owns a gateway is shown them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import Place, all_pages, listed_each, name_of
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.vpc import TransitGatewayRouteTable

EVERY_STATE = [{"Name": "state", "Values": ["active", "blackhole"]}]


def transit_tables(reader: AwsReader) -> Iterator[Piece]:
    """Yield the route tables of the transit gateways of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeTransitGatewayRouteTables", "TransitGatewayRouteTables")
    return listed_each(reader, TransitGatewayRouteTable, items, partial(_table, reader, Place.of(reader)))


def _table(reader: AwsReader, place: Place, item: Json) -> Iterator[Piece]:
    id = item["TransitGatewayRouteTableId"]
    facts = Facts(TransitGatewayRouteTable)
    facts.pick(
        "ec2:DescribeTransitGatewayRouteTables",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        gateway="TransitGatewayId",
    )
    listing = partial(all_pages(reader), "ec2", "GetTransitGatewayRouteTableAssociations", "Associations")
    facts.read(
        partial(listing, TransitGatewayRouteTableId=id),
        associated=lambda found: [one["TransitGatewayAttachmentId"] for one in found if one["State"] == "associated"],
    )
    facts.read(
        partial(reader.get, "ec2", "SearchTransitGatewayRoutes", TransitGatewayRouteTableId=id, Filters=EVERY_STATE),
        routes=_routes,
    )
    arn = place.arn("transit-gateway-route-table", id)
    return facts.finish(id=arn, name=name_of(item.get("Tags"), id), scope=place.account, region=place.region)


def _routes(answer: Json) -> list[Json]:
    if answer.get("AdditionalRoutesAvailable"):
        raise ValueError("the table has more routes than one answer holds")
    return [_route(route) for route in answer["Routes"]]


def _route(route: Json) -> Json:
    return {
        "destination": route.get("DestinationCidrBlock") or route["PrefixListId"],
        "attachments": [one["TransitGatewayAttachmentId"] for one in route.get("TransitGatewayAttachments") or ()],
        "state": route["State"],
        "type": route["Type"],
    }
