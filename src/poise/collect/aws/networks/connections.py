"""Reads what connects networks to services and to each other, and what watches them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import Place, name_of
from poise.collect.documents import policy_document
from poise.collect.facts import Facts, Piece, listed
from poise.model.asset import Json
from poise.model.aws.vpc import FlowLog, TransitGatewayAttachment, VpcEndpoint, VpcPeering

WATCHED = {"vpc": "vpc", "subnet": "subnet", "eni": "network-interface"}
"""Start of an id -> kind in an ARN."""


def endpoints(reader: AwsReader) -> Iterator[Piece]:
    """Yield the end points of services in a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeVpcEndpoints", "VpcEndpoints")
    return listed(VpcEndpoint, items, partial(_endpoint, Place.of(reader)))


def flow_logs(reader: AwsReader) -> Iterator[Piece]:
    """Yield the flow logs of a region, then the state of their listing."""
    return listed(FlowLog, reader.pages("ec2", "DescribeFlowLogs", "FlowLogs"), partial(_flow_log, Place.of(reader)))


def peerings(reader: AwsReader) -> Iterator[Piece]:
    """Yield the peerings of a region, then the state of their listing."""
    items = reader.pages("ec2", "DescribeVpcPeeringConnections", "VpcPeeringConnections")
    return listed(VpcPeering, items, partial(_peering, Place.of(reader)))


def transit_attachments(reader: AwsReader) -> Iterator[Piece]:
    """Yield what is attached to transit gateways in a region, then the state of the listing."""
    items = reader.pages("ec2", "DescribeTransitGatewayAttachments", "TransitGatewayAttachments")
    return listed(TransitGatewayAttachment, items, partial(_attachment, Place.of(reader)))


def _endpoint(place: Place, item: Json) -> Iterator[Piece]:
    id = item["VpcEndpointId"]
    facts = Facts(VpcEndpoint)
    facts.pick(
        "ec2:DescribeVpcEndpoints",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        vpc=lambda i: place.arn("vpc", i["VpcId"]),
        service="ServiceName",
        type="VpcEndpointType",
        state="State",
        policy=lambda i: policy_document(i.get("PolicyDocument")),
        private_dns="PrivateDnsEnabled",
        subnets=lambda i: place.arns("subnet", i.get("SubnetIds") or ()),
        route_tables=lambda i: place.arns("route-table", i.get("RouteTableIds") or ()),
        security_groups=lambda i: place.arns("security-group", (g["GroupId"] for g in i.get("Groups") or ())),
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("vpc-endpoint", id), name=name, scope=place.account, region=place.region)


def _flow_log(place: Place, item: Json) -> Iterator[Piece]:
    id = item["FlowLogId"]
    facts = Facts(FlowLog)
    facts.pick(
        "ec2:DescribeFlowLogs",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        watched=lambda i: _watched(place, i["ResourceId"]),
        traffic="TrafficType",
        status="FlowLogStatus",
        delivery="DeliverLogsStatus",
        delivery_error="DeliverLogsErrorMessage",
        destination_type="LogDestinationType",
        destination="LogDestination",
        log_group="LogGroupName",
    )
    name = name_of(item.get("Tags"), id)
    return facts.finish(id=place.arn("vpc-flow-log", id), name=name, scope=place.account, region=place.region)


def _watched(place: Place, id: str) -> str:
    """Return the ARN of a network, subnet or interface; gateways keep their id."""
    kind = WATCHED.get(id.partition("-")[0])
    return place.arn(kind, id) if kind else id


def _peering(place: Place, item: Json) -> Iterator[Piece]:
    id = item["VpcPeeringConnectionId"]
    facts = Facts(VpcPeering)
    facts.pick(
        "ec2:DescribeVpcPeeringConnections",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        status="Status.Code",
        requester=lambda i: _side(place, i["RequesterVpcInfo"]),
        accepter=lambda i: _side(place, i["AccepterVpcInfo"]),
    )
    arn = place.arn("vpc-peering-connection", id)
    return facts.finish(id=arn, name=name_of(item.get("Tags"), id), scope=place.account, region=place.region)


def _side(place: Place, side: Json) -> Json:
    account, region = side["OwnerId"], side["Region"]
    return {
        "vpc": Place(place.partition, region, account).arn("vpc", side["VpcId"]),
        "account": account,
        "region": region,
        "cidrs": [block["CidrBlock"] for block in side.get("CidrBlockSet") or ()],
    }


def _attachment(place: Place, item: Json) -> Iterator[Piece]:
    id = item["TransitGatewayAttachmentId"]
    facts = Facts(TransitGatewayAttachment)
    facts.pick(
        "ec2:DescribeTransitGatewayAttachments",
        item,
        tags=lambda i: tags_of(i.get("Tags")),
        gateway="TransitGatewayId",
        gateway_owner="TransitGatewayOwnerId",
        resource="ResourceId",
        resource_type="ResourceType",
        resource_owner="ResourceOwnerId",
        state="State",
    )
    arn = place.arn("transit-gateway-attachment", id)
    return facts.finish(id=arn, name=name_of(item.get("Tags"), id), scope=place.account, region=place.region)
