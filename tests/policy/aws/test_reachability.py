"""Reach in AWS, case by case; among them what users of other tools reported as wrong."""

import pytest
from msgspec import structs

from poise.model import replace
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.vpc import PeeringSide, Route
from poise.model.errors import BadInput
from poise.model.inventory import ListInventory
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import CLASSIC_BALANCER, LOAD_BALANCER
from poise.model.samples.aws_rds import RDS_INSTANCE
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    ANYWHERE_V6,
    GATEWAY,
    INTERNET_GATEWAY,
    LOCAL_ROUTE,
    NAT_GATEWAY,
    PEERING,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET,
    PRIVATE_SUBNET_ID,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET,
    VPC,
    VPC_ID,
)
from poise.model.samples.aws_vpc_rules import (
    OPEN_ACL,
    PREFIX_LIST,
    SECURITY_GROUP,
    acl_entry,
    group_rule,
    prefix_rule,
    rule,
)
from poise.policy.aws.reachability import reach
from poise.policy.aws.reaching.world import Extra, Target, TargetGroup, World
from poise.policy.intervals import IpSet, PortSet
from poise.policy.reach import Networks, the_internet

SCOPE = INTERFACE.scope
SSH = (22, 22)
GROUP = replace(
    SECURITY_GROUP, ingress=(rule(ports=SSH, v4=(ANYWHERE_V4,)),), egress=(rule("-1", None, (ANYWHERE_V4,)),)
)
AROUND = (VPC, PUBLIC_SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, GATEWAY, NAT_GATEWAY, OPEN_ACL)
HIDDEN = replace(
    INTERFACE,
    id=f"{INTERFACE.id}ff",
    subnet=PRIVATE_SUBNET_ID,
    public_ips=(),
    private_ips=("10.20.2.9",),
    security_groups=(GROUP.id,),
)
CARD = replace(INTERFACE, security_groups=(GROUP.id,))


def world(*changed, protocol="tcp", incomplete=None, extra=None):
    """A network with one public machine; what is given takes the place of what has its id."""
    assets = {one.id: one for one in (*AROUND, GROUP, CARD, HIDDEN, INSTANCE)}
    assets |= {one.id: one for one in changed}
    gaps = {(kind, SCOPE): why for kind, why in (incomplete or {}).items()}
    return World(ListInventory(assets.values(), gaps), protocol, extra)


def group(*rules, **changes):
    return replace(GROUP, ingress=rules, **changes)


def acl(*entries):
    return replace(OPEN_ACL, entries=(*entries, *OPEN_ACL.entries))


def table(*routes):
    return replace(PUBLIC_ROUTE_TABLE, routes=(LOCAL_ROUTE, *routes))


def route(destination, target, state="active"):
    return Route(destination=destination, target=target, state=state, origin="CreateRoute")


def decided(*changed, port=22, target=CARD, **more):
    here = world(*changed, **more)
    ports = PortSet.every() if port is None else PortSet.of(port)
    found = next(one for one in changed if one.id == target.id) if target.id in {c.id for c in changed} else target
    return reach(here, the_internet(), found, ports).decision.value


def words(found):
    return " ".join(f"{reason.text} {reason.source}" for reason in found.because)


