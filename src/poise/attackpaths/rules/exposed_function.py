"""A function that anyone may call, or that any packet reaches, runs its code on what the caller sends."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import FUNCTIONS
from poise.attackpaths.networks import places_of
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step, joined_conditions, weakest
from poise.model.graph import EVERYONE, Capability, EdgeKind, EdgeState

MAY = EdgeKind.HAS_PERMISSION
FLAWED = "its code has a flaw that the caller can use"
CALLS = frozenset({"lambda:invokefunctionurl", "lambda:invokefunction"})


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each function that anyone may call."""
    for calling in facts.out(MAY, EVERYONE):
        if facts.kind(calling.target) not in FUNCTIONS or not CALLS & {one.lower() for one in calling.actions}:
            continue
        for place in places_of(facts, calling):
            yield Step(
                source=State(EVERYONE, Capability.CREDENTIALS),
                target=State(calling.target, Capability.CODE),
                also=place.states,
                state=weakest(place.state, EdgeState.CONDITIONAL),
                condition=joined_conditions(place.condition, FLAWED),
                detail=", ".join(calling.actions),
                evidence=calling.evidence,
            )


LAMBDA = node("f", "AWS::Lambda::Function")
RULE = Rule(
    title="Call a function that anyone may call",
    story="{source} may call {target} without signing in, and chooses what its code works on.",
    technique="T1190",
    preconditions=("the function takes calls without credentials", "its code has a flaw: assumed, with a low prior"),
    derive=derive,
    examples=(
        Example(
            name="a function with an open address",
            nodes=(LAMBDA,),
            edges=(edge("everyone", MAY, "f", actions=("lambda:InvokeFunctionUrl",)),),
            steps=((credentials("everyone"), code("f")),),
        ),
        Example(
            name="anyone may call it, but through an endpoint that is not in the estate",
            nodes=(LAMBDA,),
            edges=(
                edge(
                    *("everyone", MAY, "f"),
                    actions=("lambda:InvokeFunction",),
                    condition="StringEquals aws:SourceVpce [vpce-0123456789abcdef0]",
                ),
            ),
        ),
        Example(
            name="only a role may call it",
            nodes=(LAMBDA, node("role", "AWS::IAM::Role")),
            edges=(edge("role", MAY, "f", actions=("lambda:InvokeFunction",)),),
        ),
    ),
)
