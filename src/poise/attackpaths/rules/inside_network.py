"""Code on a machine is code inside its network: what asks for calls from there accepts them."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import FUNCTIONS, MACHINES
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

INSIDE = EdgeKind.CONTAINS
NETWORKS = frozenset({"AWS::EC2::VPC", "AWS::EC2::Subnet", "Microsoft.Network/virtualNetworks/subnets"})


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a free step from each machine to the networks that hold it."""
    for holding in facts.of(INSIDE):
        inner = facts.kind(holding.target)
        if facts.kind(holding.source) in NETWORKS and (inner in MACHINES | FUNCTIONS or inner in NETWORKS):
            yield Step(
                source=State(holding.target, Capability.CODE),
                target=State(holding.source, Capability.CODE),
                state=holding.state,
                condition=holding.condition,
                is_free=True,
                evidence=holding.evidence,
            )


RULE = Rule(
    title="Call from inside a network",
    story="{source} lies in {target}.",
    technique="T1078.004",
    preconditions=("the machine has an interface in the network",),
    derive=derive,
    examples=(
        Example(
            name="a machine in a network",
            nodes=(node("vpc", "AWS::EC2::VPC"), node("vm", "AWS::EC2::Instance")),
            edges=(edge("vpc", INSIDE, "vm"),),
            steps=((code("vm"), code("vpc")),),
        ),
        Example(
            name="a security group runs no code",
            nodes=(node("vpc", "AWS::EC2::VPC"), node("sg", "AWS::EC2::SecurityGroup")),
            edges=(edge("vpc", INSIDE, "sg"),),
        ),
    ),
)
