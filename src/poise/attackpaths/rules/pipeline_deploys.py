"""Code in a repository's pipeline changes what the pipeline deploys."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, node, write
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import REPOSITORIES
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

MAINTAINS = EdgeKind.MAINTAINS


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step to each thing that a repository deploys."""
    for deploying in facts.of(MAINTAINS):
        if facts.kind(deploying.source) in REPOSITORIES:
            for held in (Capability.CODE, Capability.WRITE):
                yield Step(
                    source=State(deploying.source, held),
                    target=State(deploying.target, Capability.CODE),
                    state=deploying.state,
                    condition=deploying.condition,
                    evidence=deploying.evidence,
                )


REPOSITORY = node("repo", "GitHub::Repository")
RULE = Rule(
    title="Change what a pipeline deploys",
    story="The pipeline of {source} deploys {target}.",
    technique="T1195.002",
    preconditions=("the repository deploys it",),
    derive=derive,
    examples=(
        Example(
            name="a repository deploys a function",
            nodes=(REPOSITORY, node("f", "AWS::Lambda::Function")),
            edges=(edge("repo", MAINTAINS, "f"),),
            steps=((code("repo"), code("f")), (write("repo"), code("f"))),
        ),
        Example(name="it deploys nothing", nodes=(REPOSITORY,), edges=()),
    ),
)
