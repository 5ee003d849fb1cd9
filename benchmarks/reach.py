"""Reach of many interfaces in many networks: from the internet to each class, and from each class to each other.

Run: python benchmarks/reach.py [interfaces] [networks]
"""

from __future__ import annotations

import random
import resource
import sys
import time
from typing import Any

from msgspec import structs

from poise.model import replace
from poise.model.aws.vpc import PeeringSide
from poise.model.inventory import ListInventory
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.samples.aws_ec2 import INTERFACE
from poise.model.samples.aws_vpc import HERE, LOCAL_ROUTE, PEERING, PRIVATE_ROUTE_TABLE, PUBLIC_ROUTE_TABLE, VPC
from poise.model.samples.aws_vpc import PUBLIC_SUBNET as SUBNET
from poise.model.samples.aws_vpc_rules import OPEN_ACL, SECURITY_GROUP, group_rule, rule
from poise.policy.aws.reach_classes import classes_of, edges
from poise.policy.aws.reachability import reach_of_place
from poise.policy.aws.reaching.world import World
from poise.policy.reach import the_internet

SUBNETS, GROUPS, SETS = 4, 8, 4
INTERFACES, NETWORKS = 10_000, 100


def network(number: int, interfaces: int, luck: random.Random) -> list[Any]:
    """Make one network: public and private subnets, groups that name ranges and each other, an ACL."""
    vpc = f"{HERE}:vpc/vpc-{number}"
    base = f"10.{number % 256}"
    groups = [f"{HERE}:security-group/sg-{number}-{at}" for at in range(GROUPS)]
    subnets = [f"{HERE}:subnet/subnet-{number}-{at}" for at in range(SUBNETS)]
    local = structs.replace(LOCAL_ROUTE, destination=f"{base}.0.0/16")
    peer = structs.replace(local, destination=f"10.{(number ^ 1) % 256}.0.0/16", target=f"pcx-{number // 2}")
    made: list[Any] = [replace(VPC, id=vpc, cidrs=(f"{base}.0.0/16",))]
    for at, table in enumerate((PUBLIC_ROUTE_TABLE, PRIVATE_ROUTE_TABLE)):
        routes = (local, peer, *table.routes[1:])
        bound = tuple(subnets[: SUBNETS // 2]) if at == 0 else ()
        id = f"{HERE}:route-table/rtb-{number}-{at}"
        made.append(replace(table, id=id, vpc=vpc, subnets=bound, is_main=at == 1, routes=routes))
    for at, id in enumerate(subnets):
        made.append(replace(SUBNET, id=id, vpc=vpc, cidr=f"{base}.{at}.0/24"))
    made.append(replace(OPEN_ACL, id=f"{HERE}:network-acl/acl-{number}", vpc=vpc, subnets=tuple(subnets)))
    for id in groups:
        ingress = (
            *(rule(ports=(port, port), v4=(f"{base}.{luck.randrange(SUBNETS)}.0/24",)) for port in (22, 80, 5432)),
            rule(ports=(443, 443), v4=("0.0.0.0/0",)),
            group_rule(luck.choice(groups)),
        )
        made.append(replace(SECURITY_GROUP, id=id, vpc=vpc, ingress=ingress))
    worn = [tuple(sorted(luck.sample(groups, 2))) for _ in range(SETS)]
    for at in range(interfaces):
        subnet = luck.randrange(SUBNETS)
        made.append(
            replace(
                INTERFACE,
                id=f"{HERE}:network-interface/eni-{number}-{at}",
                vpc=vpc,
                subnet=subnets[subnet],
                security_groups=luck.choice(worn),
                private_ips=(f"{base}.{subnet}.{at % 250 + 4}",),
                public_ips=("198.51.100.9",) if subnet == 0 else (),
            )
        )
    return made


def peering(number: int) -> Any:
    """Peer two networks."""
    sides = (2 * number, 2 * number + 1)
    near, far = (
        PeeringSide(vpc=f"{HERE}:vpc/vpc-{at}", account=ACCOUNT, region=REGION, cidrs=(f"10.{at % 256}.0.0/16",))
        for at in sides
    )
    id = f"{HERE}:vpc-peering-connection/pcx-{number}"
    return replace(PEERING, id=id, requester=near, accepter=far)


def main() -> None:
    """Make the networks, then time the answers."""
    interfaces = int(sys.argv[1]) if len(sys.argv) > 1 else INTERFACES
    networks = int(sys.argv[2]) if len(sys.argv) > 2 else NETWORKS
    luck = random.Random(1)
    made = [one for at in range(networks) for one in network(at, interfaces // networks, luck)]
    made += [peering(at) for at in range(networks // 2)]
    cards = [one for one in made if type(one) is type(INTERFACE)]
    world = World(ListInventory(made))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    classes = classes_of(cards)
    from_internet = {place: reach_of_place(world, the_internet(), place) for place in classes}
    internet_s = time.process_time() - started
    found = sum(1 for _ in edges(world, classes))
    total_s = time.process_time() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opened = sum(1 for answer in from_internet.values() if answer.is_open)
    sys.stdout.write(
        f"{len(cards)} interfaces in {networks} networks: {len(classes)} classes, {opened} open to the internet, "
        f"{found} edges\nfrom the internet {internet_s:.2f} s, all {total_s:.2f} s of processor time, "
        f"{(after - before) / 1024:.0f} MiB more, {after / 1024:.0f} MiB at most\n"
    )


if __name__ == "__main__":
    main()
