"""Whether a residual condition can be met from where an attacker stands.

An answer that is `conditional` is worth little until one knows who can meet the condition: a header anyone can
send, a network that only some machines are in. Positions are alternatives: one that works is enough.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from poise.policy.answer import Answer, Decision
from poise.policy.aws.outcome import truth_of
from poise.policy.aws.positions import Position
from poise.policy.residual import Form, satisfiable

Fact = tuple[str, tuple[str, ...] | None]
NO_ENDPOINT: tuple[Fact, ...] = tuple(
    (f"aws:{key}", None)
    for key in ("sourcevpc", "sourcevpce", "sourcevpcarn", "vpcsourceip", "vpceaccount", "vpceorgid")
)
"""A request that comes over the internet passes no endpoint."""


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """A machine that an attacker controls."""

    vpc: str
    """Id of its VPC."""
    addresses: tuple[str, ...]
    """Its private addresses."""
    egress: tuple[str, ...]
    """Public addresses that its requests come from; empty if it does not reach the internet."""
    endpoints: tuple[str, ...]
    """Ids of the endpoints of its VPC."""


def from_internet(*, is_inside: bool = True) -> tuple[Position, ...]:
    """Return the positions of somebody on the internet, over it or through an endpoint of its own.

    ``is_inside``: it holds the credentials of a principal of the owner.
    """
    over = Position(is_inside=is_inside, facts=NO_ENDPOINT)
    return (over, Position(is_inside=is_inside, facts=(("aws:sourceip", None),)))


def from_machine(machine: Machine) -> tuple[Position, ...]:
    """Return the positions of a machine: through each of its endpoints, and over the internet."""
    found = [
        Position(
            is_inside=True,
            facts=(
                ("aws:sourcevpc", (machine.vpc,)),
                ("aws:sourcevpce", (endpoint,)),
                ("aws:vpcsourceip", (address,)),
                ("aws:sourceip", None),
            ),
        )
        for endpoint in machine.endpoints
        for address in machine.addresses
    ]
    over = (Position(is_inside=True, facts=(*NO_ENDPOINT, ("aws:sourceip", (ip,)))) for ip in machine.egress)
    return (*found, *over)


def from_account(account: str, organization: str | None) -> tuple[Position, ...]:
    """Return the positions of a principal of another account; ``organization`` None: it is in none."""
    member = ("aws:principalorgid", None if organization is None else (organization,))
    return (Position(account=account, is_signed=True, facts=(member,)),)


def decision_from(answer: Answer, positions: Iterable[Position]) -> Decision:
    """Return what an answer comes to from one of several positions.

    `allow`: some position meets the condition whatever else; `conditional`: some can; `deny`: none can;
    `unknown`: it hangs on an input that was not read.
    """
    truth = truth_of(answer)
    if isinstance(truth, bool):
        return answer.decision
    values = [satisfiable(truth, position.outcomes_of) for position in positions]
    if any(True in found and False not in found for found in values):
        return Decision.ALLOW
    if not any(True in found for found in values):
        return Decision.DENY
    hangs = any(leaf.form is Form.UNREAD for leaf in truth.leaves())
    return Decision.UNKNOWN if hangs else Decision.CONDITIONAL
