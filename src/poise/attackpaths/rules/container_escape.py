"""Code in a container that is not held back becomes code on the node that runs it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

RUNS = EdgeKind.IS_RUNNING


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step from each container that can leave itself."""
    for run in facts.of(RUNS):
        if facts.insight(run.target, "escapes") is True:
            yield Step(
                source=State(run.target, Capability.CODE),
                target=State(run.source, Capability.CODE),
                state=run.state,
                condition=run.condition,
                evidence=run.evidence,
            )


POD = "Pod"
RULE = Rule(
    title="Leave a container",
    story="Code in {source} can leave its container and runs on {target}.",
    technique="T1611",
    preconditions=("the container is privileged, or holds the disk or the processes of its node",),
    derive=derive,
    examples=(
        Example(
            name="a privileged pod",
            nodes=(node("node", "Node"), node("pod", POD, escapes=True)),
            edges=(edge("node", RUNS, "pod"),),
            steps=((code("pod"), code("node")),),
        ),
        Example(
            name="a pod that is held back",
            nodes=(node("node", "Node"), node("pod", POD, escapes=False)),
            edges=(edge("node", RUNS, "pod"),),
        ),
    ),
)