@pytest.mark.parametrize(
    ("changed", "port", "expected"),
    [
        # The lowest number wins.
        (acl(acl_entry(90, "deny", SSH)), 22, "closed"),
        (acl(acl_entry(90, "deny", (80, 80))), 22, "open"),
        (acl(acl_entry(90, "deny", SSH), acl_entry(80, "allow", SSH)), 22, "open"),
        # A named range of a content network is not the internet.
        (group(rule(v4=("198.51.100.0/22",))), 443, "closed"),
        (group(rule(v4=("104.16.0.0/13",))), 443, "closed"),
        # Two halves are; so is one beside a private range.
        (group(rule(ports=SSH, v4=("0.0.0.0/1",)), rule(ports=SSH, v4=("128.0.0.0/1",))), 22, "open"),
        (group(rule(ports=SSH, v4=("10.0.0.0/8", "192.168.0.0/16"))), 22, "closed"),
        # Ranges of ports, protocols by number, all protocols.
        (group(rule(ports=(20, 25), v4=(ANYWHERE_V4,))), 22, "open"),
        (group(rule("udp", SSH, (ANYWHERE_V4,))), 22, "closed"),
        (group(rule("6", SSH, (ANYWHERE_V4,))), 22, "open"),
        (group(rule("-1", None, (ANYWHERE_V4,))), 22, "open"),
        (group(rule("icmp", (-1, -1), (ANYWHERE_V4,))), 22, "closed"),
        # All protocols to itself is nobody from outside.
        (group(group_rule(GROUP.id)), 22, "closed"),
        # A rule for IPv6 alone does not reach an address of IPv4.
        (group(rule(ports=(20, 25), v6=(ANYWHERE_V6,))), 22, "closed"),
        # Routes: none, dropped, a NAT gateway (out alone), half of the internet.
        (table(), 22, "closed"),
        (table(route(ANYWHERE_V4, INTERNET_GATEWAY, "blackhole")), 22, "closed"),
        (table(route(ANYWHERE_V4, "nat-0a000000000000001")), 22, "closed"),
        (table(route(ANYWHERE_V4, INTERNET_GATEWAY), route("0.0.0.0/0", "vgw-1")), 22, "open"),
        (table(route("0.0.0.0/1", INTERNET_GATEWAY), route("0.0.0.0/2", "vgw-1")), 22, "open"),
        # An appliance on the way passes on what it likes.
        (table(route(ANYWHERE_V4, "vpce-0a000000000000001")), 22, "unknown"),
        # No gateway is attached.
        (replace(GATEWAY, vpcs=()), 22, "closed"),
        # No public address: a permissive group alone exposes nothing.
        (replace(CARD, public_ips=()), 22, "closed"),
        # Blocked in the VPC, and excluded from that (VPC User Guide, "Block public access to VPCs and subnets").
        (replace(PUBLIC_SUBNET, internet_block="block-bidirectional"), 22, "closed"),
        (replace(PUBLIC_SUBNET, internet_block="block-ingress"), 22, "closed"),
        (replace(PUBLIC_SUBNET, internet_block="block-ingress", internet_exclusion="allow-bidirectional"), 22, "open"),
        (replace(PUBLIC_SUBNET, internet_block="block-bidirectional", internet_exclusion="allow-egress"), 22, "closed"),
        (
            replace(PUBLIC_SUBNET, internet_block="block-ingress", unread={"internet_exclusion": "denied"}),
            22,
            "unknown",
        ),
        (replace(PUBLIC_SUBNET, internet_block="block-ingress"), 80, "closed"),
    ],
)
def test_each_thing_on_the_way_decides(changed, port, expected):
    assert decided(changed, port=port) == expected


def test_a_machine_with_ipv6_is_reached_through_a_route_for_it():
    card = replace(CARD, public_ips=(), ipv6_addresses=("2600:1f18::9",))
    opened = group(rule(ports=(20, 25), v6=(ANYWHERE_V6,)))
    both = acl(
        structs.replace(acl_entry(70, "allow", None), cidr=ANYWHERE_V6, protocol="-1"),
        structs.replace(acl_entry(70, "allow", None), cidr=ANYWHERE_V6, protocol="-1", egress=True),
    )

    assert decided(card, opened, both, table(route(ANYWHERE_V6, INTERNET_GATEWAY))) == "open"
    assert decided(card, opened, both, table(route(ANYWHERE_V6, "eigw-1"))) == "closed"
    assert decided(card, opened, both, table(route(ANYWHERE_V4, INTERNET_GATEWAY))) == "closed"


def test_answers_have_to_get_out_through_the_acl():
    no_answers = replace(OPEN_ACL, entries=tuple(one for one in OPEN_ACL.entries if not one.egress))
    web_alone = replace(
        no_answers, entries=(*no_answers.entries, structs.replace(acl_entry(1, "allow", (80, 443)), egress=True))
    )
    ephemeral = replace(
        no_answers, entries=(*no_answers.entries, structs.replace(acl_entry(1, "allow", (32768, 60999)), egress=True))
    )

    assert decided(no_answers) == "closed"
    assert decided(web_alone) == "closed"
    assert decided(ephemeral) == "open"


