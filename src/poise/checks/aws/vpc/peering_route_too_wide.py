"""Route tables that send more to a peering than the network on the other side has.

A route wider than the other network hides mistakes: addresses that nobody planned leave through a partner's
network as soon as that grows, and nobody sees which part is really needed.
"""

import ipaddress

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.vpc import Route, RouteTable, VpcPeering
from poise.model.samples.aws_vpc import PEERING, PRIVATE_ROUTE_TABLE
from poise.policy.intervals import IpSet

PEERING_NAME = PEERING.id.rpartition("/")[2]
EXACT = Route(destination="10.30.0.0/16", target=PEERING_NAME, state="active", origin="CreateRoute")


def evaluate(peering: VpcPeering, inventory: Inventory) -> Verdict:
    if peering.status != "active":
        return not_applicable(f"the peering is {peering.status}")
    wide: list[str] = []
    for near, far in ((peering.requester, peering.accepter), (peering.accepter, peering.requester)):
        if near.account == peering.scope and near.region == peering.region:
            beyond = IpSet.from_cidrs(far.cidrs)
            tables = inventory.of(RouteTable, peering.scope, vpc=near.vpc)
            wide += [
                f"{table.name}: {dest}"
                for table in tables
                for dest in _to(table, peering)
                if IpSet.from_cidrs((dest,)) - beyond
            ]
    if wide:
        return unhealthy(f"routes are wider than the network on the other side: {', '.join(wide[:5])}", seen=wide)
    return healthy("no route is wider than the network on the other side")


def _to(table: RouteTable, peering: VpcPeering) -> list[str]:
    name = peering.id.rpartition("/")[2]
    ranges = (
        route.destination for route in table.routes if route.target == name and not route.destination.startswith("pl-")
    )
    return [
        one for one in ranges if ipaddress.ip_network(one, strict=False).version == 4
    ]  # the peering lists IPv4 ranges


CHECK = Check(
    title="Routes to a peering should be no wider than the network behind it",
    asset=VpcPeering,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the route tables in the VPC console and replace each listed route to {name} by the ranges of the subnets that are used on the other side.",
        cli="aws ec2 create-route --region {region} --route-table-id TABLE_ID --destination-cidr-block NARROW_RANGE --vpc-peering-connection-id PEERING_ID, then aws ec2 delete-route of the wide one; PEERING_ID is the end of {id}",
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
        Example("asked by the other side", replace(PEERING, requester=PEERING.accepter, accepter=PEERING.requester), "healthy", others=(replace(PRIVATE_ROUTE_TABLE, routes=(EXACT,)),)),
        Example("not accepted", replace(PEERING, status="pending-acceptance"), "not_applicable"),
        Example("tables not read", PEERING, "unknown", "AccessDenied", unlisted={"AWS::EC2::RouteTable": "AccessDenied"}),
    ),
)  # fmt: skip
