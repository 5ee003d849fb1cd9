"""What single security groups let in from the internet."""

import pytest
from msgspec import structs

from poise.model import NotCollected, replace
from poise.model.inventory import ListInventory
from poise.model.samples.aws_vpc import ANYWHERE_V4, ANYWHERE_V6
from poise.model.samples.aws_vpc_rules import PREFIX_LIST, SECURITY_GROUP, prefix_rule, rule
from poise.policy.aws import groups

SSH = (22, 22)
SCOPE = SECURITY_GROUP.scope
HALVES = tuple(structs.replace(PREFIX_LIST.entries[0], cidr=cidr) for cidr in ("0.0.0.0/1", "128.0.0.0/1"))
EVERYONE_LIST = replace(PREFIX_LIST, entries=HALVES)
LIST_OF_AWS = "arn:aws:ec2:eu-west-1:111122223333:prefix-list/pl-3b927c52"
UNLISTED = ListInventory((), {("AWS::EC2::PrefixList", SCOPE): "denied"})


def test_prefix_list_with_the_internet_in_it_opens_a_group():
    group = replace(SECURITY_GROUP, ingress=(prefix_rule(EVERYONE_LIST.id),))

    assert groups.group_ports(group, (22,), ListInventory((EVERYONE_LIST,))) == (22,)


def test_prefix_list_of_aws_opens_nothing():
    group = replace(SECURITY_GROUP, ingress=(prefix_rule(LIST_OF_AWS),))

    assert groups.group_ports(group, (22,), ListInventory(())) == ()


def test_prefix_list_that_was_not_read_matters_only_for_a_port_that_is_asked():
    group = replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id, (443, 443)),))
    unlisted = ListInventory((), {("AWS::EC2::PrefixList", SCOPE): "denied"})

    with pytest.raises(NotCollected):
        groups.group_ports(group, (443,), unlisted)


def test_ports_beside_others_are_told_as_ranges():
    opened = groups.group_opens(
        replace(SECURITY_GROUP, ingress=(rule(ports=(20, 25), v4=(ANYWHERE_V4,)), rule("17", SSH, v6=(ANYWHERE_V6,)))),
        ListInventory(()),
    )

    assert groups.open_beside(opened, (80, 443), (22,)) == ["tcp 20-21, 23-25", "udp 22"]


def test_evidence_tells_the_rules_that_open_a_port():
    group = replace(
        SECURITY_GROUP,
        ingress=(
            rule("6", SSH, v4=("0.0.0.0/1",)),
            rule("-1", None, v4=("128.0.0.0/1",), v6=(ANYWHERE_V6,)),
            rule(ports=SSH, v4=("10.0.0.0/8",)),
            rule(ports=(443, 443), v4=(ANYWHERE_V4,)),
        ),
    )

    assert groups.rule_texts(group, (22,)) == [
        "tcp 22 from 0.0.0.0/1",
        "all protocols all ports from 128.0.0.0/1, ::/0",
    ]


def test_everything_open_needs_no_prefix_list():
    group = replace(SECURITY_GROUP, ingress=(rule("-1", None, v4=(ANYWHERE_V4,)), prefix_rule(PREFIX_LIST.id)))

    assert groups.opens_everything(groups.group_opens(group, UNLISTED))


def test_port_zero_is_not_needed_for_everything():
    group = replace(SECURITY_GROUP, ingress=(rule(ports=(1, 65535), v6=(ANYWHERE_V6,)),))

    assert groups.opens_everything(groups.group_opens(group, UNLISTED))


def test_private_part_of_a_range_is_not_counted():
    group = replace(SECURITY_GROUP, ingress=(rule(v4=("172.16.0.0/11", "10.0.0.0/7", "192.168.0.0/16")),))

    assert groups.wide_sources(group, 2**20, ListInventory(())) == ["10.0.0.0/7"]
