"""A token that an issuer gives, or a principal of a foreign account, is taken for the principal that trusts it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import ISSUER
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import EVERYONE, Capability, EdgeKind

ACTS = EdgeKind.CAN_AUTHENTICATE_AS


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each principal that takes tokens of an issuer, or anyone at all."""
    for acting in facts.of(ACTS):
        if acting.source == EVERYONE or facts.kind(acting.source) == ISSUER:
            yield Step(
                source=State(acting.source, Capability.CREDENTIALS),
                target=State(acting.target, Capability.CREDENTIALS),
                state=acting.state,
                condition=acting.condition,
                evidence=acting.evidence,
            )


RULE = Rule(
    title="Sign in with a foreign token",
    story="{target} takes what {source} vouches for.",
    technique="T1550.001",
    preconditions=("the principal trusts the issuer", "its conditions let tokens of strangers through"),
    derive=derive,
    examples=(
        Example(
            name="a role takes tokens for any repository",
            nodes=(node("issuer", "issuer"), node("role", "AWS::IAM::Role")),
            edges=(edge("issuer", ACTS, "role"),),
            steps=((credentials("issuer"), credentials("role")),),
        ),
        Example(
            name="the issuer is registered, but nothing trusts it",
            nodes=(node("issuer", "issuer"), node("role", "AWS::IAM::Role")),
            edges=(edge("account", EdgeKind.TRUSTS_ISSUER, "issuer"),),
        ),
    ),
)
