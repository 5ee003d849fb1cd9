"""A principal becomes another one: the trust and the grant both allow it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.networks import places_of
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

ASSUMES = EdgeKind.CAN_ASSUME


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each role that can be assumed."""
    for assuming in facts.of(ASSUMES):
        for place in places_of(facts, assuming):
            yield Step(
                source=State(assuming.source, Capability.CREDENTIALS),
                target=State(assuming.target, Capability.CREDENTIALS),
                also=place.states,
                state=place.state,
                condition=place.condition,
                actions=("sts:AssumeRole",) if assuming.actions else (),
                evidence=assuming.evidence,
            )


RULE = Rule(
    title="Assume a role",
    story="{source} can become {target}: the trust of the one and the grant of the other allow it.",
    technique="T1078.004",
    preconditions=("the target trusts the source", "the source is granted it, where that is needed"),
    derive=derive,
    examples=(
        Example(
            name="a role of another account",
            nodes=(node("app", "AWS::IAM::Role"), node("data", "AWS::IAM::Role")),
            edges=(edge("app", ASSUMES, "data"),),
            steps=((credentials("app"), credentials("data")),),
        ),
        Example(
            name="only through an endpoint that is not in the estate",
            nodes=(node("app", "AWS::IAM::Role"), node("data", "AWS::IAM::Role")),
            edges=(edge("app", ASSUMES, "data", condition="StringEquals aws:SourceVpce [vpce-0123456789abcdef0]"),),
        ),
        Example(
            name="trust alone makes no edge",
            nodes=(node("app", "AWS::IAM::Role"), node("data", "AWS::IAM::Role")),
            edges=(edge("data", EdgeKind.TRUSTS_ISSUER, "app"),),
        ),
    ),
)
