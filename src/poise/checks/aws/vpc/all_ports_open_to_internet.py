"""Security groups that let the whole internet reach every port.

Whatever a machine runs, now or after the next update, is offered to strangers: management, databases, debugging
ports. Nobody can say later what was meant to be public.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_vpc import ANYWHERE_V4, ANYWHERE_V6
from poise.model.samples.aws_vpc_rules import PREFIX_LIST, SECURITY_GROUP, prefix_rule, rule
from poise.policy.aws.groups import group_opens, opens_everything, rule_texts


def evaluate(group: SecurityGroup, inventory: Inventory) -> Verdict:
    if not opens_everything(group_opens(group, inventory)):
        return healthy("not every port is open to the whole internet")
    return unhealthy("every TCP port is open to the whole internet", seen=rule_texts(group, (1, 65535)))


CHECK = Check(
    title="Security groups should not open every port to the internet",
    asset=SecurityGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    evaluate=evaluate,
    fix=Fix(
        console="Open the security group {name} in the VPC console, Edit inbound rules; remove the rule for all traffic and add one rule for each port that is meant to be public. Flow logs show which ports are used.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --ip-permissions 'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]'
""",
        terraform="""
resource "aws_vpc_security_group_ingress_rule" "web" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
""",
        impact="Connections to ports that get no rule of their own end; look at flow logs before.",
    ),
    examples=(
        Example("web only", SECURITY_GROUP, "healthy"),
        Example("all protocols", replace(SECURITY_GROUP, ingress=(rule("-1", None, (ANYWHERE_V4,)),)), "unhealthy", "every"),
        Example("all TCP ports by IPv6", replace(SECURITY_GROUP, ingress=(rule(ports=(0, 65535), v6=(ANYWHERE_V6,)),)), "unhealthy"),
        Example("two ranges that meet", replace(SECURITY_GROUP, ingress=(rule(ports=(0, 5000), v4=(ANYWHERE_V4,)), rule(ports=(5001, 65535), v4=(ANYWHERE_V4,)))), "unhealthy"),
        Example("all protocols inside", replace(SECURITY_GROUP, ingress=(rule("-1", None, ("10.0.0.0/8",)),)), "healthy"),
        Example("a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id, (0, 65535)),)), "unknown", "AccessDenied", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("open, and a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id), rule("-1", None, (ANYWHERE_V4,)))), "unhealthy", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("unread", replace(SECURITY_GROUP, unread={"ingress": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
