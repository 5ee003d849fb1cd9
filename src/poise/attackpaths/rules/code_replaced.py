"""Whoever may change a function's code, or the store that it lies in, runs code as the function."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, node, write
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import FUNCTIONS
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step from changing to running."""
    for id, found in facts.nodes.items():
        if found.kind in FUNCTIONS:
            yield Step(source=State(id, Capability.WRITE), target=State(id, Capability.CODE))


RULE = Rule(
    title="Replace the code",
    story="Whoever may change {source} decides what it runs.",
    technique="T1648",
    preconditions=("its code or configuration may be changed",),
    derive=derive,
    examples=(
        Example(
            name="a function",
            nodes=(node("f", "AWS::Lambda::Function"),),
            edges=(),
            steps=((write("f"), code("f")),),
        ),
        Example(name="a bucket runs nothing", nodes=(node("b", "AWS::S3::Bucket"),), edges=()),
        Example(name="a machine that may be stopped is not run", nodes=(node("vm", "AWS::EC2::Instance"),), edges=()),
    ),
)
