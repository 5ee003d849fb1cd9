"""Reach by classes equals reach pair by pair, and filters only ever close."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from poise.model import replace
from poise.model.inventory import ListInventory
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_vpc import (
    GATEWAY,
    HERE,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET,
    PRIVATE_SUBNET_ID,
    PUBLIC_ROUTE_TABLE,
    PUBLIC_SUBNET,
    PUBLIC_SUBNET_ID,
    VPC,
)
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, acl_entry, group_rule, rule
from poise.policy.aws.reach import exposures
from poise.policy.aws.reach_classes import classes_of, edges
from poise.policy.aws.reachability import reach
from poise.policy.aws.reaching.places import spot_of
from poise.policy.aws.reaching.world import World
from poise.policy.intervals import PortSet
from poise.policy.reach import the_internet

IDS = [f"{HERE}:security-group/sg-{name}" for name in "abc"]
SUBNETS = (PUBLIC_SUBNET_ID, PRIVATE_SUBNET_ID)
AROUND = (VPC, PUBLIC_SUBNET, PRIVATE_SUBNET, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, GATEWAY)
RANGES = ("10.20.0.0/16", "10.20.1.0/24", "10.20.1.4/31", "10.20.2.0/24", "0.0.0.0/0", "198.51.100.0/24")
PORTS = ((22, 22), (80, 90), (0, 65535))

rules = st.one_of(
    st.builds(lambda port, cidr: rule(ports=port, v4=(cidr,)), st.sampled_from(PORTS), st.sampled_from(RANGES)),
    st.builds(group_rule, st.sampled_from(IDS)),
)
entries = st.builds(
    lambda number, action, ports, cidr, out: structs.replace(acl_entry(number, action, ports, cidr), egress=out),
    st.integers(1, 50),
    st.sampled_from(("allow", "deny")),
    st.sampled_from((None, *PORTS)),
    st.sampled_from(RANGES),
    st.booleans(),
)
worn = st.lists(st.sampled_from(IDS), max_size=2, unique=True).map(tuple)


@st.composite
def networks(draw):
    """One VPC with two subnets, three groups, an ACL, and up to five interfaces."""
    groups = [
        replace(
            SECURITY_GROUP,
            id=id,
            ingress=tuple(draw(st.lists(rules, max_size=3))),
            egress=tuple(draw(st.lists(rules, min_size=1, max_size=2))),
        )
        for id in IDS
    ]
    acl = replace(OPEN_ACL, subnets=SUBNETS, entries=(*draw(st.lists(entries, max_size=3)), *OPEN_ACL.entries))
    cards = [
        replace(
            INTERFACE,
            id=f"{HERE}:network-interface/eni-{at}",
            subnet=SUBNETS[at % 2],
            private_ips=(f"10.20.{at % 2 + 1}.{at + 4}",),
            security_groups=draw(worn),
        )
        for at in range(draw(st.integers(2, 5)))
    ]
    return groups, acl, cards


def world(groups, acl):
    return World(ListInventory((*AROUND, *groups, acl)))


@settings(max_examples=60, deadline=None)
@given(networks())
def test_classes_equal_pairs(network):
    groups, acl, cards = network
    here = world(groups, acl)
    classes = classes_of(cards)
    found = {(edge.source, edge.target): edge for edge in edges(here, classes)}

    for source, target in product(cards, cards):
        if source is target:
            continue
        one, other = spot_of(source), spot_of(target)
        edge = found.get((one.place, other.place))
        by_class = PortSet() if edge is None else edge.ports(one.addresses, other.addresses)
        way = _private(here, source, target)
        assert by_class == (way.ports if way.is_open else PortSet())


def _private(here, source, target):
    """The private way alone: the slow one, interface by interface."""
    hidden = [replace(card, public_ips=()) for card in (source, target)]
    return reach(here, *hidden)


@settings(max_examples=60, deadline=None)
@given(networks(), entries)
def test_a_denial_before_all_rules_never_opens(network, entry):
    groups, acl, cards = network
    denial = structs.replace(entry, number=0, action="deny")
    narrower = replace(acl, entries=(denial, *acl.entries))

    for card in cards:
        before, after = (reach(world(groups, one), the_internet(), card) for one in (acl, narrower))
        assert before.ports.covers(after.ports) or not after.is_open


@settings(max_examples=60, deadline=None)
@given(networks(), st.sampled_from(IDS))
def test_removing_a_rule_of_a_group_never_opens(network, id):
    groups, acl, cards = network
    fewer = [replace(group, ingress=group.ingress[1:]) if group.id == id else group for group in groups]

    for card in cards:
        before, after = (reach(world(some, acl), the_internet(), card) for some in (groups, fewer))
        assert not after.is_open or (before.is_open and before.ports.covers(after.ports))


@settings(max_examples=40, deadline=None)
@given(networks(), st.sampled_from(IDS))
def test_what_was_not_read_never_turns_an_answer_round(network, id):
    groups, acl, cards = network
    unread = [replace(group, unread={"ingress": "denied"}) if group.id == id else group for group in groups]

    for card in cards:
        whole, part = (reach(world(some, acl), the_internet(), card) for some in (groups, unread))
        assert part.decision in (whole.decision, "unknown")


@settings(max_examples=60, deadline=None)
@given(networks())
def test_what_checks_call_exposed_is_reached(network):
    groups, acl, cards = network
    here = world(groups, acl)

    for card in cards:
        inventory = ListInventory((*AROUND, *groups, acl, card))
        machine = replace(INSTANCE, interfaces=(card.id,))
        for exposed in exposures(machine, (22, 85), inventory):
            assert all(port in reach(here, the_internet(), card).ports for port in exposed.ports)
