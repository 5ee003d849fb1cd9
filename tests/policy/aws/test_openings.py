"""How far machines, databases and balancers are open: by the whole internet, by some of it, or not."""

import pytest

from poise.model import NotCollected, replace
from poise.model.inventory import ListInventory
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import LOAD_BALANCER, NETWORK_BALANCER
from poise.model.samples.aws_rds import RDS_INSTANCE
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    PRIVATE_ROUTE_TABLE,
    PUBLIC_ROUTE_TABLE,
)
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, acl_entry, rule
from poise.policy.answer import Level
from poise.policy.aws.openings import balancer_openness, database_openness, machine_openness

SOME_OF_IT = "8.8.8.0/24"


def group(*cidrs, ports=(8080, 8090), **changes):
    return replace(SECURITY_GROUP, ingress=(rule(ports=ports, v4=cidrs),), **changes)


def around(found, *others):
    return ListInventory((INTERFACE, found, PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE, *(others or (OPEN_ACL,))))


@pytest.mark.parametrize(
    ("cidrs", "level"),
    [
        ((ANYWHERE_V4,), Level.PUBLIC),
        (("0.0.0.0/1", "128.0.0.0/1"), Level.PUBLIC),
        ((SOME_OF_IT,), Level.RESTRICTED),
        (("10.0.0.0/8",), Level.PRIVATE),
        ((), Level.PRIVATE),
    ],
)
def test_a_machine_is_open_at_whatever_port_its_groups_open(cidrs, level):
    assert machine_openness(INSTANCE, around(group(*cidrs))).level is level


def test_the_sentence_names_the_port():
    (reason,) = machine_openness(INSTANCE, around(group(ANYWHERE_V4, ports=(22, 22)))).because

    assert reason.text == "the whole internet reaches it at port 22 (SSH)"


def test_an_acl_that_opens_only_the_middle_of_a_range_is_found_out():
    acl = replace(
        OPEN_ACL, entries=(acl_entry(80, "deny", (8080, 8084)), acl_entry(85, "deny", (8086, 8090)), *OPEN_ACL.entries)
    )
    found = machine_openness(INSTANCE, around(group(ANYWHERE_V4), acl))

    assert found.level is Level.PUBLIC
    assert "8085" in found.because[0].text


def test_without_a_public_address_or_a_route_nothing_reaches_it():
    bare = replace(INTERFACE, public_ips=(), ipv6_addresses=())
    closed = ListInventory((bare, group(ANYWHERE_V4)))
    assert machine_openness(INSTANCE, closed).level is Level.PRIVATE

    unrouted = replace(PUBLIC_ROUTE_TABLE, routes=())
    for cidr in (ANYWHERE_V4, SOME_OF_IT):
        nowhere = ListInventory((INTERFACE, group(cidr), unrouted, PRIVATE_ROUTE_TABLE, OPEN_ACL))
        assert machine_openness(INSTANCE, nowhere).level is Level.PRIVATE


def test_what_was_not_read_is_not_closed():
    for missing in ("AWS::EC2::SecurityGroup", "AWS::EC2::NetworkInterface"):
        inventory = ListInventory((), {(missing, INSTANCE.scope): "AccessDenied"})
        with pytest.raises(NotCollected):
            machine_openness(INSTANCE, inventory)


OPEN_DATABASE = replace(
    RDS_INSTANCE, publicly_accessible=True, port=5432, security_groups=(SECURITY_GROUP.id,), scope=SECURITY_GROUP.scope
)


@pytest.mark.parametrize(
    ("database", "cidr", "level"),
    [
        (OPEN_DATABASE, ANYWHERE_V4, Level.PUBLIC),
        (OPEN_DATABASE, SOME_OF_IT, Level.RESTRICTED),
        (OPEN_DATABASE, "10.0.0.0/8", Level.PRIVATE),
        (replace(OPEN_DATABASE, port=3306), ANYWHERE_V4, Level.PRIVATE),
        (replace(OPEN_DATABASE, publicly_accessible=False), ANYWHERE_V4, Level.PRIVATE),
    ],
)
def test_a_database_needs_the_flag_and_a_group(database, cidr, level):
    inventory = ListInventory((group(cidr, ports=(5432, 5432)),))

    assert database_openness(database, inventory).level is level


def test_a_database_without_a_port_or_with_an_unread_flag_is_not_closed():
    with pytest.raises(NotCollected):
        database_openness(replace(OPEN_DATABASE, port=None), ListInventory())
    with pytest.raises(NotCollected):
        database_openness(replace(OPEN_DATABASE, unread={"publicly_accessible": "denied"}), ListInventory())


FACING = replace(
    LOAD_BALANCER, scheme="internet-facing", security_groups=(SECURITY_GROUP.id,), scope=SECURITY_GROUP.scope
)


@pytest.mark.parametrize(
    ("balancer", "cidr", "level"),
    [
        (FACING, ANYWHERE_V4, Level.PUBLIC),
        (FACING, SOME_OF_IT, Level.RESTRICTED),
        (replace(FACING, scheme="internal"), ANYWHERE_V4, Level.PRIVATE),
        (replace(FACING, listeners=()), ANYWHERE_V4, Level.PRIVATE),
        (replace(NETWORK_BALANCER, scheme="internet-facing", security_groups=()), ANYWHERE_V4, Level.PUBLIC),
    ],
)
def test_a_balancer_faces_the_internet_through_its_groups(balancer, cidr, level):
    inventory = ListInventory((group(cidr, ports=(1, 65535)),))

    assert balancer_openness(balancer, inventory).level is level
