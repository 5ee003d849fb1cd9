"""Data of a store are copied to another one that the attacker can read: a replica, a backup, a snapshot."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

COPIES = EdgeKind.COPIES_TO


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step from each copy to the store whose data it holds."""
    for copying in facts.of(COPIES):
        yield Step(
            source=State(copying.target, Capability.READ),
            target=State(copying.source, Capability.READ),
            state=copying.state,
            condition=copying.condition,
            evidence=copying.evidence,
        )


RULE = Rule(
    title="Read a copy of the data",
    story="{source} holds a copy of the data of {target}.",
    technique="T1530",
    preconditions=("the data are copied there",),
    derive=derive,
    examples=(
        Example(
            name="a private bucket replicates to another one",
            nodes=(node("private", "AWS::S3::Bucket"), node("copy", "AWS::S3::Bucket")),
            edges=(edge("private", COPIES, "copy"),),
            steps=((read("copy"), read("private")),),
        ),
        Example(
            name="only the logs of its readers are delivered there",
            nodes=(node("private", "AWS::S3::Bucket"), node("logs", "AWS::S3::Bucket")),
            edges=(edge("private", EdgeKind.LOGS_TO, "logs"),),
        ),
        Example(name="no replication", nodes=(node("private", "AWS::S3::Bucket"),), edges=()),
    ),
)