@pytest.mark.parametrize("kind", ["AWS::EC2::RouteTable", "AWS::EC2::NetworkAcl", "AWS::EC2::Subnet"])
def test_a_listing_that_is_not_complete_is_unknown_unless_the_group_closes(kind):
    missing = {
        "AWS::EC2::RouteTable": (PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE),
        "AWS::EC2::NetworkAcl": (OPEN_ACL,),
        "AWS::EC2::Subnet": (PUBLIC_SUBNET, PRIVATE_SUBNET),
    }[kind]
    left = [one for one in (*AROUND, GROUP, CARD, INSTANCE) if one not in missing]
    shut = [group() if one.id == GROUP.id else one for one in left]

    for assets, expected in ((left, "unknown"), (shut, "closed")):
        found = reach(World(ListInventory(assets, {(kind, SCOPE): "denied"})), the_internet(), CARD, PortSet.of(22))
        assert found.decision == expected


def test_an_acl_that_denies_all_closes_whatever_was_not_read_of_the_groups():
    unread = replace(GROUP, unread={"ingress": "denied"})

    assert decided(unread) == "unknown"
    assert decided(unread, acl(acl_entry(1, "deny", None))) == "closed"


def test_a_prefix_list_counts_by_its_ranges():
    halves = tuple(structs.replace(PREFIX_LIST.entries[0], cidr=cidr) for cidr in ("0.0.0.0/1", "128.0.0.0/1"))
    everyone = replace(PREFIX_LIST, entries=halves)

    assert decided(group(prefix_rule(PREFIX_LIST.id)), everyone) == "open"
    assert decided(group(prefix_rule(PREFIX_LIST.id)), PREFIX_LIST) == "closed"
    assert decided(group(prefix_rule(PREFIX_LIST.id)), incomplete={PREFIX_LIST.KIND: "denied"}) == "unknown"


def test_an_own_table_of_the_subnet_wins_over_the_main_one():
    main = replace(PRIVATE_ROUTE_TABLE, routes=PUBLIC_ROUTE_TABLE.routes)
    card = replace(HIDDEN, public_ips=("198.51.100.8",))
    own = replace(PRIVATE_ROUTE_TABLE, id=f"{PRIVATE_ROUTE_TABLE.id}ff", is_main=False, subnets=(PRIVATE_SUBNET_ID,))

    assert decided(main, card, target=card) == "open"
    assert decided(main, own, card, target=card) == "closed"


def test_a_database_is_reached_if_any_of_its_subnets_is_public():
    database = replace(
        RDS_INSTANCE,
        vpc=VPC_ID,
        subnets=(PRIVATE_SUBNET_ID, PUBLIC_SUBNET.id),
        security_groups=(GROUP.id,),
        publicly_accessible=True,
        port=5432,
    )
    opened = group(rule(ports=(5432, 5432), v4=(ANYWHERE_V4,)))

    assert decided(database, opened, port=None, target=database) == "open"
    private = replace(database, subnets=(PRIVATE_SUBNET_ID,))
    assert decided(private, opened, port=None, target=private) == "closed"
    hidden = replace(database, publicly_accessible=False)
    assert decided(hidden, opened, port=None, target=hidden) == "closed"
    assert decided(database, opened, port=3306, target=database) == "closed"


def test_neighbours_are_let_in_by_group_by_range_and_not_otherwise():
    by_group = group(group_rule(GROUP.id))
    ports = PortSet.of(22)

    assert reach(world(by_group), CARD, HIDDEN, ports).is_open
    assert reach(world(group(rule(ports=SSH, v4=("10.20.1.0/24",)))), CARD, HIDDEN, ports).is_open
    assert reach(world(group(rule(ports=SSH, v4=("10.20.9.0/24",)))), CARD, HIDDEN, ports).decision == "closed"
    shut_in = replace(by_group, egress=())
    assert reach(world(shut_in), CARD, HIDDEN, ports).decision == "closed"


def peered(region=None, routes=True):
    """A second VPC in another account, with one machine in it."""
    other, account = PEERING.accepter.vpc, PEERING.accepter.account
    there = f"arn:aws:ec2:eu-west-1:{account}"
    subnet = replace(PUBLIC_SUBNET, id=f"{there}:subnet/subnet-b", scope=account, vpc=other, cidr="10.30.1.0/24")
    back = route("10.20.0.0/16", "pcx-0a0000000000000001")
    local = structs.replace(LOCAL_ROUTE, destination="10.30.0.0/16")
    far = replace(
        PUBLIC_ROUTE_TABLE,
        id=f"{there}:route-table/rtb-b",
        scope=account,
        vpc=other,
        is_main=True,
        subnets=(),
        routes=(local, back) if routes else (local,),
    )
    filters = replace(OPEN_ACL, id=f"{there}:network-acl/acl-b", scope=account, vpc=other, subnets=(subnet.id,))
    named = replace(GROUP, id=f"{there}:security-group/sg-b", scope=account, vpc=other, ingress=(group_rule(GROUP.id),))
    card = replace(
        CARD,
        id=f"{there}:network-interface/eni-b",
        scope=account,
        vpc=other,
        subnet=subnet.id,
        private_ips=("10.30.1.5",),
        public_ips=(),
        security_groups=(named.id,),
    )
    side = PeeringSide(vpc=other, account=account, region=region or PEERING.accepter.region, cidrs=("10.30.0.0/16",))
    link = replace(PEERING, accepter=side)
    near = table(route("10.30.0.0/16", "pcx-0a0000000000000001"))
    return card, (subnet, far, filters, named, card, link, near)


