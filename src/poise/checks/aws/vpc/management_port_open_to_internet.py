"""Security groups that let the whole internet try to log in.

SSH, RDP and WinRM are scanned day and night: a weak password, a leaked key or a fault in the service is found within
hours. Rules are added up, so two halves of the internet, a port range or an IPv6 rule count like 0.0.0.0/0.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_vpc import ANYWHERE_V4, ANYWHERE_V6
from poise.model.samples.aws_vpc_rules import PREFIX_LIST, SECURITY_GROUP, prefix_rule, rule
from poise.policy.aws.groups import group_ports, rule_texts
from poise.policy.ports import MANAGEMENT, named, port_numbers

SSH = (22, 22)
PORTS = Parameter("ports", tuple(MANAGEMENT), "TCP ports on which machines are managed.")


def evaluate(group: SecurityGroup, inventory: Inventory, ports: tuple[str, ...]) -> Verdict:
    opened = group_ports(group, port_numbers(ports), inventory)
    if not opened:
        return healthy("no management port is open to the whole internet")
    return unhealthy(f"open to the whole internet: {named(opened)}", seen=rule_texts(group, opened) or list(opened))


CHECK = Check(
    title="Security groups should not open management ports to the internet",
    asset=SecurityGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19",
    evaluate=evaluate,
    fix=Fix(
        console="Open the security group {name} in the VPC console, Edit inbound rules; remove the rules with source 0.0.0.0/0 or ::/0 on the port, or set the source to your own networks. Session Manager needs no open port at all.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 describe-security-group-rules --region {region} --filters Name=group-id,Values=GROUP_ID
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --security-group-rule-ids RULE_ID
""",
        terraform="""
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.this.id
  cidr_ipv4         = "198.51.100.0/24" # your own network
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}
""",
        impact="Who manages the machines from elsewhere is cut off; add their networks first.",
    ),
    parameters=(PORTS,),
    examples=(
        Example("open to an office", SECURITY_GROUP, "healthy"),
        Example("open to IPv4", replace(SECURITY_GROUP, ingress=(rule(ports=SSH, v4=(ANYWHERE_V4,)),)), "unhealthy", "22"),
        Example("open to IPv6", replace(SECURITY_GROUP, ingress=(rule("6", (3300, 3400), v6=(ANYWHERE_V6,)),)), "unhealthy", "3389"),
        Example("two halves", replace(SECURITY_GROUP, ingress=(rule(ports=SSH, v4=("0.0.0.0/1",)), rule(ports=SSH, v4=("128.0.0.0/1",)))), "unhealthy"),
        Example("UDP alone", replace(SECURITY_GROUP, ingress=(rule("udp", SSH, v4=(ANYWHERE_V4,)),)), "healthy"),
        Example("a prefix list of offices", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id),)), "healthy", others=(PREFIX_LIST,)),
        Example("a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id),)), "unknown", "AccessDenied", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("open, and a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id), rule(ports=SSH, v4=(ANYWHERE_V4,)))), "unhealthy", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("another port", replace(SECURITY_GROUP, ingress=(rule(ports=(23, 23), v4=(ANYWHERE_V4,)),)), "unhealthy", "23", parameters={"ports": ("23",)}),
        Example("unread", replace(SECURITY_GROUP, unread={"ingress": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
