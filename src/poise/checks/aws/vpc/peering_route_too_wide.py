"""Route tables that send more to a peering than the network on the other side has.

A route wider than the other network hides mistakes: addresses that nobody planned leave through a partner's
network as soon as that grows, and nobody sees which part is really needed.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc import PeeringSide, Route, RouteTable, VpcPeering
from poise.model.samples.aws_vpc import PEERING, PRIVATE_ROUTE_TABLE
from poise.policy.intervals import IpSet

PEERING_NAME = PEERING.id.rpartition("/")[2]
EXACT = Route(destination="10.30.0.0/16", target=PEERING_NAME, state="active", origin="CreateRoute")


def evaluate(peering: VpcPeering, inventory: Inventory) -> Verdict:
    if peering.status != "active":
        return not_applicable(f"the peering is {peering.status}")
    sides = ((peering.requester, peering.accepter), (peering.accepter, peering.requester))
    wide = [text for near, far in sides for text in _wide(peering, near, far, inventory)]
    if wide:
        return unhealthy(f"routes are wider than the network on the other side: {', '.join(wide[:5])}", seen=wide)
    return healthy("no route is wider than the network on the other side")


def _wide(peering: VpcPeering, near: PeeringSide, far: PeeringSide, inventory: Inventory) -> list[str]:
    """Return the IPv4 routes of one side that go beyond the other: the peering states IPv4 ranges alone."""
    name, beyond = peering.id.rpartition("/")[2], IpSet.from_cidrs(far.cidrs)
    found = (
        (table, route.destination)
        for table in inventory.of(RouteTable, peering.scope, vpc=near.vpc)
        for route in table.routes
        if route.target == name
    )
    return [
        f"{table.name}: {range_}" for table, range_ in found if "." in range_ and IpSet.from_cidrs((range_,)) - beyond
    ]


CHECK = Check(
    title="Routes to a peering should be no wider than the network behind it",
    asset=VpcPeering,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the route tables in the VPC console and replace each listed route to {name} by the ranges of the subnets that are used on the other side.",
        cli="""
# PEERING_ID is the end of {id}
aws ec2 create-route --region {region} --route-table-id TABLE_ID --destination-cidr-block NARROW_RANGE --vpc-peering-connection-id PEERING_ID
aws ec2 delete-route --region {region} --route-table-id TABLE_ID --destination-cidr-block WIDE_RANGE
""",
        terraform="""
resource "aws_route" "billing" {
  route_table_id            = aws_route_table.this.id
  destination_cidr_block    = "10.30.4.0/24" # the subnet that is used
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}
""",
        impact="Addresses outside of the new routes are no longer sent through the peering.",
    ),
    examples=(
        Example("the other network", PEERING, "healthy", others=(replace(PRIVATE_ROUTE_TABLE, routes=(EXACT,)),)),
        Example("everything private", PEERING, "unhealthy", "10.0.0.0/8", others=(replace(PRIVATE_ROUTE_TABLE, routes=(Route(destination="10.0.0.0/8", target=PEERING_NAME, state="active", origin="CreateRoute"),)),)),
        Example("wide to elsewhere", PEERING, "healthy", others=(PRIVATE_ROUTE_TABLE,)),
        Example("a prefix list and an IPv6 range", PEERING, "healthy", others=(replace(PRIVATE_ROUTE_TABLE, routes=(structs.replace(EXACT, destination="pl-0a0000000000000001"), structs.replace(EXACT, destination="fd00::/8"))),)),
        Example("asked by the other side", replace(PEERING, requester=PEERING.accepter, accepter=PEERING.requester), "healthy", others=(replace(PRIVATE_ROUTE_TABLE, routes=(EXACT,)),)),
        Example("not accepted", replace(PEERING, status="pending-acceptance"), "not_applicable"),
        Example("tables not read", PEERING, "unknown", "AccessDenied", unlisted={"AWS::EC2::RouteTable": "AccessDenied"}),
    ),
)  # fmt: skip
