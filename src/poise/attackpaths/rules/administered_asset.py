"""Whoever administers a thing reads its data, or runs code on it. It is no step of its own."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import admin, code, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import CLUSTERS, FUNCTIONS, MACHINES, SECRET, STORES, VAULTS
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability

READS = STORES | VAULTS | {SECRET}
RUNS = MACHINES | FUNCTIONS | CLUSTERS


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a free step from administering to what it includes."""
    for id, found in facts.nodes.items():
        gained = Capability.READ if found.kind in READS else Capability.CODE if _runs(found.kind) else None
        if gained is not None:
            yield Step(source=State(id, Capability.ADMIN), target=State(id, gained), is_free=True)


def _runs(kind: str) -> bool:
    """Say whether administering gives code: in AWS that is a permission of its own."""
    return kind in RUNS and not kind.startswith("AWS::")


VM = "Microsoft.Compute/virtualMachines"
RULE = Rule(
    title="Use what one administers",
    story="{source} is administered, and so can be used.",
    technique="T1078.004",
    preconditions=("the thing is administered",),
    derive=derive,
    examples=(
        Example(
            name="an administered store can be read, a machine run",
            nodes=(node("b", "AWS::S3::Bucket"), node("vm", VM)),
            edges=(),
            steps=((admin("b"), read("b")), (admin("vm"), code("vm"))),
        ),
        Example(name="callers of a function", nodes=(node("f", "AWS::Lambda::Function"),), edges=()),
        Example(name="a role is neither", nodes=(node("role", "AWS::IAM::Role"),), edges=()),
    ),
)
