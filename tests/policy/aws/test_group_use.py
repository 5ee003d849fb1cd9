"""Who uses a security group."""

import pytest

from poise.model import NotCollected, replace
from poise.model.inventory import ListInventory
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import CLASSIC_BALANCER, LOAD_BALANCER
from poise.model.samples.aws_rds import RDS_CLUSTER, RDS_INSTANCE
from poise.model.samples.aws_vpc import VPC_ENDPOINT
from poise.model.samples.aws_vpc_rules import SECURITY_GROUP, group_rule
from poise.policy.aws.group_use import is_used

NAMER = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}ff", ingress=(), egress=(group_rule(SECURITY_GROUP.id),))


def used(*others, incomplete=()):
    unlisted = {(kind, SECURITY_GROUP.scope): "denied" for kind in incomplete}
    return is_used(SECURITY_GROUP, ListInventory((SECURITY_GROUP, *others), unlisted))


@pytest.mark.parametrize(
    "wearer",
    [INTERFACE, INSTANCE, LOAD_BALANCER, CLASSIC_BALANCER, VPC_ENDPOINT, RDS_INSTANCE, RDS_CLUSTER],
    ids=lambda wearer: type(wearer).__name__,
)
def test_whatever_wears_a_group_uses_it(wearer):
    assert used(replace(wearer, security_groups=(SECURITY_GROUP.id,)))
    assert not used(replace(wearer, security_groups=()))


def test_group_that_another_names_is_used_also_by_an_outgoing_rule():
    assert used(NAMER)


def test_naming_itself_is_no_use():
    own = replace(SECURITY_GROUP, ingress=(group_rule(SECURITY_GROUP.id),))

    assert not is_used(own, ListInventory((own,)))


def test_list_that_was_not_read_matters_only_where_no_other_tells():
    assert used(NAMER, incomplete=["AWS::EC2::NetworkInterface"])
    assert not used(incomplete=["AWS::EC2::Instance", "AWS::RDS::DBInstance"])
    with pytest.raises(NotCollected, match="denied"):
        used(incomplete=["AWS::EC2::NetworkInterface"])
