"""Whoever administers a vault reads it, one who administers a machine runs code on it, a database once packets arrive.

That is so where all that could stand in the way is part of the thing itself: the access policies and the firewall of a
vault. Where something else decides too - guardrails and keys of buckets and copies, keys of storage accounts - the
graph asks the judge of policies for each principal; see `poise.graph.edges.takeover`.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import admin, code, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import CLUSTERS, FUNCTIONS, MACHINES, NETWORKED
from poise.attackpaths.networks import arrivals
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind

READS = frozenset({"Microsoft.KeyVault/vaults"})
RUNS = MACHINES | FUNCTIONS | CLUSTERS


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a free step from administering to what it includes; to read a database packets must arrive besides."""
    for id, found in facts.nodes.items():
        held = State(id, Capability.ADMIN)
        if found.kind in READS:
            yield Step(source=held, target=State(id, Capability.READ), is_free=True)
        elif _runs(found.kind):
            yield Step(source=held, target=State(id, Capability.CODE), is_free=True)
        elif found.kind in NETWORKED:
            for arrived in arrivals(facts, id):
                yield Step(source=held, target=State(id, Capability.READ), also=(arrived,), is_free=True)


def _runs(kind: str) -> bool:
    """Say whether administering gives code: in AWS that is a permission of its own."""
    return kind in RUNS and not kind.startswith("AWS::")


VAULT, VM, DATABASE = "Microsoft.KeyVault/vaults", "Microsoft.Compute/virtualMachines", "AWS::RDS::DBInstance"
RULE = Rule(
    title="Use what one administers",
    story="{source} is administered, and so can be used.",
    technique="T1078.004",
    preconditions=("the thing is administered", "for a database: packets reach it"),
    derive=derive,
    examples=(
        Example(
            name="an administered vault can be read, a machine run",
            nodes=(node("v", VAULT), node("vm", VM)),
            edges=(),
            steps=((admin("v"), read("v")), (admin("vm"), code("vm"))),
        ),
        Example(
            name="the password of a database that packets reach is set anew",
            nodes=(node("db", DATABASE),),
            edges=(edge("internet", EdgeKind.ROUTES_TO, "db", ports=("tcp/5432",)),),
            steps=((admin("db"), read("db")),),
        ),
        Example(name="no packets reach the database", nodes=(node("db", DATABASE),), edges=()),
        Example(
            name="guardrails and keys decide who reads a bucket or a copy",
            nodes=(node("b", "AWS::S3::Bucket"), node("snap", "AWS::EC2::Snapshot")),
            edges=(),
        ),
        Example(
            name="keys of a storage account are listed by another permission",
            nodes=(node("s", "Microsoft.Storage/storageAccounts"),),
            edges=(),
        ),
        Example(name="callers of a function", nodes=(node("f", "AWS::Lambda::Function"),), edges=()),
        Example(name="a role is neither", nodes=(node("role", "AWS::IAM::Role"),), edges=()),
    ),
)
