"""Security groups that offer the internet something else than the web.

Each further public port is one more service to patch and to watch. Management and database ports have checks of
their own; here are the others: mail, file transfer, development servers, half-open ranges.
"""

from poise.model import (
    Check,
    Example,
    Fix,
    Inventory,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
)
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_vpc import ANYWHERE_V4, ANYWHERE_V6
from poise.model.samples.aws_vpc_rules import PREFIX_LIST, SECURITY_GROUP, prefix_rule, rule
from poise.policy.aws.groups import group_opens, open_beside, opens_everything
from poise.policy.ports import DATABASES, MANAGEMENT, port_numbers

WEB = Parameter("web_ports", ("80", "443"), "Ports that may be public, over TCP and UDP.")
ELSEWHERE = Parameter("judged_elsewhere", (*MANAGEMENT, *DATABASES), "TCP ports that the checks of management and database ports report.")  # fmt: skip


def evaluate(
    group: SecurityGroup, inventory: Inventory, web_ports: tuple[str, ...], judged_elsewhere: tuple[str, ...]
) -> Verdict:
    opened = group_opens(group, inventory)
    if opens_everything(opened):
        return not_applicable("every port is open, which aws.vpc.all_ports_open_to_internet reports")
    others = open_beside(opened, port_numbers(web_ports), port_numbers(judged_elsewhere))
    if not others:
        return healthy("no other port is open to the whole internet")
    return unhealthy(f"open to the whole internet: {', '.join(others)}", seen=others)


CHECK = Check(
    title="Security groups should open only web ports to the internet",
    asset=SecurityGroup,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18",
    evaluate=evaluate,
    fix=Fix(
        console="Open the security group {name} in the VPC console, Edit inbound rules; narrow the source of each listed port to those who need it, or remove the rule. A port that is meant to be public: add it to the parameter web_ports.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 describe-security-group-rules --region {region} --filters Name=group-id,Values=GROUP_ID
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --security-group-rule-ids RULE_ID
""",
        terraform="""
resource "aws_vpc_security_group_ingress_rule" "partners" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "198.51.100.0/24" # who needs it
  ip_protocol       = "tcp"
  from_port         = 2222
  to_port           = 2222
}
""",
        impact="Strangers who use the port on purpose are cut off.",
    ),
    parameters=(WEB, ELSEWHERE),
    examples=(
        Example("web only", SECURITY_GROUP, "healthy"),
        Example("web over UDP", replace(SECURITY_GROUP, ingress=(rule("udp", (443, 443), v4=(ANYWHERE_V4,)),)), "healthy"),
        Example("mail", replace(SECURITY_GROUP, ingress=(rule(ports=(25, 25), v4=(ANYWHERE_V4,)),)), "unhealthy", "tcp 25"),
        Example("a range around SSH", replace(SECURITY_GROUP, ingress=(rule(ports=(20, 23), v6=(ANYWHERE_V6,)),)), "unhealthy", "tcp 20-21, 23"),
        Example("SSH alone, which another check reports", replace(SECURITY_GROUP, ingress=(rule(ports=(22, 22), v4=(ANYWHERE_V4,)),)), "healthy"),
        Example("UDP on a port of SSH", replace(SECURITY_GROUP, ingress=(rule("udp", (22, 22), v4=(ANYWHERE_V4,)),)), "unhealthy", "udp 22"),
        Example("everything", replace(SECURITY_GROUP, ingress=(rule("-1", None, (ANYWHERE_V4,)),)), "not_applicable"),
        Example("ping", replace(SECURITY_GROUP, ingress=(rule("icmp", (-1, -1), v4=(ANYWHERE_V4,)),)), "healthy"),
        Example("a port that is meant to be public", replace(SECURITY_GROUP, ingress=(rule(ports=(25, 25), v4=(ANYWHERE_V4,)),)), "healthy", parameters={"web_ports": ("25",)}),
        Example("a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id),)), "unknown", "AccessDenied", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("unread", replace(SECURITY_GROUP, unread={"ingress": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
