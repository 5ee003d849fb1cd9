"""Questions about recorded AWS networks. Every answer was worked out by hand from the recorded answers.

The networks were recorded before some calls existed; kinds that an account then had none of are named as such.
"""

from __future__ import annotations

from functools import cache

import pytest

from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.elb import LoadBalancer
from poise.model.aws.vpc import Subnet, VpcEndpoint
from poise.policy.aws.reachability import reach
from poise.policy.aws.reaching.world import Extra, World
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Networks, the_internet
from tests.conformance import batfish_networks as recorded

pytestmark = pytest.mark.skipif(not recorded.FOLDER.is_dir(), reason=f"{recorded.FOLDER} is absent")

OWN = recorded.ACCOUNT
NONE = (LoadBalancer.KIND, "AWS::EC2::VPCPeeringConnection", "AWS::EC2::TransitGatewayAttachment")
KINDS = {
    "i-": (Ec2Instance, "instance"),
    "eni-": (NetworkInterface, "network-interface"),
    "subnet-": (Subnet, "subnet"),
    "vpce-": (VpcEndpoint, "vpc-endpoint"),
}


def at(folder, region="us-east-2", account=OWN):
    return (folder, account, region)


PLACES = {
    "public": (at("test-public-subnet/aws_configs"),),
    "mixed": (at("test-public-private-subnet/aws_configs"),),
    "nat": (at("test-nat-gateway/aws_configs"),),
    "peering": (at("test-vpc-peering/aws_configs"),),
    "transit": (at("test-transit-gateway/aws_configs"),),
    "tables": (at("test-transit-gateway-multi-table/aws_configs"),),
    "asymmetric": (at("test-transit-gateway-asymmetric-paths/aws_configs", "us-east-1"),),
    "vpn": (at("test-vpn-gateway/aws_configs"),),
    "subnet": (at("test-subnet/aws_configs"),),
    "balancer": (at("test-load-balancer/aws_configs"),),
    "endpoint": (at("test-vpc-endpoint-interface/aws_configs/us-east-1", "us-east-1"),),
    "direct": (at("test-direct-connect-private-vif/aws_configs"),),
    "hybrid": (at("hybrid-cloud-aws/us-west-2", "us-west-2"),),
    "two accounts": tuple(
        at(f"test-vpc-peering-multi-account/aws_configs/accounts/{account}/us-east-1", "us-east-1", account)
        for account in ("123456789012", "123456789013")
    ),
    "transit accounts": tuple(
        at(f"test-transit-gateway-multi-account/aws_configs/accounts/{account}/us-east-1", "us-east-1", account)
        for account in ("028403472736", "951601349076")
    ),
}


@cache
def world(network, protocol="tcp", is_all=False):
    places = PLACES[network]
    extra = Extra(transit_tables=recorded.transit_tables(*(folder for folder, _, _ in places)) if is_all else None)
    if network == "balancer" and is_all:
        extra = recorded.target_groups(places[0][0])
    listed = () if network == "balancer" else (LoadBalancer.KIND,)
    return World(
        recorded.inventory(*places, without=(*listed, *NONE[1:] * (network != "transit accounts"))), protocol, extra
    )


def end(network, text):
    if text == "internet":
        return the_internet()
    found = [kind for start, kind in KINDS.items() if text.startswith(start)]
    if not found:
        return Networks(IpSet.from_cidrs((text,)))
    kind, word = found[0]
    for _, account, region in PLACES[network]:
        asset = world(network).inventory.find(kind, account, f"arn:aws:ec2:{region}:{account}:{word}/{text}")
        if asset is not None:
            return asset
    raise LookupError(text)


def ask(network, source, target, port=None, protocol="tcp", is_all=False):
    ports = PortSet.every() if port is None else PortSet.of(port)
    return reach(world(network, protocol, is_all), end(network, source), end(network, target), ports)


