"""Whoever can push an image runs code in every workload that pulls it by a name that moves."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, node, write
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step, joined_conditions
from poise.model.graph import Capability, EdgeKind, EdgeState

MAINTAINS = EdgeKind.MAINTAINS
UNTOLD = "not read: whether it pulls its image by a digest"
REGISTRIES = frozenset(
    {
        "AWS::ECR::Repository",
        "Microsoft.ContainerRegistry/registries",
        "artifactregistry.googleapis.com/Repository",
    }
)


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step from each registry to what is deployed from it."""
    for deploying in facts.of(MAINTAINS):
        pinned = facts.insight(deploying.target, "pins_images")
        if facts.kind(deploying.source) in REGISTRIES and pinned is not True:
            is_told = pinned is False
            yield Step(
                source=State(deploying.source, Capability.WRITE),
                target=State(deploying.target, Capability.CODE),
                state=deploying.state if is_told else EdgeState.UNKNOWN,
                condition=joined_conditions(deploying.condition, "" if is_told else UNTOLD),
                evidence=deploying.evidence,
            )


REGISTRY = node("images", "AWS::ECR::Repository")
RULE = Rule(
    title="Replace an image",
    story="{target} runs what is pushed to {source}.",
    technique="T1525",
    preconditions=("the workload pulls its image by a tag, not by a digest",),
    derive=derive,
    examples=(
        Example(
            name="a workload pulls a tag",
            nodes=(REGISTRY, node("pod", "Pod", pins_images=False)),
            edges=(edge("images", MAINTAINS, "pod"),),
            steps=((write("images"), code("pod")),),
        ),
        Example(
            name="a workload pulls a digest",
            nodes=(REGISTRY, node("pod", "Pod", pins_images=True)),
            edges=(edge("images", MAINTAINS, "pod"),),
        ),
    ),
)
