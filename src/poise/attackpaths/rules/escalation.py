"""Permissions lead to more: one row of an escalation catalogue holds in full, for this principal and this target."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from poise.attackpaths.drawing import credentials, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.networks import places_of
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import RANK, State, Step
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.policy.aws import escalation as aws
from poise.policy.azure import escalation as azure

ESCALATES, MAY = EdgeKind.CAN_ESCALATE_TO, EdgeKind.HAS_PERMISSION
UNPROVEN = len(RANK)
"""Weaker than any state."""


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each row that holds."""
    plain = _plain(facts)
    for way in facts.of(ESCALATES):
        if plain.get((way.source, way.target, way.capability), UNPROVEN) <= RANK[way.state]:
            continue
        for place in places_of(facts, way):
            yield Step(
                source=State(way.source, Capability.CREDENTIALS),
                target=State(way.target, way.capability or Capability.CREDENTIALS),
                also=place.states,
                state=place.state,
                condition=place.condition,
                row=way.rule,
                actions=way.actions,
                technique=_techniques().get(way.rule, ""),
                detail=" + ".join(way.actions) or way.rule.replace("_", " "),
                evidence=way.evidence,
            )


def _plain(facts: Facts) -> dict[tuple[str, str, Capability | None], int]:
    """Return how far it is proven what a permission gives by itself: a row that gives no more adds nothing."""
    found: dict[tuple[str, str, Capability | None], int] = {}
    for one in facts.of(MAY):
        if one.capability is not None:
            key = (one.source, one.target, one.capability)
            found[key] = min(found.get(key, UNPROVEN), RANK[one.state])
    return found


@cache
def _techniques() -> dict[str, str]:
    """Return the ATT&CK technique of each row of the catalogues."""
    return {row.id: row.technique for row in aws.catalogue()} | {row.id: row.technique for row in azure.catalogue()}


USER, ROLE = node("ci", "AWS::IAM::User"), node("build", "AWS::IAM::Role")
BUCKET = node("b", "AWS::S3::Bucket")
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
            name="a permission that hangs on something does not hide a row that holds",
            nodes=(USER, BUCKET),
            edges=(
                edge("ci", MAY, "b", capability=Capability.READ, state=EdgeState.CONDITIONAL, condition="a tag"),
                edge("ci", ESCALATES, "b", capability=Capability.READ, rule="s3_put_bucket_policy"),
            ),
            steps=((credentials("ci"), read("b")),),
        ),
        Example(
            name="a permission says the same",
            nodes=(USER, BUCKET),
            edges=(
                edge("ci", MAY, "b", capability=Capability.READ),
                edge("ci", ESCALATES, "b", capability=Capability.READ, rule="s3_put_bucket_policy"),
            ),
        ),
        Example(
            name="one of the permissions alone",
            nodes=(USER, ROLE),
            edges=(edge("ci", MAY, "build", actions=("iam:PassRole",)),),
        ),
    ),
)
