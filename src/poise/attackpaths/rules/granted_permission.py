"""A principal does what it is permitted to: read data, change data, run code, administer."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import admin, credentials, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.networks import places_of
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

MAY = EdgeKind.HAS_PERMISSION


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each permission that gives something to an attacker."""
    for permission in facts.of(MAY):
        if permission.capability is None:
            continue
        for place in places_of(facts, permission):
            yield Step(
                source=State(permission.source, Capability.CREDENTIALS),
                target=State(permission.target, permission.capability),
                also=place.states,
                state=place.state,
                condition=place.condition,
                detail=_told(permission.actions),
                actions=permission.actions,
                row="" if permission.capability is Capability.READ else permission.capability.value,
                evidence=permission.evidence,
            )


def _told(actions: tuple[str, ...]) -> str:
    return ", ".join(actions[:3]) + (" ..." if len(actions) > 3 else "")


RULE = Rule(
    title="Use a permission",
    story="{source} is permitted {detail} on {target}.",
    technique="T1078.004",
    preconditions=("all policies and guardrails that were read allow it",),
    derive=derive,
    examples=(
        Example(
            name="a role reads a bucket and administers an account",
            nodes=(node("role", "AWS::IAM::Role"), node("b", "AWS::S3::Bucket"), node("a", "AWS::::Account")),
            edges=(
                edge("role", MAY, "b", capability=Capability.READ, actions=("s3:GetObject",)),
                edge("role", MAY, "a", capability=Capability.ADMIN, actions=("*",)),
            ),
            steps=((credentials("role"), read("b")), (credentials("role"), admin("a"))),
        ),
        Example(
            name="a permission that gives an attacker nothing",
            nodes=(node("role", "AWS::IAM::Role"), node("b", "AWS::S3::Bucket")),
            edges=(edge("role", MAY, "b", actions=("s3:ListBucket",)),),
        ),
        Example(
            name="only through an endpoint that is not in the estate",
            nodes=(node("role", "AWS::IAM::Role"), node("b", "AWS::S3::Bucket")),
            edges=(
                edge(
                    "role",
                    MAY,
                    "b",
                    capability=Capability.READ,
                    condition="StringEquals aws:SourceVpce [vpce-0123456789abcdef0]",
                ),
            ),
        ),
    ),
)
