"""Reads Amazon VPC in one region: networks, what filters them, what connects them and what watches them."""

from __future__ import annotations

from collections.abc import Iterator

from poise.collect.aws.networks.connections import endpoints, flow_logs, peerings, transit_attachments
from poise.collect.aws.networks.filters import network_acls, prefix_lists, security_groups
from poise.collect.aws.networks.gateways import egress_only_gateways, internet_gateways, nat_gateways
from poise.collect.aws.networks.networks import route_tables, subnets, vpcs
from poise.collect.aws.networks.transit import transit_tables
from poise.collect.aws.reading.reader import AwsReader
from poise.collect.facts import Piece
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("ec2:DescribeVpcs", "ec2:DescribeVpcs", ("Vpc",)),
    Read("ec2:DescribeVpcAttribute", "ec2:DescribeVpcAttribute", ("Vpc.dns_support", "Vpc.dns_hostnames")),
    Read("ec2:DescribeSubnets", "ec2:DescribeSubnets", ("Subnet",)),
    Read(
        "ec2:DescribeVpcBlockPublicAccessExclusions",
        "ec2:DescribeVpcBlockPublicAccessExclusions",
        ("Subnet.internet_exclusion",),
    ),
    Read("ec2:DescribeRouteTables", "ec2:DescribeRouteTables", ("RouteTable",)),
    Read("ec2:DescribeSecurityGroups", "ec2:DescribeSecurityGroups", ("SecurityGroup",)),
    Read("ec2:DescribeManagedPrefixLists", "ec2:DescribeManagedPrefixLists", ("PrefixList",)),
    Read("ec2:GetManagedPrefixListEntries", "ec2:GetManagedPrefixListEntries", ("PrefixList.entries",)),
    Read("ec2:DescribeNetworkAcls", "ec2:DescribeNetworkAcls", ("NetworkAcl",)),
    Read("ec2:DescribeInternetGateways", "ec2:DescribeInternetGateways", ("InternetGateway",)),
    Read("ec2:DescribeEgressOnlyInternetGateways", "ec2:DescribeEgressOnlyInternetGateways", ("EgressOnlyGateway",)),
    Read("ec2:DescribeNatGateways", "ec2:DescribeNatGateways", ("NatGateway",)),
    Read("ec2:DescribeVpcEndpoints", "ec2:DescribeVpcEndpoints", ("VpcEndpoint",)),
    Read("ec2:DescribeFlowLogs", "ec2:DescribeFlowLogs", ("FlowLog",)),
    Read("ec2:DescribeVpcPeeringConnections", "ec2:DescribeVpcPeeringConnections", ("VpcPeering",)),
    Read(
        "ec2:DescribeTransitGatewayAttachments",
        "ec2:DescribeTransitGatewayAttachments",
        ("TransitGatewayAttachment",),
    ),
    Read(
        "ec2:DescribeTransitGatewayRouteTables",
        "ec2:DescribeTransitGatewayRouteTables",
        ("TransitGatewayRouteTable",),
    ),
    Read(
        "ec2:GetTransitGatewayRouteTableAssociations",
        "ec2:GetTransitGatewayRouteTableAssociations",
        ("TransitGatewayRouteTable.associated",),
    ),
    Read("ec2:SearchTransitGatewayRoutes", "ec2:SearchTransitGatewayRoutes", ("TransitGatewayRouteTable.routes",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the networks of the reader's region and all that belongs to them."""
    for read in (
        *(vpcs, subnets, route_tables),
        *(security_groups, prefix_lists, network_acls),
        *(internet_gateways, egress_only_gateways, nat_gateways),
        *(endpoints, flow_logs, peerings, transit_attachments, transit_tables),
    ):
        yield from read(reader)