QUESTIONS = [
    # One machine with a public address, its subnet bound to a table with an internet gateway, SSH from anywhere.
    ("public", "internet", "i-06669a407b2ef3ae5", 22, "tcp", "open", "sg-09ccba6656672061b"),
    ("public", "internet", "i-06669a407b2ef3ae5", 80, "tcp", "closed", "sg-09ccba6656672061b"),
    ("public", "internet", "i-06669a407b2ef3ae5", 22, "udp", "closed", "sg-09ccba6656672061b"),
    ("public", "198.51.100.7", "i-06669a407b2ef3ae5", 22, "tcp", "open", "rtb-0489000c9e6c299e8"),
    ("public", "10.0.0.5", "i-06669a407b2ef3ae5", 22, "tcp", "open", "sg-09ccba6656672061b"),
    ("public", "10.9.9.9", "i-06669a407b2ef3ae5", 22, "tcp", "closed", "rtb-0489000c9e6c299e8"),
    ("public", "i-06669a407b2ef3ae5", "internet", 443, "tcp", "open", "rtb-0489000c9e6c299e8"),
    ("public", "internet", "subnet-0bb82ae8b3ea5dc78", 22, "tcp", "open", "sg-09ccba6656672061b"),
    # The private subnet has no table of its own: the main one leads to a VPN gateway, and the machine has no address.
    ("mixed", "internet", "i-094a9e5b545a4fde4", 22, "tcp", "open", "rtb-0d20fcae075afe460"),
    ("mixed", "internet", "i-099cf38911942421c", 22, "tcp", "closed", "rtb-002f0eabf583bf991"),
    ("mixed", "i-094a9e5b545a4fde4", "i-099cf38911942421c", 22, "tcp", "open", "sg-063f2bb51713c3236"),
    ("mixed", "i-094a9e5b545a4fde4", "i-099cf38911942421c", 23, "tcp", "closed", "sg-063f2bb51713c3236"),
    ("mixed", "192.168.7.7", "i-099cf38911942421c", 22, "tcp", "unknown", "vgw-070087240d6fa2989"),
    ("mixed", "i-099cf38911942421c", "internet", 443, "tcp", "closed", "rtb-002f0eabf583bf991"),
    # A NAT gateway lets out and not in; a subnet on the main table without a default route gets nowhere.
    ("nat", "internet", "i-0b31b509174d7f5de", 22, "tcp", "open", "rtb-0ddf14681733ed0b7"),
    ("nat", "internet", "i-0a128d26e59be60f3", 22, "tcp", "closed", "rtb-02fe228b42de92a7c"),
    ("nat", "i-0a128d26e59be60f3", "internet", 443, "tcp", "open", "rtb-02fe228b42de92a7c"),
    ("nat", "i-0a73a1a6021c03ddb", "internet", 443, "tcp", "closed", "rtb-0e169c4a1e0b27b55"),
    ("nat", "i-0a128d26e59be60f3", "i-0a73a1a6021c03ddb", 22, "tcp", "open", "sg-0253af84ae6485905"),
    ("nat", "i-0a128d26e59be60f3", "i-0a73a1a6021c03ddb", 443, "tcp", "closed", "sg-0253af84ae6485905"),
    ("nat", "internet", "i-0b31b509174d7f5de", None, "icmp", "open", "sg-0253af84ae6485905"),
    # The interface of the NAT gateway itself wears no group.
    ("nat", "internet", "eni-017aaec115610308a", 22, "tcp", "closed", "no security group"),
    # Peerings A-B and A-C. B and C have no way to each other through A, and have the same range.
    ("peering", "i-06ba034d88c84ef07", "i-0b14080af811fda3d", 22, "tcp", "open", "pcx-0b89b559e3319d6cf"),
    ("peering", "i-06ba034d88c84ef07", "i-04a292ff83b3aa833", 22, "tcp", "open", "pcx-0d5b836985ac8ca8c"),
    ("peering", "i-0b14080af811fda3d", "i-06ba034d88c84ef07", 22, "tcp", "open", "pcx-0b89b559e3319d6cf"),
    ("peering", "i-0b14080af811fda3d", "i-04a292ff83b3aa833", 22, "tcp", "closed", "nothing connects"),
    ("peering", "i-06ba034d88c84ef07", "i-0b14080af811fda3d", 80, "tcp", "closed", "sg-065c26b39e45ae384"),
    ("peering", "internet", "i-0b14080af811fda3d", 22, "tcp", "closed", "blackhole"),
    # One default table of a transit gateway with both VPCs in it; only one of them leads to the internet.
    ("transit", "internet", "i-0b14080af811fda3d", 22, "tcp", "open", "igw-0a4895a3c58cac8cb"),
    ("transit", "internet", "i-06ba034d88c84ef07", 22, "tcp", "closed", "rtb-0891861fffaea6d52"),
    # A VPN gateway is no door for the internet; what is behind it is not read.
    ("vpn", "internet", "i-099cf38911942421c", 22, "tcp", "closed", "rtb-0d20fcae075afe460"),
    ("vpn", "172.20.0.1", "i-099cf38911942421c", 22, "tcp", "unknown", "vgw-0c09bd7fadac961bf"),
    ("vpn", "172.20.0.1", "i-099cf38911942421c", 80, "tcp", "closed", "sg-063f2bb51713c3236"),
    # One subnet without any door: machines in it reach each other.
    ("subnet", "internet", "subnet-06c8307e34ffadb04", None, "tcp", "closed", "rtb-07243bb4843d61c35"),
    ("subnet", "i-08ef86e76fceabd8d", "i-07519d6ba3f9497e4", 22, "tcp", "open", "sg-02566e413c0030c70"),
    ("subnet", "i-08ef86e76fceabd8d", "internet", 443, "tcp", "closed", "rtb-07243bb4843d61c35"),
    # An interface end point for one service.
    ("endpoint", "i-0eb6eb395a0d09117", "vpce-083c683a6be29b889", 443, "tcp", "open", "sg-0973207c61f3466e1"),
    ("endpoint", "i-0eb6eb395a0d09117", "vpce-083c683a6be29b889", 22, "tcp", "closed", "does not listen"),
    ("endpoint", "internet", "vpce-083c683a6be29b889", 443, "tcp", "closed", "no public address"),
    ("endpoint", "internet", "i-0eb6eb395a0d09117", 443, "tcp", "open", "acl-011135a03c2212fe9"),
    ("endpoint", "internet", "i-0a0fbd0cfa774970f", 443, "tcp", "closed", "no public address"),
    # Direct Connect through a VPN gateway.
    ("direct", "10.99.0.1", "i-priv01", 22, "tcp", "unknown", "vgw-priv01"),
    ("direct", "internet", "i-priv01", 22, "tcp", "closed", "no public address"),
    # SSH is open to all beside four named addresses, everything else to the VPC alone; no machine has an address.
    ("hybrid", "i-0b26ec095feb42260", "i-075dc46a9bc347264", 8080, "tcp", "open", "sg-331ad04e"),
    ("hybrid", "internet", "i-075dc46a9bc347264", 22, "tcp", "closed", "no public address"),
]


