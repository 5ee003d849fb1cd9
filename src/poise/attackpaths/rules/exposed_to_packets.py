"""Packets of an attacker arrive: from the internet, through a balancer, or from a machine that is already taken."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, network, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import is_machine
from poise.attackpaths.ports import joined
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import INTERNET, Capability, Edge, EdgeKind

ROUTES = EdgeKind.ROUTES_TO


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each route: machines send packets once they are taken, everything else passes them on."""
    for route in facts.of(ROUTES):
        reached = State(route.target, Capability.NETWORK, joined(route.ports))
        for source in _senders(facts, route):
            yield Step(
                source=source,
                target=reached,
                state=route.state,
                condition=route.condition,
                detail=joined(route.ports) or "all ports",
                evidence=route.evidence,
            )


def _senders(facts: Facts, route: Edge) -> Iterator[State]:
    if is_machine(facts, route.source):
        yield State(route.source, Capability.CODE)
    elif route.source == INTERNET or not facts.into(ROUTES, route.source):
        yield State(route.source, Capability.NETWORK)
    else:
        for ports in sorted({joined(before.ports) for before in facts.into(ROUTES, route.source)}):
            yield State(route.source, Capability.NETWORK, ports)


VM, BALANCER = "AWS::EC2::Instance", "AWS::ElasticLoadBalancingV2::LoadBalancer"
RULE = Rule(
    title="Send packets to it",
    story="{source} can send packets to {target} ({detail}).",
    technique="T1190",
    preconditions=("routes, network lists and security groups let packets through, both ways",),
    derive=derive,
    examples=(
        Example(
            name="a balancer passes packets on, a machine only once it is taken",
            nodes=(node("lb", BALANCER), node("vm", VM), node("db", "AWS::RDS::DBInstance")),
            edges=(
                edge("internet", ROUTES, "lb", ports=("tcp/443",)),
                edge("lb", ROUTES, "vm", ports=("tcp/80",)),
                edge("vm", ROUTES, "db", ports=("tcp/5432",)),
            ),
            steps=(
                (network("internet", ""), network("lb", "tcp/443")),
                (network("lb", "tcp/443"), network("vm", "tcp/80")),
                (code("vm"), network("db", "tcp/5432")),
            ),
        ),
        Example(name="no route, no packets", nodes=(node("vm", VM),), edges=()),
    ),
)
