"""Whether anything uses a security group."""

from __future__ import annotations

from contextlib import suppress

from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.elb import ClassicLoadBalancer, LoadBalancer
from poise.model.aws.rds import RdsCluster, RdsInstance
from poise.model.aws.vpc import VpcEndpoint
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory

Wearer = type[Ec2Instance | LoadBalancer | ClassicLoadBalancer | VpcEndpoint | RdsInstance | RdsCluster]
WEARERS: tuple[Wearer, ...] = (Ec2Instance, LoadBalancer, ClassicLoadBalancer, VpcEndpoint, RdsInstance, RdsCluster)
"""What wears groups besides interfaces. Each has interfaces, but an export may lack those."""


def is_used(group: SecurityGroup, inventory: Inventory) -> bool:
    """Say whether an interface wears the group, or a rule of another group of its VPC names it.

    Raises NotCollected if a listing that could tell was not read, and no other tells that it is used.
    """
    if any(_is_listed(group, kind, inventory) for kind in WEARERS):
        return True
    gap: NotCollected | None = None
    for tells in (_is_worn, _is_named):
        try:
            if tells(group, inventory):
                return True
        except NotCollected as missing:
            gap = missing
    if gap is not None:
        raise gap
    return False


def _is_worn(group: SecurityGroup, inventory: Inventory) -> bool:
    return any(group.id in one.security_groups for one in inventory.of(NetworkInterface, group.scope, vpc=group.vpc))


def _is_named(group: SecurityGroup, inventory: Inventory) -> bool:
    others = (one for one in inventory.of(SecurityGroup, group.scope, vpc=group.vpc) if one.id != group.id)
    return any(group.id in rule.groups for one in others for rule in (*one.ingress, *one.egress))


def _is_listed(group: SecurityGroup, kind: Wearer, inventory: Inventory) -> bool:
    """Look at one kind of wearer; what was not read of it tells nothing, as its interfaces decide."""
    with suppress(NotCollected):
        found = inventory.of(kind, group.scope)
        return any("security_groups" not in one.unread and group.id in one.security_groups for one in found)
    return False
