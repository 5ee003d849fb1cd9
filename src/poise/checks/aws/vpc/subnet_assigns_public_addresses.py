"""Subnets that give every new machine a public address.

A machine faces the internet because of where it was started, not because someone decided so. Public addresses are
better given one by one, or not at all behind a load balancer.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc import Subnet
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_vpc import PUBLIC_SUBNET


def evaluate(subnet: Subnet) -> Verdict:
    # An answer that names no owner is older than the sharing of subnets.
    owner = subnet.known().get("owner", subnet.scope)
    if owner != subnet.scope:
        return not_applicable(f"account {owner} owns the subnet")
    if subnet.maps_public_ip:
        return unhealthy("gives new machines a public IPv4 address", seen=True)
    return healthy("gives no public IPv4 address unasked")


CHECK = Check(
    title="Subnets should not assign public addresses unasked",
    asset=Subnet,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-15",
    evaluate=evaluate,
    fix=Fix(
        console="Open the subnet {name} in the VPC console, Actions, Edit subnet settings; clear Enable auto-assign public IPv4 address.",
        cli="""
# SUBNET_ID is the end of {id}
aws ec2 modify-subnet-attribute --region {region} --subnet-id SUBNET_ID --no-map-public-ip-on-launch
""",
        terraform="""
resource "aws_subnet" "this" {
  map_public_ip_on_launch = false
}
""",
        impact="New machines need a NAT gateway or an elastic address to reach the internet; those that run keep theirs.",
    ),
    examples=(
        Example("no address", PUBLIC_SUBNET, "healthy"),
        Example("an address for everyone", replace(PUBLIC_SUBNET, maps_public_ip=True), "unhealthy", "public IPv4"),
        Example("of another account", replace(PUBLIC_SUBNET, owner=FOREIGN_ACCOUNT, maps_public_ip=True), "not_applicable"),
        Example("of nobody known", replace(PUBLIC_SUBNET, maps_public_ip=True, unread={"owner": "not in the answer"}), "unhealthy"),
        Example("unread", replace(PUBLIC_SUBNET, unread={"maps_public_ip": "not in this export"}), "unknown", "export"),
    ),
)  # fmt: skip