def test_a_group_is_named_across_a_peering_in_one_region_alone():
    card, near = peered()
    _, abroad = peered(region="us-east-1")

    assert reach(world(*near), CARD, card, PortSet.of(22)).is_open
    assert reach(world(*abroad), CARD, card, PortSet.of(22)).decision == "closed"


def test_a_peering_needs_routes_on_both_sides():
    card, one_way = peered(routes=False)
    found = reach(world(*one_way), CARD, card, PortSet.of(22))

    assert found.decision == "closed"
    assert "rtb-b" in words(found)


def test_a_peering_that_is_not_active_connects_nothing():
    card, assets = peered()
    pending = tuple(replace(one, status="pending-acceptance") if type(one) is type(PEERING) else one for one in assets)

    assert reach(world(*pending), CARD, card, PortSet.of(22)).decision == "closed"


def test_two_networks_that_nothing_connects_meet_over_the_internet():
    card, assets = peered()
    subnet, far, filters, named, _, _, _ = assets
    gateway = route(ANYWHERE_V4, "igw-b")
    far = replace(far, routes=(far.routes[0], gateway))
    there = (subnet, far, filters, replace(card, public_ips=("198.51.100.20",)))
    target, ports = there[-1], PortSet.of(22)
    opened = replace(named, ingress=(rule(ports=SSH, v4=(ANYWHERE_V4,)),))

    for source in (CARD, HIDDEN):
        assert reach(world(*there, opened), source, target, ports).is_open
        assert reach(world(*there, replace(named, ingress=())), source, target, ports).decision == "closed"
    named_alone = replace(named, ingress=(rule(ports=SSH, v4=("8.8.8.0/24",)),))
    assert reach(world(*there, named_alone), HIDDEN, target, ports).decision == "unknown"


def test_a_machine_gets_out_by_its_address_or_by_nat():
    out = [reach(world(), card, the_internet(), PortSet.of(443)) for card in (CARD, HIDDEN)]

    assert [found.decision for found in out] == ["open", "open"]
    broken = replace(NAT_GATEWAY, state="failed")
    assert reach(world(broken), HIDDEN, the_internet(), PortSet.of(443)).decision == "closed"


BOTH, OUTWARD = "allow-bidirectional", "allow-egress"


@pytest.mark.parametrize(
    ("block", "private", "public", "by_nat", "by_address"),
    [
        # VPC User Guide, "VPC BPA basics": a NAT gateway needs an internet gateway, which *bidirectional* blocks;
        # *ingress-only* leaves NAT gateways alone, and blocks what machines send by their own addresses.
        ("off", None, None, "open", "open"),
        ("block-ingress", None, None, "open", "closed"),
        ("block-bidirectional", None, None, "closed", "closed"),
        ("block-bidirectional", BOTH, BOTH, "open", "open"),
        ("block-ingress", OUTWARD, OUTWARD, "open", "closed"),
        # Outward alone: NAT passes; whether a machine may send by its own address the guide does not say.
        ("block-bidirectional", OUTWARD, OUTWARD, "open", "unknown"),
        # The subnet of the machine and that of its NAT gateway differ: the guide does not say which decides.
        ("block-bidirectional", BOTH, None, "unknown", "closed"),
        ("block-bidirectional", None, BOTH, "unknown", "open"),
    ],
)
def test_what_leaves_passes_the_block_by_the_door_it_takes(block, private, public, by_nat, by_address):
    blocked = (
        replace(PRIVATE_SUBNET, internet_block=block, internet_exclusion=private),
        replace(PUBLIC_SUBNET, internet_block=block, internet_exclusion=public),
    )

    out = [reach(world(*blocked), card, the_internet(), PortSet.of(443)) for card in (HIDDEN, CARD)]

    assert [found.decision.value for found in out] == [by_nat, by_address]


