"""Security groups that nothing wears and no rule names.

They are put on a machine by mistake later, with rules that nobody remembers. A group is in use if a network
interface of any service wears it, or a rule of another group names it.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_elb import LOAD_BALANCER
from poise.model.samples.aws_vpc_rules import DEFAULT_GROUP, SECURITY_GROUP, group_rule
from poise.policy.aws.group_use import is_used

OTHER = replace(SECURITY_GROUP, id=f"{SECURITY_GROUP.id}ff", ingress=(group_rule(SECURITY_GROUP.id),))
LONELY = replace(OTHER, ingress=(group_rule(OTHER.id),))
SERVICE = replace(INTERFACE, requester_managed=True, instance=None)
UNREAD = replace(INSTANCE, id=INSTANCE.id[:-1], unread={"security_groups": "malformed"})


def evaluate(group: SecurityGroup, inventory: Inventory) -> Verdict:
    if group.name == "default":
        return not_applicable("a default group cannot be deleted")
    if group.vpc is None:
        return not_applicable("outside of any VPC there are no interfaces to look at")
    if is_used(group, inventory):
        return healthy("in use")
    return unhealthy("no network interface wears it and no other group names it")


CHECK = Check(
    title="Security groups should be in use",
    asset=SecurityGroup,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-22",
    evaluate=evaluate,
    fix=Fix(
        console="Make sure that no launch template or scaling group names {name}, then open it in the VPC console, Actions, Delete security groups.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 delete-security-group --region {region} --group-id GROUP_ID
""",
        terraform="# remove the resource aws_security_group of {name} from the configuration and apply",
        impact="A scaling group or template that names the group fails to start machines.",
    ),
    examples=(
        Example("worn by a machine", SECURITY_GROUP, "healthy", others=(INTERFACE,)),
        Example("worn by a container service", SECURITY_GROUP, "healthy", others=(SERVICE,)),
        Example("named by another group", SECURITY_GROUP, "healthy", others=(OTHER,)),
        Example("of a machine whose interface is not in the export", SECURITY_GROUP, "healthy", others=(UNREAD, INSTANCE)),
        Example("of a load balancer whose interfaces are not in the export", SECURITY_GROUP, "healthy", others=(LOAD_BALANCER,)),
        Example("used by nobody", SECURITY_GROUP, "unhealthy", others=(replace(INSTANCE, security_groups=()),)),
        Example("named by itself alone", LONELY, "unhealthy"),
        Example("a default group", DEFAULT_GROUP, "not_applicable"),
        Example("outside of a VPC", replace(SECURITY_GROUP, vpc=None), "not_applicable"),
        Example("interfaces not read", SECURITY_GROUP, "unknown", "AccessDenied", unlisted={"AWS::EC2::NetworkInterface": "AccessDenied"}),
        Example("interfaces not read, but named", SECURITY_GROUP, "healthy", others=(OTHER,), unlisted={"AWS::EC2::NetworkInterface": "AccessDenied"}),
        Example("groups not read", SECURITY_GROUP, "unknown", "AccessDenied", unlisted={"AWS::EC2::SecurityGroup": "AccessDenied"}),
        Example("machines not read, but nothing wears it", SECURITY_GROUP, "unhealthy", unlisted={"AWS::EC2::Instance": "AccessDenied"}),
    ),
)  # fmt: skip
