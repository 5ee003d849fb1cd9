"""Network ACLs that let the whole internet through to management ports.

The ACL of a subnet is the second line behind security groups: it holds when someone opens a group by mistake. The
lowest number that fits decides, so an early refusal makes a later permission harmless.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc_rules import NetworkAcl
from poise.model.samples.aws_vpc import ANYWHERE_V6
from poise.model.samples.aws_vpc_rules import NETWORK_ACL, acl_entry
from poise.policy.aws.reach import acl_ports
from poise.policy.ports import named, port_numbers

PORTS = Parameter("ports", ("22", "3389"), "TCP ports on which machines are managed.")
SSH = (22, 22)
CLOSE = acl_entry(32767, "deny")
REFUSED = (acl_entry(90, "deny", SSH), acl_entry(91, "deny", (3389, 3389)), acl_entry(100), CLOSE)


def evaluate(acl: NetworkAcl, ports: tuple[str, ...]) -> Verdict:
    if not acl.subnets:
        return not_applicable("no subnet uses it")
    opened = acl_ports(acl, port_numbers(ports))
    if not opened:
        return healthy("the internet does not pass at management ports")
    return unhealthy(f"lets the whole internet pass at {named(opened)}", seen=list(opened))


CHECK = Check(
    title="Network ACLs should not open management ports to the internet",
    asset=NetworkAcl,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-21",
    evaluate=evaluate,
    fix=Fix(
        console="Open the network ACL {name} in the VPC console, Edit inbound rules; add rules with low numbers that refuse the ports, or allow your own networks and what is needed alone.",
        cli="""
# ACL_ID is the end of {id}
aws ec2 create-network-acl-entry --region {region} --network-acl-id ACL_ID --ingress --rule-number 90 --protocol 6 --port-range From=22,To=22 --cidr-block 0.0.0.0/0 --rule-action deny
""",
        terraform="""
resource "aws_network_acl_rule" "no_ssh" {
  network_acl_id = aws_network_acl.this.id
  rule_number    = 90
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
  rule_action    = "deny"
}
""",
        impact="Who manages machines from elsewhere is cut off; allow their networks under a lower number first.",
    ),
    parameters=(PORTS,),
    examples=(
        Example("narrow", NETWORK_ACL, "healthy"),
        Example("as AWS makes it", replace(NETWORK_ACL, entries=(acl_entry(100), CLOSE)), "unhealthy", "22 (SSH), 3389 (RDP)"),
        Example("refused before everything is allowed", replace(NETWORK_ACL, entries=REFUSED), "healthy"),
        Example("refused too late", replace(NETWORK_ACL, entries=(acl_entry(100), acl_entry(110, "deny", SSH), CLOSE)), "unhealthy"),
        Example("two halves", replace(NETWORK_ACL, entries=(acl_entry(100, ports=SSH, cidr="0.0.0.0/1"), acl_entry(101, ports=SSH, cidr="128.0.0.0/1"), CLOSE)), "unhealthy", "22"),
        Example("IPv6", replace(NETWORK_ACL, entries=(acl_entry(100, ports=SSH, cidr=ANYWHERE_V6), CLOSE)), "unhealthy", "22"),
        Example("another port", NETWORK_ACL, "unhealthy", "443", parameters={"ports": ("443",)}),
        Example("no subnet", replace(NETWORK_ACL, subnets=(), entries=(acl_entry(100), CLOSE)), "not_applicable"),
        Example("unread", replace(NETWORK_ACL, unread={"entries": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)  # fmt: skip