FRONT = replace(
    CLASSIC_BALANCER,
    scheme="internet-facing",
    vpc=VPC_ID,
    subnets=(PUBLIC_SUBNET.id,),
    security_groups=(GROUP.id,),
    instances=(INSTANCE.id,),
)


def test_a_classic_balancer_leads_to_machines_without_addresses():
    listener = structs.replace(FRONT.listeners[0], port=443, protocol="TCP", instance_port=8080)
    balancer = replace(FRONT, listeners=(listener,))
    machine = replace(INSTANCE, interfaces=(HIDDEN.id,))
    opened = group(rule(ports=(443, 443), v4=(ANYWHERE_V4,)), rule(ports=(8080, 8080), v4=("10.20.1.0/24",)))

    found = reach(world(balancer, machine, opened), the_internet(), machine)
    assert (found.decision, str(found.ports)) == ("open", "8080")
    assert balancer.name in words(found)
    internal = replace(balancer, scheme="internal")
    assert reach(world(internal, machine, opened), the_internet(), machine).decision == "closed"
    shut = group(rule(ports=(443, 443), v4=(ANYWHERE_V4,)))
    assert reach(world(balancer, machine, shut), the_internet(), machine, PortSet.of(8080)).decision == "closed"


@pytest.mark.parametrize(
    ("keeps", "sources", "expected"),
    [
        (True, (ANYWHERE_V4,), "open"),
        (True, ("10.20.0.0/16",), "closed"),
        (False, ("10.20.0.0/16",), "open"),
    ],
)
def test_a_balancer_that_keeps_client_addresses_leaves_the_choice_to_the_group_behind(keeps, sources, expected):
    action = structs.replace(LOAD_BALANCER.listeners[0].default_actions[0], type="forward", target_groups=("tg",))
    listener = structs.replace(LOAD_BALANCER.listeners[0], port=80, protocol="TCP", default_actions=(action,))
    balancer = replace(
        LOAD_BALANCER,
        type="network",
        scheme="internet-facing",
        vpc=VPC_ID,
        subnets=(PUBLIC_SUBNET.id,),
        security_groups=(),
        listeners=(listener,),
        rules=(),
    )
    machine = replace(INSTANCE, interfaces=(HIDDEN.id,))
    target = Target(INSTANCE.id.rpartition("/")[2], 8080)
    extra = Extra(target_groups={"tg": TargetGroup("TCP", keeps, (target,))})
    opened = group(rule(ports=(8080, 8080), v4=sources))

    assert reach(world(balancer, machine, opened, extra=extra), the_internet(), machine).decision == expected
    assert reach(world(balancer, machine, opened), the_internet(), machine).decision == "unknown"


@pytest.mark.parametrize("kind", [LoadBalancer.KIND, ClassicLoadBalancer.KIND])
def test_a_balancer_that_was_not_listed_may_lead_to_what_the_group_lets_in(kind):
    neighbours = group(rule(ports=SSH, v4=("10.20.0.0/16",)))

    assert decided(HIDDEN, neighbours, target=HIDDEN, incomplete={kind: "denied"}) == "unknown"
    assert decided(HIDDEN, group(), target=HIDDEN, incomplete={kind: "denied"}) == "closed"
    assert decided(HIDDEN, neighbours, target=HIDDEN) == "closed"


def test_an_interface_of_a_balancer_without_groups_is_not_closed_for_that():
    node = replace(CARD, type="network_load_balancer", security_groups=())

    assert decided(node, target=node) == "unknown"
    assert decided(replace(node, public_ips=()), target=node) == "closed"
    assert decided(replace(node, type="nat_gateway"), target=node) == "closed"


def test_two_sets_of_addresses_are_no_question():
    with pytest.raises(BadInput, match="has to be an asset"):
        reach(world(), the_internet(), Networks(IpSet.from_cidrs(("10.0.0.0/8",))))


def test_hostile_rules_are_refused_in_time():
    many = tuple(rule(ports=(at, at), v4=(f"10.{at % 256}.{at // 256}.0/24",)) for at in range(6000))

    assert decided(group(*many, rule(ports=SSH, v4=(ANYWHERE_V4,)))) == "unknown"
