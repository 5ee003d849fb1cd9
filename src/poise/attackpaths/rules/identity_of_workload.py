"""Code on a machine, function or container acts as the identity that it runs with."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import ISSUER, SECRET
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

ACTS = EdgeKind.CAN_AUTHENTICATE_AS


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each identity of something that runs code."""
    for acting in facts.of(ACTS):
        if facts.kind(acting.source) not in (SECRET, ISSUER, "everyone"):
            yield Step(
                source=State(acting.source, Capability.CODE),
                target=State(acting.target, Capability.CREDENTIALS),
                state=acting.state,
                condition=acting.condition,
                evidence=acting.evidence,
            )


RULE = Rule(
    title="Act as the identity of a workload",
    story="Code on {source} acts as {target}.",
    technique="T1078.004",
    preconditions=("the workload runs with the identity",),
    derive=derive,
    examples=(
        Example(
            name="a machine has a role",
            nodes=(node("vm", "AWS::EC2::Instance"), node("role", "AWS::IAM::Role")),
            edges=(edge("vm", ACTS, "role"),),
            steps=((code("vm"), credentials("role")),),
        ),
        Example(
            name="a key is no workload",
            nodes=(node("key", "secret"), node("user", "AWS::IAM::User")),
            edges=(edge("key", ACTS, "user"),),
        ),
    ),
)
