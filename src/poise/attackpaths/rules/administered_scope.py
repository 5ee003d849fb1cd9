"""Whoever administers a directory, cluster, vault or group of resources administers what is in it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import admin, edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import SCOPES
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

INSIDE = EdgeKind.CONTAINS
TOPS = frozenset(
    {
        "AWS::Organizations::Organization",
        "Microsoft.Management/managementGroups",
        "Microsoft.Entra/tenant",
        "cloudresourcemanager.googleapis.com/Organization",
    }
)


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a free step down; from accounts and the like only to further ones, for they are targets themselves."""
    for holding in facts.of(INSIDE):
        above, below = facts.kind(holding.source), facts.kind(holding.target)
        if (above in TOPS and below in SCOPES) or above not in SCOPES:
            yield Step(
                source=State(holding.source, Capability.ADMIN),
                target=State(holding.target, Capability.ADMIN),
                state=holding.state,
                condition=holding.condition,
                is_free=True,
                evidence=holding.evidence,
            )


RULE = Rule(
    title="Administer what is inside",
    story="{target} lies in {source}.",
    technique="T1078.004",
    preconditions=("the target lies in the source",),
    derive=derive,
    examples=(
        Example(
            name="an organization holds an account",
            nodes=(node("org", "AWS::Organizations::Organization"), node("account", "AWS::::Account")),
            edges=(edge("org", INSIDE, "account"),),
            steps=((admin("org"), admin("account")),),
        ),
        Example(
            name="an account is a target by itself, and no way up to its organization",
            nodes=(
                node("account", "AWS::::Account"),
                node("b", "AWS::S3::Bucket"),
                node("org", "AWS::Organizations::Organization"),
            ),
            edges=(edge("account", INSIDE, "b"), edge("account", INSIDE, "org")),
        ),
    ),
)
