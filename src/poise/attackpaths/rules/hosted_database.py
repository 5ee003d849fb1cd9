"""A database server on a machine: a common user name gets in, and it can run commands on the machine."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, network, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.ports import joined, overlap
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import Capability, EdgeKind, EdgeState

ROUTES, RUNS = EdgeKind.ROUTES_TO, EdgeKind.IS_RUNNING
GUESSED = "the password of a common user name is guessed"


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each machine whose database has common user names and runs commands."""
    for run in facts.of(RUNS):
        guessable = facts.insight(run.target, "common_usernames") is True
        if not (guessable and facts.insight(run.target, "runs_commands_on_host") is True):
            continue
        for route in facts.into(ROUTES, run.source):
            if not run.ports or overlap(route.ports or ("any",), run.ports):
                yield Step(
                    source=State(run.source, Capability.NETWORK, joined(route.ports)),
                    target=State(run.source, Capability.CODE),
                    state=EdgeState.UNKNOWN if run.state is EdgeState.UNKNOWN else EdgeState.CONDITIONAL,
                    condition=GUESSED,
                    detail=facts.name(run.target),
                    evidence=run.evidence,
                )


VM, SQL = node("vm", "AWS::EC2::Instance"), "SqlServer"
ROUTE = edge("internet", ROUTES, "vm", ports=("tcp/1433",))
RULE = Rule(
    title="Run commands through a database server",
    story="{detail} on {target} has a common user name and runs commands on its machine.",
    technique="T1505.001",
    preconditions=("packets reach the database server", "it has a common user name", "it may run commands"),
    derive=derive,
    examples=(
        Example(
            name="common user name and commands",
            nodes=(VM, node("sql", SQL, common_usernames=True, runs_commands_on_host=True)),
            edges=(ROUTE, edge("vm", RUNS, "sql", ports=("tcp/1433",))),
            steps=((network("vm", "tcp/1433"), code("vm")),),
        ),
        Example(
            name="commands are switched off",
            nodes=(VM, node("sql", SQL, common_usernames=True, runs_commands_on_host=False)),
            edges=(ROUTE, edge("vm", RUNS, "sql", ports=("tcp/1433",))),
        ),
    ),
)
