"""Where balancers lead: to the machines that are registered in the target groups of their listeners and rules.

Health is a state of the moment: an unhealthy target is still one, and its evidence says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Width
from poise.graph.ignored import IGNORED_BY_ROUTES
from poise.graph.routes import routes
from poise.model.aws.ec2 import Ec2Instance
from poise.model.aws.elb import LoadBalancer, RegisteredTarget, TargetGroup
from poise.model.graph import Edge
from poise.policy.answer import Reason
from poise.policy.aws.reachability import reach
from poise.policy.aws.reaching.world import World
from poise.policy.intervals import PortSet

HEALTHY = "healthy"


def find(estate: Estate) -> Found:
    """Yield a route from each balancer to each machine that it forwards to."""
    groups = {one.id: one for one in estate.of(TargetGroup)}
    if groups:
        world = World(estate.inventory, "tcp")
        for balancer in estate.of(LoadBalancer):
            for id in sorted(_forwarded(balancer)):
                if id in groups:
                    yield from _behind(estate, world, balancer, groups[id])


def _forwarded(balancer: LoadBalancer) -> Iterator[str]:
    """Yield the target groups that listeners and rules forward to."""
    for holder in (*(read(balancer, "listeners") or ()), *(read(balancer, "rules") or ())):
        actions = holder.default_actions if hasattr(holder, "default_actions") else holder.actions
        for action in actions:
            yield from action.target_groups


def _behind(estate: Estate, world: World, balancer: LoadBalancer, group: TargetGroup) -> Iterator[Edge]:
    for target in read(group, "targets") or ():
        machine = estate.get(target.id)
        port = target.port or read(group, "port")
        if isinstance(machine, Ec2Instance) and port:
            found = reach(world, balancer, machine, PortSet.of(port))
            because = (_reason(balancer, group, target), *found.because)
            yield from routes(estate, (balancer.id, machine.id), (msgspec.structs.replace(found, because=because),))


def _reason(balancer: LoadBalancer, group: TargetGroup, target: RegisteredTarget) -> Reason:
    state = "" if target.health in (HEALTHY, None) else f"; the target is {target.health} now"
    return Reason(f"{balancer.name} forwards to target group {group.name}{state}", source=group.id)


FAMILY = Family(Width.PROVIDER, find, "aws", IGNORED_BY_ROUTES)
