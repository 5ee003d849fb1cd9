"""Machines whose database the whole internet can reach.

Here everything comes together: a public address, a security group that opens the port, a route to an internet
gateway and a network ACL that lets it pass. Open databases are copied, wiped and held to ransom by machines.
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
from poise.model.samples.aws_vpc import ANYWHERE_V4, PRIVATE_ROUTE_TABLE, PRIVATE_SUBNET_ID, PUBLIC_ROUTE_TABLE
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, rule
from poise.policy.aws.reach import exposures
from poise.policy.ports import DATABASES, named, port_numbers

PORTS = Parameter("ports", tuple(DATABASES), "TCP ports of databases, caches, search engines and message stores.")
OPEN_GROUP = replace(SECURITY_GROUP, ingress=(rule(ports=(5432, 5432), v4=(ANYWHERE_V4,)),))
TABLES = (PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE)
AROUND = (INTERFACE, OPEN_GROUP, *TABLES, OPEN_ACL)


def evaluate(instance: Ec2Instance, inventory: Inventory, ports: tuple[str, ...]) -> Verdict:
    if instance.state != "running":
        return not_applicable(f"the machine is {instance.state}")
    found = exposures(instance, port_numbers(ports), inventory)
    if not found:
        return healthy("the internet does not reach its database ports")
    listed = sorted({port for one in found for port in one.ports})
    return unhealthy(f"the whole internet reaches {named(listed)}", seen=to_builtins(found))


CHECK = Check(
    title="EC2 instances should not be reachable from the internet on database ports",
    asset=Ec2Instance,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the machine {name} in the EC2 console, tab Security, open its security group and replace the source 0.0.0.0/0 or ::/0 of the rule by the security group of the application. Better: move the database to a private subnet.",
        cli="""
# group and port stand in the evidence
aws ec2 revoke-security-group-ingress --region {region} --group-id GROUP_ID --protocol tcp --port PORT --cidr 0.0.0.0/0
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
        Example("web only", INSTANCE, "healthy", others=(INTERFACE, SECURITY_GROUP, *TABLES, OPEN_ACL)),
        Example("open to all", INSTANCE, "unhealthy", "5432 (PostgreSQL)", others=AROUND),
        Example("private subnet", INSTANCE, "healthy", others=(replace(INTERFACE, subnet=PRIVATE_SUBNET_ID), *AROUND[1:])),
        Example("stopped", replace(INSTANCE, state="stopped"), "not_applicable", others=AROUND),
        Example("another port", INSTANCE, "unhealthy", "443", others=(INTERFACE, SECURITY_GROUP, *TABLES, OPEN_ACL), parameters={"ports": ("443",)}),
        Example("routes not read", INSTANCE, "unknown", "AccessDenied", others=AROUND, unlisted={"AWS::EC2::RouteTable": "AccessDenied"}),
    ),
)  # fmt: skip
