"""What an attacker in a given place can make of a residual.

Source: Microsoft Learn, "Azure role assignment condition format and syntax", section "Environment attributes": a
request from the internet comes over no private link, private end point or subnet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from poise.policy.answer import Answer
from poise.policy.azure.attributes import Facts, Value, decide
from poise.policy.azure.conditions import ActionMatches, Compare, Exists, SubOperationMatches
from poise.policy.outcome import truth_of
from poise.policy.residual import Residual, satisfiable

EITHER = frozenset({True, False})
PRIVATE_LINK = "@Environment[isPrivateLink]"
END_POINT = "@Environment[Microsoft.Network/privateEndpoints]"
SUBNET = "@Environment[Microsoft.Network/virtualNetworks/subnets]"
NOW = "@Environment[UtcNow]"


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place from which requests are made."""

    known: Mapping[str, Value] = {}
    """Attributes that the place settles; None: missing there. The attacker chooses the others."""
    can_activate: bool = True
    """Whether it can activate what it is eligible for: it holds whatever the activation asks for."""

    def outcomes(self, leaf: Residual) -> frozenset[bool]:
        """Return the values that the attacker can give one condition of a residual."""
        test = leaf.test
        if isinstance(test, tuple) and test and test[0] == "activation":
            return EITHER if self.can_activate else frozenset({False})
        if not isinstance(test, Compare | Exists | ActionMatches | SubOperationMatches):
            return EITHER
        found = decide(test, Facts.of("", self.known))
        return EITHER if found is None else frozenset({found})


def from_internet(now: datetime) -> Position:
    """Return the place of somebody on the internet, at a moment."""
    known: dict[str, Value] = {PRIVATE_LINK: "false", END_POINT: None, SUBNET: None, NOW: now.isoformat()}
    return Position(known=known)


def possible(answer: Answer, position: Position) -> frozenset[bool]:
    """Return whether an answer can come out as allowed, as denied, or as both, for a caller in a place."""
    return satisfiable(truth_of(answer), position.outcomes)
