"""Security groups that let the whole internet reach databases.

A database that answers to strangers is one weak password or one unpatched fault away from being copied and deleted;
many search and cache engines ask for no password at all. A port range that takes a database in counts too.
"""

from poise.model import Check, Example, Fix, Inventory, Parameter, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.vpc_rules import SecurityGroup
from poise.model.samples.aws_vpc import ANYWHERE_V4, ANYWHERE_V6
from poise.model.samples.aws_vpc_rules import PREFIX_LIST, SECURITY_GROUP, prefix_rule, rule
from poise.policy.aws.groups import group_ports, rule_texts
from poise.policy.ports import DATABASES, named, port_numbers

POSTGRES = (5432, 5432)
PORTS = Parameter("ports", tuple(DATABASES), "TCP ports of databases, caches, search engines and message stores.")


def evaluate(group: SecurityGroup, inventory: Inventory, ports: tuple[str, ...]) -> Verdict:
    opened = group_ports(group, port_numbers(ports), inventory)
    if not opened:
        return healthy("no database port is open to the whole internet")
    return unhealthy(f"open to the whole internet: {named(opened)}", seen=rule_texts(group, opened) or list(opened))


CHECK = Check(
    title="Security groups should not open database ports to the internet",
    asset=SecurityGroup,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19",
    evaluate=evaluate,
    fix=Fix(
        console="Open the security group {name} in the VPC console, Edit inbound rules; replace the source 0.0.0.0/0 or ::/0 of the rule by the security group of the application that uses the database.",
        cli="""
# GROUP_ID is the end of {id}
aws ec2 describe-security-group-rules --region {region} --filters Name=group-id,Values=GROUP_ID
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --security-group-rule-ids RULE_ID
""",
        terraform="""
resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
""",
        impact="Clients outside of the network lose the database; give them a VPN or a private link first.",
    ),
    parameters=(PORTS,),
    examples=(
        Example("web only", SECURITY_GROUP, "healthy"),
        Example("open to IPv4", replace(SECURITY_GROUP, ingress=(rule(ports=POSTGRES, v4=(ANYWHERE_V4,)),)), "unhealthy", "5432"),
        Example("open to IPv6", replace(SECURITY_GROUP, ingress=(rule(ports=POSTGRES, v6=(ANYWHERE_V6,)),)), "unhealthy", "5432"),
        Example("hidden in a range", replace(SECURITY_GROUP, ingress=(rule(ports=(1000, 9000), v4=(ANYWHERE_V4,)),)), "unhealthy", "3306"),
        Example("to a network of the company", replace(SECURITY_GROUP, ingress=(rule(ports=POSTGRES, v4=("10.0.0.0/8",)),)), "healthy"),
        Example("another port", replace(SECURITY_GROUP, ingress=(rule(ports=(4000, 4000), v4=(ANYWHERE_V4,)),)), "unhealthy", "4000", parameters={"ports": ("4000",)}),
        Example("a list that was not read", replace(SECURITY_GROUP, ingress=(prefix_rule(PREFIX_LIST.id, POSTGRES),)), "unknown", "AccessDenied", unlisted={"AWS::EC2::PrefixList": "AccessDenied"}),
        Example("unread", replace(SECURITY_GROUP, unread={"ingress": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
