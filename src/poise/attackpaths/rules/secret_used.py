"""Whoever can read a secret signs in with it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, credentials, edge, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import DATABASES, MACHINES, NETWORKED, SECRET, STORES, VAULTS
from poise.attackpaths.networks import arrivals
from poise.attackpaths.ports import LOGINS
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step, joined_conditions, weakest
from poise.model.graph import Capability, EdgeKind, EdgeState

ACTS, ROUTES = EdgeKind.CAN_AUTHENTICATE_AS, EdgeKind.ROUTES_TO
READING = {SECRET} | VAULTS
OUTSIDE, REACHED = "Machine", "packets reach a login of the machine"


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each principal, database or machine that a secret opens, unless it is known not to work."""
    for acting in facts.of(ACTS):
        if facts.kind(acting.source) in READING and facts.insight(acting.source, "active") is not False:
            for also, condition in _ways_in(facts, acting.target):
                yield Step(
                    source=State(acting.source, Capability.READ),
                    target=State(acting.target, _gained(facts.kind(acting.target))),
                    also=also,
                    state=weakest(acting.state, EdgeState.CONDITIONAL) if condition else acting.state,
                    condition=joined_conditions(acting.condition, condition),
                    evidence=acting.evidence,
                )


def _ways_in(facts: Facts, target: str) -> Iterator[tuple[tuple[State, ...], str]]:
    """Yield from where a target takes a secret: machines and databases where packets arrive, others from anywhere.

    Ways to machines outside of clouds are not known: that packets arrive there is a condition.
    """
    kind = facts.kind(target)
    if kind == OUTSIDE:
        yield (), REACHED
    elif kind in MACHINES:
        yield from (((one,), "") for one in arrivals(facts, target, LOGINS))
    elif kind in NETWORKED:
        yield from (((one,), "") for one in arrivals(facts, target))
    else:
        yield (), ""


def _gained(kind: str) -> Capability:
    if kind in DATABASES | STORES:
        return Capability.READ
    return Capability.CODE if kind in MACHINES else Capability.CREDENTIALS


VM = node("vm", "AWS::EC2::Instance")
RULE = Rule(
    title="Sign in with a secret",
    story="{source} signs in as {target}.",
    technique="T1078",
    preconditions=(
        "the secret was matched to what it opens",
        "it is not known to be inactive or expired",
        "packets reach the login of a machine, or the database",
    ),
    derive=derive,
    examples=(
        Example(
            name="a key of a user",
            nodes=(node("key", "secret"), node("user", "AWS::IAM::User")),
            edges=(edge("key", ACTS, "user"),),
            steps=((read("key"), credentials("user")),),
        ),
        Example(
            name="an SSH key of a machine whose login takes packets",
            nodes=(node("key", "secret"), VM),
            edges=(edge("key", ACTS, "vm"), edge("internet", ROUTES, "vm", ports=("tcp/22",))),
            steps=((read("key"), code("vm")),),
        ),
        Example(
            name="an SSH key of a machine that takes packets on another port alone",
            nodes=(node("key", "secret"), VM),
            edges=(edge("key", ACTS, "vm"), edge("internet", ROUTES, "vm", ports=("tcp/443",))),
        ),
        Example(
            name="a password of a database that no packets reach",
            nodes=(node("password", "secret"), node("db", "AWS::RDS::DBInstance")),
            edges=(edge("password", ACTS, "db"),),
        ),
        Example(
            name="a key that is switched off",
            nodes=(node("key", "secret", active=False), node("user", "AWS::IAM::User")),
            edges=(edge("key", ACTS, "user"),),
        ),
    ),
)
