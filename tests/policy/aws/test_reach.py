"""What the internet reaches through groups, routes and ACLs together."""

import pytest
from msgspec import structs

from poise.model import NotCollected, replace
from poise.model.aws.vpc import Route
from poise.model.inventory import ListInventory
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    ANYWHERE_V6,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET_ID,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET,
    PUBLIC_SUBNET_ID,
    VPC_ID,
)
from poise.model.samples.aws_vpc_rules import OPEN_ACL, PREFIX_LIST, SECURITY_GROUP, acl_entry, rule
from poise.policy.aws import reach
from poise.policy.intervals import V4, V6, internet

SSH = (22, 22)
OPEN_GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=SSH, v4=(ANYWHERE_V4,)),))
OTHER_GROUP = replace(OPEN_GROUP, id=f"{OPEN_GROUP.id}ff", ingress=(rule(ports=SSH, v4=("128.0.0.0/1",)),))
AROUND = (OPEN_GROUP, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, OPEN_ACL)
SCOPE = INTERFACE.scope
HALVES = tuple(structs.replace(PREFIX_LIST.entries[0], cidr=cidr) for cidr in ("0.0.0.0/1", "128.0.0.0/1"))
EVERYONE_LIST = replace(PREFIX_LIST, entries=HALVES)
LIST_OF_AWS = "arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-3b927c52"


def route(destination, target, state="active"):
    return Route(destination=destination, target=target, state=state, origin="CreateRoute")


def reached(*assets, interface=INTERFACE, ports=(22,), incomplete=None):
    inventory = ListInventory(
        (interface, *assets), incomplete and {(kind, SCOPE): why for kind, why in incomplete.items()}
    )
    return [port for one in reach.exposures(INSTANCE, ports, inventory) for port in one.ports]


def routed(*routes, others=()):
    table = replace(PUBLIC_ROUTE_TABLE, routes=routes)
    return reach.routed_to_internet(PUBLIC_SUBNET_ID, VPC_ID, SCOPE, ListInventory((table, *others)))


def test_address_group_route_and_acl_together_expose_a_port():
    assert reached(*AROUND) == [22]


@pytest.mark.parametrize(
    "closed",
    [
        replace(OPEN_GROUP, ingress=(rule(ports=SSH, v4=("198.51.100.0/24",)),)),
        replace(PUBLIC_ROUTE_TABLE, routes=()),
        replace(OPEN_ACL, entries=(acl_entry(90, "deny", SSH), *OPEN_ACL.entries)),
    ],
    ids=["group", "route", "acl"],
)
def test_one_that_is_closed_closes_the_way(closed):
    assert reached(closed, *(one for one in AROUND if one.id != closed.id)) == []


@pytest.mark.parametrize("kind", ["AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl"])
def test_one_that_is_closed_closes_the_way_though_another_was_not_read(kind):
    group = replace(OPEN_GROUP, ingress=())

    assert reached(group, *AROUND[1:], incomplete={kind: "denied"}) == []


@pytest.mark.parametrize("kind", ["AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl"])
def test_what_was_not_read_matters_where_all_else_is_open(kind):
    with pytest.raises(NotCollected, match="denied"):
        reached(*AROUND, incomplete={kind: "denied"})


def test_groups_of_an_interface_add_up():
    half = replace(OPEN_GROUP, ingress=(rule(ports=SSH, v4=("0.0.0.0/1",)),))
    interface = replace(INTERFACE, security_groups=(half.id, OTHER_GROUP.id))

    assert reached(half, OTHER_GROUP, *AROUND[1:], interface=interface) == [22]


def test_group_that_is_missing_matters_unless_the_others_suffice():
    interface = replace(INTERFACE, security_groups=(OTHER_GROUP.id, "gone"))

    with pytest.raises(NotCollected, match="gone"):
        reached(OTHER_GROUP, *AROUND[1:], interface=interface)


def test_port_that_is_reached_for_sure_is_told_though_another_cannot_be_judged():
    interface = replace(INTERFACE, security_groups=(OPEN_GROUP.id, "gone"))

    assert reached(*AROUND, interface=interface, ports=(22, 3389)) == [22]
    with pytest.raises(NotCollected, match="gone"):
        reached(*AROUND, interface=interface, ports=(3389,))


def test_vpc_that_blocks_the_internet_closes_every_subnet_that_is_not_excluded():
    # VPC User Guide, "Block public access to VPCs and subnets": both modes stop what comes in; an exclusion for both
    # directions lets it in again, one for what leaves does not.
    blocked = replace(PUBLIC_SUBNET, internet_block="block-ingress")

    assert reached(*AROUND, PUBLIC_SUBNET) == [22]
    assert reached(*AROUND, blocked) == []
    assert reached(*AROUND, replace(blocked, internet_exclusion="allow-bidirectional")) == [22]
    assert reached(*AROUND, replace(blocked, internet_exclusion="allow-egress")) == []
    unread = replace(blocked, unread={"internet_exclusion": "denied"})
    with pytest.raises(NotCollected, match="denied"):
        reached(*AROUND, unread)
    assert reached(replace(OPEN_GROUP, ingress=()), *AROUND[1:], unread) == []


