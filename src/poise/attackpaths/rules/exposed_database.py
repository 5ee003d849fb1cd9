"""A database takes packets and users with passwords: a guessed or leaked password opens it."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import edge, network, node, read
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import DATABASES
from poise.attackpaths.ports import joined
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind, EdgeState

ROUTES = EdgeKind.ROUTES_TO
GUESSED = "a password of a database user is guessed or known"


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each way to a database that lets users sign in with passwords."""
    for route in facts.of(ROUTES):
        if facts.kind(route.target) in DATABASES and facts.insight(route.target, "allows_basic_authentication") is True:
            yield Step(
                source=State(route.target, Capability.NETWORK, joined(route.ports)),
                target=State(route.target, Capability.READ),
                state=EdgeState.UNKNOWN if route.state is EdgeState.UNKNOWN else EdgeState.CONDITIONAL,
                condition=GUESSED,
                detail=joined(route.ports),
                evidence=route.evidence,
            )


DATABASE = node("db", "AWS::RDS::DBInstance", allows_basic_authentication=True)
RULE = Rule(
    title="Sign in to a database with a password",
    story="{target} lets users sign in with passwords, and packets reach it ({detail}).",
    technique="T1110",
    preconditions=("packets reach the database", "it lets local users sign in with passwords"),
    derive=derive,
    examples=(
        Example(
            name="a public database with passwords",
            nodes=(DATABASE,),
            edges=(edge("internet", ROUTES, "db", ports=("tcp/5432",)),),
            steps=((network("db", "tcp/5432"), read("db")),),
        ),
        Example(
            name="only directory users sign in",
            nodes=(node("db", "AWS::RDS::DBInstance", allows_basic_authentication=False),),
            edges=(edge("internet", ROUTES, "db", ports=("tcp/5432",)),),
        ),
        Example(name="no packets reach it", nodes=(DATABASE,), edges=()),
    ),
)
