"""Machines on which the whole internet can try to log in.

Here everything comes together: a public address, a security group that opens the port, a route to an internet
gateway and a network ACL that lets it pass. Such a machine is attacked within minutes of its start.
"""

from msgspec import to_builtins

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
from poise.model.aws.ec2 import Ec2Instance
from poise.model.samples.aws_ec2 import INSTANCE, INTERFACE
from poise.model.samples.aws_vpc import (
    ANYWHERE_V4,
    ANYWHERE_V6,
    PRIVATE_ROUTE_TABLE,
    PRIVATE_SUBNET_ID,
    PUBLIC_ROUTE_TABLE,
)
from poise.model.samples.aws_vpc_rules import NETWORK_ACL, OPEN_ACL, SECURITY_GROUP, acl_entry, rule
from poise.policy.aws.reach import exposures
from poise.policy.ports import MANAGEMENT, named, port_numbers

PORTS = Parameter("ports", tuple(MANAGEMENT), "TCP ports on which machines are managed.")
OPEN_GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=(22, 22), v4=(ANYWHERE_V4,)),))
V6_GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=(22, 22), v6=(ANYWHERE_V6,)),))
TABLES = (PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE)
AROUND = (INTERFACE, OPEN_GROUP, *TABLES, OPEN_ACL)
SSH_REFUSED = replace(OPEN_ACL, entries=(acl_entry(90, "deny", (22, 22)), *OPEN_ACL.entries))
NO_ANSWERS = replace(OPEN_ACL, entries=tuple(e for e in OPEN_ACL.entries if not e.egress))


def evaluate(instance: Ec2Instance, inventory: Inventory, ports: tuple[str, ...]) -> Verdict:
    if instance.state != "running":
        return not_applicable(f"the machine is {instance.state}")
    found = exposures(instance, port_numbers(ports), inventory)
    if not found:
        return healthy("the internet does not reach its management ports")
    listed = sorted({port for one in found for port in one.ports})
    return unhealthy(f"the whole internet reaches {named(listed)}", seen=to_builtins(found))


CHECK = Check(
    title="EC2 instances should not be reachable from the internet on management ports",
    asset=Ec2Instance,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name} in the EC2 console, tab Security, open its security group and remove the rule for the port from 0.0.0.0/0 and ::/0; manage it with Session Manager instead, which needs no open port.",
        cli="""
# the group stands in the evidence
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --protocol tcp --port 22 --cidr 0.0.0.0/0
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
        impact="Who manages the machine from elsewhere is cut off; add their networks first.",
    ),
    parameters=(PORTS,),
    examples=(
        Example("an address, but no interface", replace(INSTANCE, interfaces=(), public_ip="203.0.113.10"), "unknown", "no interface"),
        Example("open to an office", INSTANCE, "healthy", others=(INTERFACE, SECURITY_GROUP, *TABLES, OPEN_ACL)),
        Example("open to all", INSTANCE, "unhealthy", "22", others=AROUND),
        Example("open to all by IPv6, without an address of that family", INSTANCE, "healthy", others=(INTERFACE, V6_GROUP, *TABLES, OPEN_ACL)),
        Example("no public address", INSTANCE, "healthy", others=(replace(INTERFACE, public_ips=()), *AROUND[1:])),
        Example("private subnet", INSTANCE, "healthy", others=(replace(INTERFACE, subnet=PRIVATE_SUBNET_ID), *AROUND[1:])),
        Example("refused by the network ACL", INSTANCE, "healthy", others=(*AROUND[:-1], SSH_REFUSED)),
        Example("answers refused by the network ACL", INSTANCE, "healthy", others=(*AROUND[:-1], NO_ANSWERS)),
        Example("the gateway is gone", INSTANCE, "healthy", others=(INTERFACE, OPEN_GROUP, replace(PUBLIC_ROUTE_TABLE, routes=()), NETWORK_ACL)),
        Example("stopped", replace(INSTANCE, state="stopped"), "not_applicable", others=AROUND),
        Example("another port", INSTANCE, "unhealthy", "443", others=(INTERFACE, SECURITY_GROUP, *TABLES, OPEN_ACL), parameters={"ports": ("443",)}),
        Example("routes not read", INSTANCE, "unknown", "AccessDenied", others=AROUND, unlisted={"AWS::EC2::RouteTable": "AccessDenied"}),
        Example("routes not read, but no group opens", INSTANCE, "healthy", others=(INTERFACE, SECURITY_GROUP, OPEN_ACL), unlisted={"AWS::EC2::RouteTable": "AccessDenied"}),
        Example("routes not read, but the ACL refuses", INSTANCE, "healthy", others=(*AROUND[:-1], SSH_REFUSED), unlisted={"AWS::EC2::RouteTable": "AccessDenied"}),
        Example("an interface that is missing", INSTANCE, "unknown", "was not found", others=AROUND[1:]),
        Example("interfaces not read", INSTANCE, "unknown", "AccessDenied", others=AROUND[1:], unlisted={"AWS::EC2::NetworkInterface": "AccessDenied"}),
    ),
)  # fmt: skip