def test_private_address_alone_is_not_reached():
    assert reached(*AROUND, interface=replace(INTERFACE, public_ips=())) == []


def test_each_family_needs_an_address_a_rule_and_a_route_of_its_own():
    v6_rule = replace(OPEN_GROUP, ingress=(rule(ports=SSH, v6=(ANYWHERE_V6,)),))
    v6_route = replace(PUBLIC_ROUTE_TABLE, routes=(route(ANYWHERE_V6, "igw-1"),))
    v6_only = replace(INTERFACE, public_ips=(), ipv6_addresses=("2600:1f00::10",))

    assert reached(v6_rule, v6_route, OPEN_ACL, interface=v6_only) == [22]
    assert reached(v6_rule, v6_route, OPEN_ACL) == []
    assert reached(v6_rule, PUBLIC_ROUTE_TABLE, OPEN_ACL, interface=v6_only) == []
    assert reached(OPEN_GROUP, v6_route, OPEN_ACL, interface=v6_only) == []


def test_private_ipv6_address_is_not_reached():
    v6_rule = replace(OPEN_GROUP, ingress=(rule(ports=SSH, v6=(ANYWHERE_V6,)),))
    v6_route = replace(PUBLIC_ROUTE_TABLE, routes=(route(ANYWHERE_V6, "igw-1"),))
    private = replace(INTERFACE, public_ips=(), ipv6_addresses=("fd00::10",))

    assert reached(v6_rule, v6_route, OPEN_ACL, interface=private) == []


def test_interface_that_is_missing_matters_unless_another_is_reached():
    two = replace(INSTANCE, interfaces=("gone", INTERFACE.id))

    assert [one.interface for one in reach.exposures(two, (22,), ListInventory((INTERFACE, *AROUND)))] == [INTERFACE.id]
    with pytest.raises(NotCollected, match="gone was not found"):
        reach.exposures(two, (443,), ListInventory((INTERFACE, *AROUND)))


def test_acl_must_let_answers_out():
    one_way = replace(OPEN_ACL, entries=tuple(entry for entry in OPEN_ACL.entries if not entry.egress))

    assert reached(*AROUND[:-1], one_way) == []


def test_subnet_without_a_table_of_its_own_uses_the_main_one():
    inventory = ListInventory((PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE))

    assert reach.table_of(PUBLIC_SUBNET_ID, VPC_ID, SCOPE, inventory) == PUBLIC_ROUTE_TABLE
    assert reach.table_of(PRIVATE_SUBNET_ID, VPC_ID, SCOPE, inventory) == PRIVATE_ROUTE_TABLE


def test_subnet_on_a_private_table_is_private_though_the_main_one_is_public():
    main = replace(PUBLIC_ROUTE_TABLE, is_main=True, subnets=())
    private = replace(PRIVATE_ROUTE_TABLE, is_main=False, subnets=(PUBLIC_SUBNET_ID,))

    assert reached(OPEN_GROUP, main, private, OPEN_ACL) == []


def test_subnet_without_any_table_or_acl_cannot_be_judged():
    with pytest.raises(NotCollected, match="route table"):
        reached(OPEN_GROUP, OPEN_ACL)
    with pytest.raises(NotCollected, match="network ACL"):
        reached(*AROUND[:-1])


def test_most_specific_route_decides():
    assert routed(route(ANYWHERE_V4, "igw-1"), route("10.0.0.0/8", "tgw-1")).is_internet(V4)
    assert not routed(route(ANYWHERE_V4, "igw-1"), route("0.0.0.0/1", "nat-1")).is_internet(V4)
    assert not routed(route(ANYWHERE_V4, "nat-1"), route("93.184.216.0/24", "igw-1")).is_internet(V4)
    assert routed(route(ANYWHERE_V4, "nat-1"), route("93.184.216.0/24", "igw-1")).size(V4) == 256


def test_halves_of_the_internet_through_one_gateway_are_the_internet():
    assert routed(route("0.0.0.0/1", "igw-1"), route("128.0.0.0/1", "igw-1")).is_internet(V4)


def test_route_whose_gateway_is_gone_leads_nowhere():
    assert not routed(route(ANYWHERE_V4, "igw-1", state="blackhole"))


def test_way_out_alone_is_no_way_in():
    assert not routed(route(ANYWHERE_V6, "eigw-1")).size(V6)
    assert not routed(route(ANYWHERE_V4, "nat-1"))


def test_prefix_list_in_a_route_to_a_service_is_no_way_in_and_need_not_be_read():
    assert routed(route("pl-6da54004", "vpce-1"), route(ANYWHERE_V4, "igw-1")).is_internet(V4)


def test_prefix_list_in_a_route_to_the_gateway_counts():
    name = PREFIX_LIST.id.rpartition("/")[2]

    assert routed(route(name, "igw-1"), others=(EVERYONE_LIST,)).v4 == internet().v4
