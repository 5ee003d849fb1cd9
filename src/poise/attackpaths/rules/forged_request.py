"""A server that fetches what it is told is made to ask the metadata service for the credentials of the machine."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import credentials, edge, network, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.ports import joined, overlap
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step, joined_conditions, weakest
from poise.attackpaths.weaknesses import likelihood, listens_on, weaknesses
from poise.model.graph import Capability, Edge, EdgeKind

ACTS, HAS, ROUTES = EdgeKind.CAN_AUTHENTICATE_AS, EdgeKind.HAS_VULNERABILITY, EdgeKind.ROUTES_TO


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step to each identity of a machine whose metadata service answers without a token."""
    for machine, weak in weaknesses(facts, "forges_requests"):
        if facts.insight(machine, "metadata_without_token") is True:
            yield from _steps(facts, machine, weak)


def _steps(facts: Facts, machine: str, weak: Edge) -> Iterator[Step]:
    for route in facts.into(ROUTES, machine):
        listening = listens_on(facts, weak)
        if listening and not overlap(route.ports or ("any",), listening):
            continue
        for acting in facts.out(ACTS, machine):
            yield Step(
                source=State(machine, Capability.NETWORK, joined(route.ports)),
                target=State(acting.target, Capability.CREDENTIALS),
                state=weakest(weak.state, acting.state),
                condition=joined_conditions(weak.condition, acting.condition),
                chance=likelihood(facts, weak),
                detail=facts.name(weak.target),
                evidence=(*weak.evidence, *acting.evidence),
            )


VM = "AWS::EC2::Instance"
ROLE, FLAW = node("role", "AWS::IAM::Role"), node("SSRF", "vulnerability", forges_requests=True)
EDGES = (
    edge("internet", ROUTES, "vm", ports=("tcp/443",)),
    edge("vm", HAS, "SSRF"),
    edge("vm", ACTS, "role"),
)
RULE = Rule(
    title="Forge a request to the metadata service",
    story="A request forged through {source} ({detail}) fetches the credentials of {target}.",
    technique="T1552.005",
    preconditions=(
        "a weakness that forges requests was found on the machine",
        "its metadata service answers without a session token",
    ),
    derive=derive,
    examples=(
        Example(
            name="version 1 of the metadata service answers",
            nodes=(node("vm", VM, metadata_without_token=True), ROLE, FLAW),
            edges=EDGES,
            steps=((network("vm", "tcp/443"), credentials("role")),),
        ),
        Example(
            name="tokens are required",
            nodes=(node("vm", VM, metadata_without_token=False), ROLE, FLAW),
            edges=EDGES,
        ),
    ),
)
