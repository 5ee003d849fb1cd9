"""Permissions lead to more: one row of an escalation catalogue holds in full, for this principal and this target."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

ESCALATES = EdgeKind.CAN_ESCALATE_TO


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each row that holds."""
    for way in facts.of(ESCALATES):
        yield Step(
            source=State(way.source, Capability.CREDENTIALS),
            target=State(way.target, way.capability or Capability.CREDENTIALS),
            state=way.state,
            condition=way.condition,
            row=way.rule,
            actions=way.actions,
            detail=" + ".join(way.actions) or way.rule.replace("_", " "),
            evidence=way.evidence,
        )


USER, ROLE = node("ci", "AWS::IAM::User"), node("build", "AWS::IAM::Role")
RULE = Rule(
    title="Widen one's permissions",
    story="{source} gets the rights of {target} with {detail}.",
    technique="T1098",
    preconditions=("every permission of the row holds, bound to this target", "the target fits: it trusts the service"),
    derive=derive,
    examples=(
        Example(
            name="a function is made with a stronger role",
            nodes=(USER, ROLE),
            edges=(edge("ci", ESCALATES, "build", rule="lambda_create_and_invoke"),),
            steps=((credentials("ci"), credentials("build")),),
        ),
        Example(
            name="one of the permissions alone",
            nodes=(USER, ROLE),
            edges=(edge("ci", EdgeKind.HAS_PERMISSION, "build", actions=("iam:PassRole",)),),
        ),
    ),
)
