"""Whoever can read a secret signs in with it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import DATABASES, MACHINES, SECRET, STORES, VAULTS
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

ACTS = EdgeKind.CAN_AUTHENTICATE_AS
READING = {SECRET} | VAULTS


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each principal, database or machine that a secret opens, unless it is known not to work."""
    for acting in facts.of(ACTS):
        if facts.kind(acting.source) in READING and facts.insight(acting.source, "active") is not False:
            yield Step(
                source=State(acting.source, Capability.READ),
                target=State(acting.target, _gained(facts.kind(acting.target))),
                state=acting.state,
                condition=acting.condition,
                evidence=acting.evidence,
            )


def _gained(kind: str) -> Capability:
    if kind in DATABASES | STORES:
        return Capability.READ
    return Capability.CODE if kind in MACHINES else Capability.CREDENTIALS


RULE = Rule(
    title="Sign in with a secret",
    story="{source} signs in as {target}.",
    technique="T1078",
    preconditions=("the secret was matched to what it opens", "it is not known to be inactive or expired"),
    derive=derive,
    examples=(
        Example(
            name="a key of a user",
            nodes=(node("key", "secret"), node("user", "AWS::IAM::User")),
            edges=(edge("key", ACTS, "user"),),
            steps=((read("key"), credentials("user")),),
        ),
        Example(
            name="a key that is switched off",
            nodes=(node("key", "secret", active=False), node("user", "AWS::IAM::User")),
            edges=(edge("key", ACTS, "user"),),
        ),
    ),
)
