"""Networks: what users of other tools reported as wrong, each with its siblings."""

import msgspec
import pytest

from poise.model import replace
from poise.model.aws.awslambda import FunctionUrl
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import LOAD_BALANCER
from poise.model.samples.aws_lambda import LAMBDA_FUNCTION
from poise.model.samples.aws_rds import RDS_INSTANCE
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    ANYWHERE_V6,
    GATEWAY,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET,
    VPC,
)
from poise.model.samples.aws_vpc_rules import NETWORK_ACL, SECURITY_GROUP, acl_entry, group_rule, rule
from poise.model.samples.azure_compute import VIRTUAL_MACHINE
from poise.model.samples.azure_network import NETWORK_INTERFACE, PUBLIC_ADDRESS, SUBNET, VIRTUAL_NETWORK
from poise.model.samples.azure_network import SECURITY_GROUP as NSG
from poise.model.samples.azure_network import rule as nsg_rule
from poise.policy.aws.network import nacl_allows
from poise.policy.aws.reach import routed_to_internet
from poise.policy.aws.reachability import reach
from poise.policy.aws.reaching.world import World
from poise.policy.azure.nsg import internet_ports
from poise.policy.azure.nsg import rules_of as nsg_rules
from poise.policy.gcp.network_objects import FirewallRule, Interface, Network
from poise.policy.gcp.reach import Ground, reach_from_outside
from poise.policy.intervals import IpSet, PortSet, internet
from poise.policy.reach import the_internet
from tests.policy.aws.documents import allow, policy

from .asking import state

SSH_CHECK = "aws.vpc.management_port_open_to_internet"


def line(*cidrs, protocol="tcp", ports=(22, 22)):
    """A rule for ranges of either family."""
    v6 = tuple(cidr for cidr in cidrs if ":" in cidr)
    return rule(protocol, ports, tuple(cidr for cidr in cidrs if ":" not in cidr), v6)


def group(*rules):
    return replace(SECURITY_GROUP, ingress=rules)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((acl_entry(90, action="deny", ports=(22, 22)), acl_entry(100)), False),
        ((acl_entry(100), acl_entry(110, action="deny", ports=(22, 22))), True),
        ((acl_entry(90, action="deny", ports=(20, 25)), acl_entry(100)), False),
        ((acl_entry(90, action="deny", ports=(23, 25)), acl_entry(100)), True),
        ((), False),
    ],
)
def test_c01_the_lowest_number_wins(entries, expected):
    assert nacl_allows(entries, "tcp", PortSet.of(22), internet()) is expected


@pytest.mark.parametrize(
    ("cidr", "is_wide"), [("198.51.100.0/22", True), ("52.84.0.0/15", True), ("8.8.8.8/32", False)]
)
def test_c03_a_range_of_a_provider_is_not_the_internet_but_wide(cidr, is_wide):
    asset = group(line(cidr, ports=(443, 443)))
    for check in ("other_port_open_to_internet", "all_ports_open_to_internet", "management_port_open_to_internet"):
        assert state(f"aws.vpc.{check}", asset) == "healthy"
    wide = state("aws.vpc.wide_public_range_allowed", group(line("8.8.0.0/22" if is_wide else cidr, ports=(443, 443))))
    assert wide == ("unhealthy" if is_wide else "healthy")


@pytest.mark.parametrize(
    ("cidrs", "expected"),
    [
        (("0.0.0.0/1", "128.0.0.0/1"), "unhealthy"),
        (("0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/1"), "unhealthy"),
        (("::/1", "8000::/1"), "unhealthy"),
        (("8.8.8.0/24",), "healthy"),
        (("10.0.0.0/8", "192.168.0.0/16"), "healthy"),
    ],
)
def test_c04_parts_of_the_internet_add_up(cidrs, expected):
    assert state(SSH_CHECK, group(*(line(cidr) for cidr in cidrs))) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (line(ANYWHERE_V6, ports=(20, 25)), "unhealthy"),
        (line(ANYWHERE_V4, protocol="udp"), "healthy"),
        (line(ANYWHERE_V4, protocol="6"), "unhealthy"),
        (line(ANYWHERE_V4, protocol="-1", ports=None), "unhealthy"),
        (group_rule(SECURITY_GROUP.id), "healthy"),
    ],
)
def test_c06_ranges_families_and_protocol_numbers_count(written, expected):
    assert state(SSH_CHECK, group(written)) == expected


