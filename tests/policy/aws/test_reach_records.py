"""Target groups and route tables of transit gateways as records: followed where they were read, unknown where not."""

import pytest
from msgspec import structs

from poise.model import replace
from poise.model.aws.elb import RegisteredTarget, TargetGroup
from poise.model.aws.vpc import Route, TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteTable
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, FOREIGN_ACCOUNT
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import LOAD_BALANCER, TARGETS
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    GATEWAY,
    LOCAL_ROUTE,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET,
    TRANSIT_ATTACHMENT,
    TRANSIT_TABLE,
    VPC,
    VPC_ID,
)
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, rule
from poise.policy.aws.reachability import reach
from poise.policy.aws.reaching.world import World
from poise.policy.intervals import PortSet
from poise.policy.reach import the_internet

OUT = (rule("-1", None, (ANYWHERE_V4,)),)
GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=(8080, 8080), v4=(ANYWHERE_V4,)),), egress=OUT)
NEAR = replace(
    INTERFACE, subnet=PRIVATE_SUBNET.id, public_ips=(), private_ips=("10.20.2.9",), security_groups=(GROUP.id,)
)
MACHINE = replace(INSTANCE, interfaces=(NEAR.id,))
AROUND = (
    VPC,
    PUBLIC_SUBNET,
    PRIVATE_SUBNET,
    PUBLIC_ROUTE_TABLE,
    PRIVATE_ROUTE_TABLE,
    GATEWAY,
    OPEN_ACL,
    GROUP,
    NEAR,
    MACHINE,
)
SHORT = INSTANCE.id.rpartition("/")[2]
FORWARD = structs.replace(LOAD_BALANCER.listeners[0].default_actions[0], type="forward", target_groups=(TARGETS.id,))
BALANCER = replace(
    LOAD_BALANCER,
    type="network",
    scheme="internet-facing",
    vpc=VPC_ID,
    subnets=(PUBLIC_SUBNET.id,),
    security_groups=(),
    listeners=(structs.replace(LOAD_BALANCER.listeners[0], port=80, protocol="TCP", default_actions=(FORWARD,)),),
    rules=(),
)
LOCAL = (rule(ports=(8080, 8080), v4=("10.20.0.0/16",)),)


def world(*changed, incomplete=None):
    assets = {one.id: one for one in AROUND} | {one.id: one for one in changed}
    return World(ListInventory(assets.values(), incomplete))


def by_group(*, ingress=GROUP.ingress, incomplete=None, **changes):
    fields = {"protocol": "TCP"} | ({} if "unread" in changes else {"targets": (target(),)}) | changes
    group = replace(TARGETS, **fields)
    here = world(BALANCER, group, replace(GROUP, ingress=ingress), incomplete=incomplete)
    return reach(here, the_internet(), MACHINE).decision.value


def target(id=SHORT, port=8080):
    return RegisteredTarget(id=id, port=port, health="unhealthy")


@pytest.mark.parametrize(
    ("changes", "ingress", "expected"),
    [
        ({}, GROUP.ingress, "open"),
        ({"targets": (target("10.20.2.9"),)}, GROUP.ingress, "open"),
        ({"targets": ()}, GROUP.ingress, "closed"),
        ({"targets": (target("i-other"),)}, GROUP.ingress, "closed"),
        ({"targets": (target(port=22),)}, GROUP.ingress, "closed"),
        ({"keeps_client_address": True}, LOCAL, "closed"),
        ({"keeps_client_address": False}, LOCAL, "open"),
        ({"keeps_client_address": None}, LOCAL, "open"),
    ],
)
def test_a_target_group_leads_to_what_is_registered_whatever_its_health(changes, ingress, expected):
    assert by_group(ingress=ingress, **changes) == expected


def test_a_target_group_that_was_not_read_is_unknown():
    assert by_group(unread={"targets": "AccessDenied"}) == "unknown"
    assert reach(world(BALANCER), the_internet(), MACHINE).decision == "unknown"
    refused = {(TargetGroup.KIND, ACCOUNT): "AccessDenied"}
    assert reach(world(BALANCER, incomplete=refused), the_internet(), MACHINE).decision == "unknown"
    assert by_group(ingress=(), unread={"targets": "AccessDenied"}) == "closed"


