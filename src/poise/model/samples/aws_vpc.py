"""One ordinary asset of each kind of Amazon VPC, as it should be: examples change what they are about.

They make one small network with a public and a private subnet.
"""

from poise.model.aws.vpc import (
    EgressOnlyGateway,
    FlowLog,
    InternetGateway,
    NatGateway,
    PeeringSide,
    Route,
    RouteTable,
    Subnet,
    TransitGatewayAttachment,
    TransitGatewayRouteTable,
    Vpc,
    VpcEndpoint,
    VpcPeering,
)
from poise.model.samples.aws import ACCOUNT, FOREIGN_ACCOUNT, REGION

HERE = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
TAGS = {"team": "shop"}
ANYWHERE_V4, ANYWHERE_V6 = "0.0.0.0/0", "::/0"
VPC_ID = f"{HERE}:vpc/vpc-0a1b2c3d4e5f60718"
PUBLIC_SUBNET_ID = f"{HERE}:subnet/subnet-0a0000000000000001"
PRIVATE_SUBNET_ID = f"{HERE}:subnet/subnet-0a0000000000000002"
INTERNET_GATEWAY = "igw-0a0000000000000001"
NAT_GATEWAY_ID = "nat-0a000000000000001"


VPC = Vpc(
    id=VPC_ID,
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    cidrs=("10.20.0.0/16",),
    ipv6_cidrs=(),
    is_default=False,
    owner=ACCOUNT,
    dns_support=True,
    dns_hostnames=True,
)
PUBLIC_SUBNET = Subnet(
    id=PUBLIC_SUBNET_ID,
    name="shop-public",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    cidr="10.20.1.0/24",
    ipv6_cidrs=(),
    zone=f"{REGION}a",
    maps_public_ip=False,
    assigns_ipv6=False,
    is_default=False,
    internet_block="off",
    internet_exclusion=None,
    owner=ACCOUNT,
)
PRIVATE_SUBNET = Subnet(
    id=PRIVATE_SUBNET_ID,
    name="shop-private",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    cidr="10.20.2.0/24",
    ipv6_cidrs=(),
    zone=f"{REGION}b",
    maps_public_ip=False,
    assigns_ipv6=False,
    is_default=False,
    internet_block="off",
    internet_exclusion=None,
    owner=ACCOUNT,
)
LOCAL_ROUTE = Route(destination="10.20.0.0/16", target="local", state="active", origin="CreateRouteTable")
PUBLIC_ROUTE_TABLE = RouteTable(
    id=f"{HERE}:route-table/rtb-0a0000000000000001",
    name="shop-public",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    is_main=False,
    subnets=(PUBLIC_SUBNET_ID,),
    gateways=(),
    routes=(
        LOCAL_ROUTE,
        Route(destination=ANYWHERE_V4, target=INTERNET_GATEWAY, state="active", origin="CreateRoute"),
    ),
)
PRIVATE_ROUTE_TABLE = RouteTable(
    id=f"{HERE}:route-table/rtb-0a0000000000000002",
    name="shop-private",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    is_main=True,
    subnets=(),
    gateways=(),
    routes=(
        LOCAL_ROUTE,
        Route(destination=ANYWHERE_V4, target=NAT_GATEWAY_ID, state="active", origin="CreateRoute"),
    ),
)
GATEWAY = InternetGateway(
    id=f"{HERE}:internet-gateway/{INTERNET_GATEWAY}",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpcs=(VPC_ID,),
)
EGRESS_ONLY_GATEWAY = EgressOnlyGateway(
    id=f"{HERE}:egress-only-internet-gateway/eigw-0a000000000000001",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpcs=(VPC_ID,),
)
NAT_GATEWAY = NatGateway(
    id=f"{HERE}:natgateway/{NAT_GATEWAY_ID}",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    subnet=PUBLIC_SUBNET_ID,
    state="available",
    connectivity="public",
    public_ips=("198.51.100.77",),
)
VPC_ENDPOINT = VpcEndpoint(
    id=f"{HERE}:vpc-endpoint/vpce-0a0000000000000001",
    name="shop-s3",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    vpc=VPC_ID,
    service=f"com.amazonaws.{REGION}.s3",
    type="Gateway",
    state="available",
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::reports/*",
            }
        ],
    },
    private_dns=False,
    subnets=(),
    route_tables=(PRIVATE_ROUTE_TABLE.id,),
    security_groups=(),
)
FLOW_LOG = FlowLog(
    id=f"{HERE}:vpc-flow-log/fl-0a0000000000000001",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    watched=VPC_ID,
    traffic="ALL",
    status="ACTIVE",
    delivery="SUCCESS",
    delivery_error=None,
    destination_type="s3",
    destination="arn:aws:s3:::network-logs",
    log_group=None,
)
PEERING = VpcPeering(
    id=f"{HERE}:vpc-peering-connection/pcx-0a0000000000000001",
    name="shop-to-billing",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    status="active",
    requester=PeeringSide(vpc=VPC_ID, account=ACCOUNT, region=REGION, cidrs=("10.20.0.0/16",)),
    accepter=PeeringSide(
        vpc=f"arn:aws:ec2:{REGION}:{FOREIGN_ACCOUNT}:vpc/vpc-0b0000000000000001",
        account=FOREIGN_ACCOUNT,
        region=REGION,
        cidrs=("10.30.0.0/16",),
    ),
)
TRANSIT_ATTACHMENT = TransitGatewayAttachment(
    id=f"{HERE}:transit-gateway-attachment/tgw-attach-0a0000000000001",
    name="shop",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    gateway="tgw-0a0000000000000001",
    gateway_owner=ACCOUNT,
    resource="vpc-0a1b2c3d4e5f60718",
    resource_type="vpc",
    resource_owner=ACCOUNT,
    state="available",
)
TRANSIT_TABLE = TransitGatewayRouteTable(
    id=f"{HERE}:transit-gateway-route-table/tgw-rtb-0a0000000000000001",
    name="main",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    gateway=TRANSIT_ATTACHMENT.gateway,
    associated=(TRANSIT_ATTACHMENT.id.rpartition("/")[2],),
    routes=(),
)
