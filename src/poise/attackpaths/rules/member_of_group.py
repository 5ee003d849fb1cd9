"""A member has what its group has. It is no step of its own."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

MEMBER = EdgeKind.MEMBER_OF


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a free step for each membership; one that must be activated first is a step."""
    for joining in facts.of(MEMBER):
        yield Step(
            source=State(joining.source, Capability.CREDENTIALS),
            target=State(joining.target, Capability.CREDENTIALS),
            state=joining.state,
            condition=joining.condition,
            is_free=not joining.condition,
            evidence=joining.evidence,
        )


RULE = Rule(
    title="Act as a member",
    story="{source} is a member of {target}.",
    technique="T1078.004",
    preconditions=("the principal is a member, or may activate its membership",),
    derive=derive,
    examples=(
        Example(
            name="a user in a group",
            nodes=(node("user", "AWS::IAM::User"), node("group", "AWS::IAM::Group")),
            edges=(edge("user", MEMBER, "group"),),
            steps=((credentials("user"), credentials("group")),),
        ),
        Example(name="no member", nodes=(node("user", "AWS::IAM::User"),), edges=()),
    ),
)