@pytest.mark.parametrize("protocol", ["Icmp", "ICMP", "Esp", "Ah", "Udp", "1"])
def test_c07_a_rule_of_another_protocol_opens_no_port_of_tcp(protocol):
    ping = nsg_rule("ping", 100, protocol=protocol, destination_ports=("*",))
    assert internet_ports([nsg_rules(replace(NSG, rules=(ping,)))], (22, 3389)) == ()


@pytest.mark.parametrize("source", ["*", "0.0.0.0/0", "Internet", "Any", "any", "INTERNET", "internet"])
@pytest.mark.parametrize("protocol", ["*", "TCP", "Tcp", "tcp", "6"])
@pytest.mark.parametrize("ports", [("22",), ("20-25",), ("*",), ("80", "22")])
def test_c09_every_spelling_of_open_is_open(source, protocol, ports):
    opened = nsg_rule("open", 100, protocol=protocol, source_prefixes=(source,), destination_ports=ports)
    assert 22 in internet_ports([nsg_rules(replace(NSG, rules=(opened,)))], (22,))


def azure_state(*rules, own=None):
    around = [NETWORK_INTERFACE, PUBLIC_ADDRESS, SUBNET, VIRTUAL_NETWORK, replace(NSG, rules=rules)]
    if own is not None:
        second = replace(NSG, id=f"{NSG.id}-nic", rules=own)
        around = [replace(NETWORK_INTERFACE, security_group=second.id), second, *around[1:]]
    return state("azure.compute.management_port_reachable", VIRTUAL_MACHINE, *around)


def test_c10_the_lower_priority_wins_and_both_groups_have_to_allow():
    def ssh(access, priority):
        return nsg_rule(access, priority, access=access, source_prefixes=("Internet",), destination_ports=("22",))

    assert azure_state(ssh("Deny", 100), ssh("Allow", 200)) == "healthy"
    assert azure_state(ssh("Allow", 100), ssh("Deny", 200)) == "unhealthy"
    assert azure_state(ssh("Allow", 100), own=()) == "healthy"
    assert azure_state(ssh("Allow", 100), own=(ssh("Allow", 100),)) == "unhealthy"
    assert azure_state(own=(ssh("Allow", 100),)) == "healthy"


WEB = Interface(name="web", network="shop", addresses=("10.0.0.5",), external=("8.8.4.4",), tags=("web",))


def gcp_decision(**fields):
    written = msgspec.convert({"name": "rule", "network": "shop", **fields}, FirewallRule)
    network = Network(name="shop", hierarchical=(), rules=(written,), has_internet_route=True)
    return reach_from_outside(Ground({"shop": network}, ()), the_internet(), WEB, PortSet.of(22), "tcp").decision.value


SSH = [{"IPProtocol": "tcp", "ports": ["22"]}]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sourceTags": ["bastion"]}, "closed"),
        ({"sourceServiceAccounts": ["bastion@shop"]}, "closed"),
        ({"sourceTags": ["bastion"], "sourceRanges": ["0.0.0.0/0"]}, "open"),
        ({"sourceRanges": ["0.0.0.0/0"]}, "open"),
        ({"sourceRanges": ["0.0.0.0/0"], "targetTags": ["db"]}, "closed"),
    ],
)
def test_c12_a_rule_for_tagged_sources_opens_nothing_to_the_internet(fields, expected):
    assert gcp_decision(allowed=SSH, **fields) == expected


@pytest.mark.parametrize("ranges", [["0.0.0.0/0"], ["::/0"], []])
def test_c13_a_rule_that_only_denies_opens_nothing(ranges):
    assert gcp_decision(denied=SSH, sourceRanges=ranges) == "closed"
    assert azure_state(nsg_rule("no", 100, access="Deny", destination_ports=("22",))) == "healthy"


def test_c15_a_subnet_that_is_bound_to_a_private_table_is_private():
    main = replace(PUBLIC_ROUTE_TABLE, is_main=True, subnets=())
    bound = replace(PRIVATE_ROUTE_TABLE, is_main=False, subnets=(PRIVATE_SUBNET.id,))

    def routed(subnet, *tables):
        inventory = ListInventory((VPC, PUBLIC_SUBNET, PRIVATE_SUBNET, GATEWAY, *tables))
        return bool(routed_to_internet(subnet.id, VPC.id, ACCOUNT, inventory))

    assert not routed(PRIVATE_SUBNET, main, bound)
    assert routed(PUBLIC_SUBNET, main, bound)
    assert routed(PRIVATE_SUBNET, main, replace(bound, subnets=()))


