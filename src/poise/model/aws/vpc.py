"""Records of Amazon VPC: networks, subnets, routes, gateways, and what watches and connects them.

Ids are ARNs in the account that was read, also for what another account shares with it (see ``owner``), so that
relations hold.
"""

from poise.model.asset import Asset, Document, Part, asset_kind


@asset_kind("AWS::EC2::VPC", "aws")
class Vpc(Asset):
    """A network."""

    cidrs: tuple[str, ...]
    """IPv4 ranges."""
    ipv6_cidrs: tuple[str, ...]
    """IPv6 ranges."""
    is_default: bool
    """Whether AWS made it as the region's default."""
    owner: str
    """Account that owns it."""
    dns_support: bool
    """Whether Amazon's resolver answers in it."""
    dns_hostnames: bool
    """Whether public addresses get names."""


@asset_kind("AWS::EC2::Subnet", "aws")
class Subnet(Asset):
    """A part of a network, in one zone."""

    vpc: str
    """ARN of its VPC."""
    cidr: str | None
    """IPv4 range; None for IPv6 alone."""
    ipv6_cidrs: tuple[str, ...]
    """IPv6 ranges."""
    zone: str
    """Availability zone."""
    maps_public_ip: bool
    """Whether new machines get a public IPv4 address unasked."""
    assigns_ipv6: bool
    """Whether new machines get an IPv6 address unasked."""
    is_default: bool
    """Whether AWS made it as the zone's default."""
    internet_block: str | None
    """Block public access of VPCs, as it states: `off`, `block-bidirectional` or `block-ingress`; None if nothing."""
    internet_exclusion: str | None
    """What exempts it, or its VPC, from that block: `allow-bidirectional` or `allow-egress`; None if nothing does."""
    owner: str
    """Account that owns it."""


class Route(Part, frozen=True, kw_only=True):
    """One line of a route table."""

    destination: str
    """Range (either family) or id of a prefix list."""
    target: str | None
    """`local`, or the id of a gateway (`igw-`, `nat-`, `eigw-`, `tgw-`, `vgw-`), peering, interface, end point."""
    state: str
    """`active`; `blackhole` if the target is gone."""
    origin: str
    """`CreateRouteTable`, `CreateRoute`, or `EnableVgwRoutePropagation` if it was learned."""


@asset_kind("AWS::EC2::RouteTable", "aws")
class RouteTable(Asset):
    """Where packets that leave a subnet go."""

    vpc: str
    """ARN of its VPC."""
    is_main: bool
    """Whether it serves the subnets of the VPC that have no table of their own."""
    subnets: tuple[str, ...]
    """ARNs of the subnets that are bound to it by name."""
    gateways: tuple[str, ...]
    """Ids of the gateways that are bound to it (edge association)."""
    routes: tuple[Route, ...]
    """Its lines."""


@asset_kind("AWS::EC2::InternetGateway", "aws")
class InternetGateway(Asset):
    """The door between networks and the internet."""

    vpcs: tuple[str, ...]
    """ARNs of the VPCs it is attached to."""


@asset_kind("AWS::EC2::EgressOnlyInternetGateway", "aws")
class EgressOnlyGateway(Asset):
    """A door to the internet that lets IPv6 connections out alone."""

    vpcs: tuple[str, ...]
    """ARNs of the VPCs it is attached to."""


@asset_kind("AWS::EC2::NatGateway", "aws")
class NatGateway(Asset):
    """A door that lets machines without public addresses out."""

    vpc: str
    """ARN of its VPC."""
    subnet: str | None
    """ARN of its subnet; None for one that spans zones."""
    state: str
    """`pending`, `available`, `deleting`, `deleted` or `failed`."""
    connectivity: str
    """`public` or `private`."""
    public_ips: tuple[str, ...]
    """Public addresses."""


@asset_kind("AWS::EC2::VPCEndpoint", "aws")
class VpcEndpoint(Asset):
    """A way from a network to a service that does not cross the internet."""

    vpc: str
    """ARN of its VPC."""
    service: str
    """Name of the service, e.g. `com.amazonaws.eu-west-1.s3`."""
    type: str
    """`Gateway`, `Interface`, `GatewayLoadBalancer` ..."""
    state: str
    """`available`, `pending`, `rejected` ... in the letters of the API."""
    policy: Document | None
    """End point policy; None for a kind that has none."""
    private_dns: bool
    """Whether the service's public name leads to it."""
    subnets: tuple[str, ...]
    """ARNs of the subnets it has interfaces in."""
    route_tables: tuple[str, ...]
    """ARNs of the route tables it is entered in."""
    security_groups: tuple[str, ...]
    """ARNs of its security groups."""


@asset_kind("AWS::EC2::FlowLog", "aws")
class FlowLog(Asset):
    """A record of the connections of a network, subnet or interface."""

    watched: str
    """ARN of the network, subnet or interface it watches; for a gateway its id."""
    traffic: str | None
    """`ALL`, `ACCEPT` or `REJECT`; None where the kind of gateway has no such choice."""
    status: str
    """`ACTIVE` in working order."""
    delivery: str | None
    """`SUCCESS` or `FAILED`; None until something was delivered."""
    delivery_error: str | None
    """What went wrong, e.g. `Access error`; None if nothing did."""
    destination_type: str
    """`cloud-watch-logs`, `s3` or `kinesis-data-firehose`."""
    destination: str | None
    """ARN of the destination; None where only the group's name is stated."""
    log_group: str | None
    """Name of the log group; None for another destination."""


class PeeringSide(Part, frozen=True, kw_only=True):
    """One of the two networks of a peering."""

    vpc: str
    """ARN of the VPC, in the account that owns it."""
    account: str
    """Account that owns it."""
    region: str
    """Its region."""
    cidrs: tuple[str, ...]
    """Its IPv4 ranges; empty until the peering is accepted."""


@asset_kind("AWS::EC2::VPCPeeringConnection", "aws")
class VpcPeering(Asset):
    """A connection between two networks."""

    status: str
    """`active`, `pending-acceptance`, `deleted` ..."""
    requester: PeeringSide
    """Who asked."""
    accepter: PeeringSide
    """Who was asked."""


class TransitGatewayRoute(Part, frozen=True, kw_only=True):
    """One line of a route table of a transit gateway."""

    destination: str
    """Range (either family) or id of a prefix list."""
    attachments: tuple[str, ...]
    """Ids of the attachments it leads to; empty for a blackhole."""
    state: str
    """`active` or `blackhole`."""
    type: str
    """`static` or `propagated`; of the same range the static one wins."""


@asset_kind("AWS::EC2::TransitGatewayRouteTable", "aws")
class TransitGatewayRouteTable(Asset):
    """Where a transit gateway sends the packets of the attachments that are associated with the table."""

    gateway: str
    """Id of the transit gateway, `tgw-...`."""
    associated: tuple[str, ...]
    """Ids of the attachments whose packets it routes."""
    routes: tuple[TransitGatewayRoute, ...]
    """Its lines, dropped ones among them."""


@asset_kind("AWS::EC2::TransitGatewayAttachment", "aws")
class TransitGatewayAttachment(Asset):
    """Something that is connected to a transit gateway."""

    gateway: str
    """Id of the transit gateway, `tgw-...`."""
    gateway_owner: str
    """Account that owns the gateway."""
    resource: str
    """Id of what is attached, e.g. `vpc-...`."""
    resource_type: str
    """`vpc`, `vpn`, `peering`, `direct-connect-gateway`, `connect` ..."""
    resource_owner: str
    """Account that owns what is attached."""
    state: str
    """`available`, `pendingAcceptance` ..."""
