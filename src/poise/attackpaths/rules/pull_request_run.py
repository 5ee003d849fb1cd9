"""A pipeline runs the code of a stranger's pull request with the rights of the repository."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import EVERYONE, Capability, EdgeKind


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step to each pipeline that runs pull requests of strangers."""
    for id, found in facts.nodes.items():
        if found.insights.get("runs_pull_requests_of_strangers") is True:
            yield Step(
                source=State(EVERYONE, Capability.CREDENTIALS),
                target=State(id, Capability.CODE),
                detail="pull_request_target",
            )


REPOSITORY = "GitHub::Repository"
RULE = Rule(
    title="Send a pull request that runs",
    story="{source} may send a pull request to {target}, whose pipeline runs it ({detail}).",
    technique="T1195.002",
    preconditions=("anyone may fork the repository", "its pipeline runs code of the fork with its own token"),
    derive=derive,
    examples=(
        Example(
            name="pull_request_target checks out the fork",
            nodes=(node("repo", REPOSITORY, runs_pull_requests_of_strangers=True),),
            edges=(),
            steps=((credentials("everyone"), code("repo")),),
        ),
        Example(
            name="pull requests run without rights",
            nodes=(node("repo", REPOSITORY, runs_pull_requests_of_strangers=False),),
            edges=(edge("repo", EdgeKind.MAINTAINS, "app"),),
        ),
    ),
)
