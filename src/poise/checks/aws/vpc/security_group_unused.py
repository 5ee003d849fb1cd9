"""Security groups that nothing wears and no rule names.

They are put on a machine by mistake later, with rules that nobody remembers. A group is in use if a network
interface of any service wears it, or a rule of another group names it.
"""

from collections.abc import Callable

from poise.model import (
    Check,
    Example,
    Fix,
    Inventory,
    NotCollected,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
)
from poise.model.aws.ec2 import NetworkInterface
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_ec2 import INTERFACE
from poise.model.samples.aws_vpc_rules import DEFAULT_GROUP, SECURITY_GROUP, group_rule

OTHER = replace(
    SECURITY_GROUP, id=f"{SECURITY_GROUP.id}ff", name="shop-database", ingress=(group_rule(SECURITY_GROUP.id),)
)
SERVICE = replace(INTERFACE, type="interface", requester_managed=True, instance=None)
LONELY = replace(
    SECURITY_GROUP, id=f"{SECURITY_GROUP.id}ee", name="lonely", ingress=(group_rule(f"{SECURITY_GROUP.id}ee"),)
)


def evaluate(group: SecurityGroup, inventory: Inventory) -> Verdict:
    if group.name == "default":
        return not_applicable("a default group cannot be deleted")
    if group.vpc is None:
        return not_applicable("outside of any VPC there are no interfaces to look at")
    gap: NotCollected | None = None
    uses: tuple[Callable[[SecurityGroup, Inventory], bool], ...] = (_is_worn, _is_named)
    for is_used in uses:
        try:
            if is_used(group, inventory):
                return healthy("in use")
        except NotCollected as missing:
            gap = missing
    if gap is not None:
        raise gap
    return unhealthy("no network interface wears it and no other group names it")


def _is_worn(group: SecurityGroup, inventory: Inventory) -> bool:
    return any(group.id in one.security_groups for one in inventory.of(NetworkInterface, group.scope, vpc=group.vpc))


def _is_named(group: SecurityGroup, inventory: Inventory) -> bool:
    others = (one for one in inventory.of(SecurityGroup, group.scope, vpc=group.vpc) if one.id != group.id)
    return any(group.id in rule.groups for one in others for rule in (*one.ingress, *one.egress))


CHECK = Check(
    title="Security groups should be in use",
    asset=SecurityGroup,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-22",
    evaluate=evaluate,
    fix=Fix(
        console="Make sure that no launch template or scaling group names {name}, then open it in the VPC console, Actions, Delete security groups.",
        cli="aws ec2 delete-security-group --region {region} --group-id GROUP_ID; GROUP_ID is the end of {id}",
        terraform="# remove the resource aws_security_group of {name} from the configuration and apply",
        impact="A scaling group or template that names the group fails to start machines.",
    ),
    examples=(
        Example("worn by a machine", SECURITY_GROUP, "healthy", others=(INTERFACE,)),
        Example("worn by a container service", SECURITY_GROUP, "healthy", others=(SERVICE,)),
        Example("named by another group", SECURITY_GROUP, "healthy", others=(OTHER,)),
        Example("used by nobody", SECURITY_GROUP, "unhealthy"),
        Example("named by itself alone", LONELY, "unhealthy"),
        Example("a default group", DEFAULT_GROUP, "not_applicable"),
        Example("outside of a VPC", replace(SECURITY_GROUP, vpc=None), "not_applicable"),
        Example("interfaces not read", SECURITY_GROUP, "unknown", "AccessDenied", unlisted={"AWS::EC2::NetworkInterface": "AccessDenied"}),
        Example("interfaces not read, but named", SECURITY_GROUP, "healthy", others=(OTHER,), unlisted={"AWS::EC2::NetworkInterface": "AccessDenied"}),
    ),
)  # fmt: skip