@pytest.mark.parametrize(("network", "source", "target", "port", "protocol", "decision", "because"), QUESTIONS)
def test_a_recorded_network_answers_as_worked_out_by_hand(network, source, target, port, protocol, decision, because):
    found = ask(network, source, target, port, protocol)

    assert found.decision == decision, found
    assert because in " ".join(f"{reason.text} {reason.source}" for reason in found.because)


def test_every_port_that_gets_through_is_told():
    assert str(ask("endpoint", "internet", "i-0eb6eb395a0d09117").ports) == "22, 443"
    assert str(ask("endpoint", "internet", "i-0eb6eb395a0d09117", protocol="udp").ports) == "33434-33534"


def test_a_machine_behind_a_balancer_that_was_not_listed_is_unknown():
    inventory = recorded.inventory(*PLACES["mixed"])
    private = end("mixed", "i-099cf38911942421c")

    assert reach(World(inventory), the_internet(), private, PortSet.of(22)).decision == "unknown"
    assert reach(World(inventory), the_internet(), private, PortSet.of(80)).decision == "closed"


@pytest.mark.parametrize(
    ("network", "source", "target", "decision"),
    [
        ("transit", "i-0b14080af811fda3d", "i-06ba034d88c84ef07", "open"),
        # Each VPC is in the table of the other.
        ("tables", "i-0b14080af811fda3d", "i-06ba034d88c84ef07", "open"),
        # There over one gateway, back over the other; each has the route that it needs.
        ("asymmetric", "i-04bbbcaefdd1937f9", "i-0973ce90749865a7f", "open"),
    ],
)
def test_a_transit_gateway_is_followed_where_its_tables_are_at_hand(network, source, target, decision):
    places = PLACES[network]
    extra = Extra(transit_tables=recorded.transit_tables(*(folder for folder, _, _ in places)))
    inventory = recorded.inventory(*places, without=(LoadBalancer.KIND, "AWS::EC2::VPCPeeringConnection"))

    found = reach(World(inventory, extra=extra), end(network, source), end(network, target), PortSet.of(22))

    assert found.decision == decision, found


def test_a_transit_gateway_whose_tables_are_not_read_is_unknown():
    inventory = recorded.inventory(*PLACES["transit"], without=(LoadBalancer.KIND, "AWS::EC2::VPCPeeringConnection"))
    source, target = end("transit", "i-0b14080af811fda3d"), end("transit", "i-06ba034d88c84ef07")

    assert reach(World(inventory), source, target, PortSet.of(22)).decision == "unknown"
    assert reach(World(inventory), source, target, PortSet.of(80)).decision == "closed"


def test_an_acl_that_was_not_recorded_matters_only_where_the_groups_let_in():
    source, target = "i-07ae69cc808e8804e", "i-066ce0b1efbb5602c"

    found = ask("two accounts", source, target, 22)

    assert found.decision == "unknown"
    assert {gap.input for gap in found.unread} == {"AWS::EC2::NetworkAcl"}
    assert ask("two accounts", source, target, 80).decision == "closed"


def test_an_internal_balancer_leads_neighbours_to_its_targets():
    inventory = world("balancer").inventory
    (balancer,) = inventory.of(LoadBalancer, OWN)

    assert reach(world("balancer"), the_internet(), balancer).decision == "closed"
    assert str(reach(world("balancer"), end("balancer", "i-0c8ce8bbdd98cc4e8"), balancer).ports) == "80"
    target = end("balancer", "i-0f4af951d61a19245")
    assert reach(world("balancer", is_all=True), the_internet(), target).decision == "closed"
