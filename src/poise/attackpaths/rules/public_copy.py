"""Anyone may copy a snapshot, an image or a container image, and read the copy."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

PUBLISHES = EdgeKind.PUBLISHES


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each thing that is shared."""
    for sharing in facts.of(PUBLISHES):
        yield Step(
            source=State(sharing.source, Capability.CREDENTIALS),
            target=State(sharing.target, Capability.READ),
            state=sharing.state,
            condition=sharing.condition,
            evidence=sharing.evidence,
        )


RULE = Rule(
    title="Copy what is shared",
    story="{source} may copy {target} and read the copy.",
    technique="T1530",
    preconditions=("it is shared with the source", "it is not encrypted with a key of the account"),
    derive=derive,
    examples=(
        Example(
            name="a public snapshot",
            nodes=(node("snap", "AWS::EC2::Snapshot"),),
            edges=(edge("everyone", PUBLISHES, "snap"),),
            steps=((credentials("everyone"), read("snap")),),
        ),
        Example(name="a private snapshot", nodes=(node("snap", "AWS::EC2::Snapshot"),), edges=()),
    ),
)
