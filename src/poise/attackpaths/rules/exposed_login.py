"""A login for administrators is open to the network, and nothing shows that it takes keys only."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.drawing import code, edge, network, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import MACHINES
from poise.attackpaths.ports import LOGINS, joined, overlap
from poise.attackpaths.rule import Example, Rule
from poise.attackpaths.steps import State, Step
from poise.model.graph import INTERNET, Capability, EdgeKind, EdgeState

ROUTES = EdgeKind.ROUTES_TO
GUESSED = "a password of the machine is guessed or known"


def derive(facts: Facts) -> Iterator[Step]:
    """Yield a step for each way in on a login's port, unless passwords are known to be refused there."""
    for route in sorted(facts.of(ROUTES), key=lambda one: one.source != INTERNET):
        hit = overlap(route.ports or ("any",), LOGINS)
        if not hit or facts.kind(route.target) not in MACHINES:
            continue
        if facts.insight(route.target, "password_login") is not False:
            yield Step(
                source=State(route.target, Capability.NETWORK, joined(route.ports)),
                target=State(route.target, Capability.CODE),
                state=EdgeState.CONDITIONAL,
                condition=GUESSED,
                detail=joined(hit),
                evidence=route.evidence,
            )


VM = "AWS::EC2::Instance"
RULE = Rule(
    title="Log in as an administrator",
    story="{target} offers a login for administrators on {detail}, where passwords can be tried.",
    technique="T1110",
    preconditions=(
        "packets reach SSH, RDP or WinRM",
        "the configuration of the login does not show that passwords are refused",
    ),
    derive=derive,
    examples=(
        Example(
            name="SSH is open",
            nodes=(node("vm", VM),),
            edges=(edge("internet", ROUTES, "vm", ports=("tcp/22",)),),
            steps=((network("vm", "tcp/22"), code("vm")),),
        ),
        Example(
            name="SSH takes keys only",
            nodes=(node("vm", VM, password_login=False),),
            edges=(edge("internet", ROUTES, "vm", ports=("tcp/22",)),),
        ),
        Example(
            name="only a web server is open",
            nodes=(node("vm", VM),),
            edges=(edge("internet", ROUTES, "vm", ports=("tcp/443",)),),
        ),
    ),
)