TGW = TRANSIT_ATTACHMENT.gateway
OTHER_VPC = replace(VPC, id=f"{VPC_ID}ff", cidrs=("10.30.0.0/16",))
OTHER_SUBNET = replace(PRIVATE_SUBNET, id=f"{PRIVATE_SUBNET.id}ff", vpc=OTHER_VPC.id, cidr="10.30.1.0/24")
OTHER_GROUP = replace(GROUP, id=f"{GROUP.id}ff", vpc=OTHER_VPC.id)
OTHER_ACL = replace(OPEN_ACL, id=f"{OPEN_ACL.id}ff", vpc=OTHER_VPC.id, subnets=(OTHER_SUBNET.id,))
FAR = replace(
    NEAR,
    id=f"{NEAR.id}ff",
    vpc=OTHER_VPC.id,
    subnet=OTHER_SUBNET.id,
    private_ips=("10.30.1.9",),
    security_groups=(OTHER_GROUP.id,),
)


def route(destination, to=TGW):
    return Route(destination=destination, target=to, state="active", origin="CreateRoute")


HERE = replace(PRIVATE_ROUTE_TABLE, routes=(LOCAL_ROUTE, route("10.30.0.0/16")))
THERE = replace(
    PRIVATE_ROUTE_TABLE,
    id=f"{PRIVATE_ROUTE_TABLE.id}ff",
    vpc=OTHER_VPC.id,
    is_main=True,
    subnets=(OTHER_SUBNET.id,),
    routes=(route("10.30.0.0/16", "local"), route("10.20.0.0/16")),
)


def attached(vpc, name, owner=ACCOUNT):
    return replace(
        TRANSIT_ATTACHMENT,
        id=f"{TRANSIT_ATTACHMENT.id.rpartition('/')[0]}/{name}",
        gateway_owner=owner,
        resource=vpc.rpartition("/")[2],
        resource_type="vpc",
        state="available",
    )


def line(destination, *attachments, state="active", type="propagated"):
    return TransitGatewayRoute(destination=destination, attachments=attachments, state=state, type=type)


BOTH_WAYS = (line("10.20.0.0/16", "near"), line("10.30.0.0/16", "far"))


def by_transit(*routes, owner=ACCOUNT, incomplete=None, unread=None, **changes):
    fields = {"scope": owner, "associated": ("near", "far"), "routes": routes or BOTH_WAYS} | changes
    table = replace(TRANSIT_TABLE, **fields)
    table = replace(table, unread=unread) if unread else table
    assets = (OTHER_VPC, OTHER_SUBNET, OTHER_GROUP, OTHER_ACL, FAR, HERE, THERE)
    ends = (attached(VPC_ID, "near", owner), attached(OTHER_VPC.id, "far", owner))
    here = world(*assets, *ends, table, incomplete=incomplete)
    return reach(here, NEAR, FAR, PortSet.of(8080)).decision.value


def test_a_transit_gateway_leads_where_its_tables_say():
    assert by_transit() == "open"
    assert by_transit(owner=FOREIGN_ACCOUNT) == "open"
    assert by_transit(line("10.20.0.0/16", "near")) == "closed"
    assert by_transit(associated=("near",)) == "closed"


def test_a_blackhole_drops_and_the_longer_or_static_route_wins():
    dropped = line("10.30.1.0/24", state="blackhole", type="static")
    assert by_transit(*BOTH_WAYS, dropped) == "closed"
    assert by_transit(*BOTH_WAYS, line("10.30.0.0/16", state="blackhole", type="static")) == "closed"
    assert by_transit(*BOTH_WAYS, line("10.30.9.0/24", state="blackhole", type="static")) == "open"


def test_tables_that_were_not_read_are_unknown():
    refused = {(TransitGatewayRouteTable.KIND, ACCOUNT): "AccessDenied"}
    assert by_transit(incomplete=refused) == "unknown"
    assert by_transit(unread={"routes": "AccessDenied"}) == "unknown"
    assert by_transit(unread={"associated": "AccessDenied"}) == "unknown"
    assert by_transit(gateway="tgw-other") == "unknown"
    attachments = {(TransitGatewayAttachment.KIND, ACCOUNT): "AccessDenied"}
    assert by_transit(incomplete=attachments) == "unknown"


def test_a_prefix_list_in_a_table_is_unknown():
    assert by_transit(line("pl-0a1", "far"), line("10.20.0.0/16", "near")) == "unknown"