def test_c15_a_database_is_reached_if_any_subnet_of_its_group_is_public():
    database = replace(RDS_INSTANCE, publicly_accessible=True, vpc=VPC.id, security_groups=(SECURITY_GROUP.id,))
    opened = group(line(ANYWHERE_V4, ports=(0, 65535)))
    tables = (
        replace(PUBLIC_ROUTE_TABLE, is_main=False, subnets=(PUBLIC_SUBNET.id,)),
        replace(PRIVATE_ROUTE_TABLE, is_main=True, subnets=(PRIVATE_SUBNET.id,)),
    )
    acl = replace(NETWORK_ACL, subnets=(PUBLIC_SUBNET.id, PRIVATE_SUBNET.id), entries=OPEN_ENTRIES)

    def decided(*subnets):
        around = (VPC, PUBLIC_SUBNET, PRIVATE_SUBNET, GATEWAY, *tables, opened, acl)
        world = World(ListInventory((*around, replace(database, subnets=subnets))))
        return reach(world, the_internet(), replace(database, subnets=subnets), PortSet.of(database.port)).decision

    assert decided(PUBLIC_SUBNET.id, PRIVATE_SUBNET.id) != "closed"
    assert decided(PRIVATE_SUBNET.id) == "closed"


OPEN_ENTRIES = (
    acl_entry(100),
    msgspec.structs.replace(acl_entry(100), egress=True),
)


def test_c16_without_a_public_address_nothing_outside_reaches_it_though_its_group_is_open():
    opened = group(line(ANYWHERE_V4))
    hidden = replace(INTERFACE, public_ips=(), ipv6_addresses=(), subnet=PRIVATE_SUBNET.id)
    machine = replace(INSTANCE, public_ip=None, subnet=PRIVATE_SUBNET.id)
    around = (VPC, PUBLIC_SUBNET, PRIVATE_SUBNET, GATEWAY, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, opened)
    acl = replace(NETWORK_ACL, subnets=(PUBLIC_SUBNET.id, PRIVATE_SUBNET.id), entries=OPEN_ENTRIES)
    world = World(ListInventory((*around, hidden, machine, acl)))
    assert reach(world, the_internet(), machine, PortSet.of(22)).decision == "closed"
    assert state(SSH_CHECK, opened) == "unhealthy"


@pytest.mark.parametrize(
    ("auth", "condition", "expected"),
    [
        ("NONE", None, "unhealthy"),
        ("NONE", {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}}, "unhealthy"),
        ("AWS_IAM", None, "healthy"),
    ],
)
def test_c18_an_address_that_asks_for_nothing_is_public(auth, condition, expected):
    url = FunctionUrl(url="https://x.lambda-url.eu-west-1.on.aws/", auth_type=auth, cors_origins=())
    document = policy(
        allow(action="lambda:InvokeFunctionUrl", resource=LAMBDA_FUNCTION.id, condition=condition),
        allow(
            action="lambda:InvokeFunction",
            resource=LAMBDA_FUNCTION.id,
            condition={"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
        ),
    )
    asset = replace(LAMBDA_FUNCTION, url=url, policy=document)
    assert state("aws.lambda.url_without_authentication", asset) == expected
    none = replace(asset, policy=None)
    assert state("aws.lambda.url_without_authentication", none) == "healthy"


def test_c19_a_group_that_a_service_wears_or_another_group_names_is_used():
    service = replace(INTERFACE, requester_managed=True, instance=None, security_groups=(SECURITY_GROUP.id,))
    naming = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}ff", ingress=(group_rule(SECURITY_GROUP.id),))
    assert state("aws.vpc.security_group_unused", SECURITY_GROUP, service) == "healthy"
    assert state("aws.vpc.security_group_unused", SECURITY_GROUP, naming) == "healthy"
    balancer = replace(LOAD_BALANCER, security_groups=(SECURITY_GROUP.id,))
    assert state("aws.vpc.security_group_unused", SECURITY_GROUP, balancer) == "healthy"
    assert state("aws.vpc.security_group_unused", SECURITY_GROUP) == "unhealthy"
    assert IpSet.from_cidrs(("0.0.0.0/1", "128.0.0.0/1")) == IpSet.from_cidrs((ANYWHERE_V4,))
