"""A secret lies in what the attacker can read: a disk, a repository, start scripts, an environment, a bucket."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import COPIES, FUNCTIONS, MACHINES
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

HOLDS = EdgeKind.HOLDS_SECRET


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each secret: from code where there is code, and from reading."""
    for holding in facts.of(HOLDS):
        held = [Capability.READ]
        if facts.kind(holding.source) in MACHINES | FUNCTIONS:
            held = [Capability.CODE]
        elif facts.kind(holding.source) not in COPIES:
            held.append(Capability.CODE)
        for capability in held:
            yield Step(
                source=State(holding.source, capability),
                target=State(holding.target, Capability.READ),
                state=holding.state,
                condition=holding.condition,
                evidence=holding.evidence,
            )


RULE = Rule(
    title="Find a secret",
    story="{source} holds {target} in the clear.",
    technique="T1552.001",
    preconditions=("a secret was found there",),
    derive=derive,
    examples=(
        Example(
            name="a key on the disk of a machine",
            nodes=(node("vm", "AWS::EC2::Instance"), node("key", "secret")),
            edges=(edge("vm", HOLDS, "key"),),
            steps=((code("vm"), read("key")),),
        ),
        Example(
            name="a key in a shared snapshot",
            nodes=(node("snap", "AWS::EC2::Snapshot"), node("key", "secret")),
            edges=(edge("snap", HOLDS, "key"),),
            steps=((read("snap"), read("key")),),
        ),
        Example(name="no secret", nodes=(node("vm", "AWS::EC2::Instance"),), edges=()),
    ),
)
