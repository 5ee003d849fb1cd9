"""What an attacker in a given place can make of a residual."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from poise.policy.answer import Answer
from poise.policy.gcp.cel.evaluation import Facts, Open, Tags, evaluate
from poise.policy.gcp.cel.values import Moment, Unknown
from poise.policy.gcp.permissions import ROOTS
from poise.policy.outcome import truth_of
from poise.policy.residual import Residual, satisfiable

EITHER = frozenset({True, False})


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """A place from which requests are made."""

    known: Mapping[str, Any] = {}
    """Attributes that the place settles. The attacker chooses the others, tags of the asset left aside."""
    tags: Tags | None = None
    """Tags of the asset; None: not known."""

    def outcomes(self, leaf: Residual) -> frozenset[bool]:
        """Return the values that the attacker can give one condition of a residual."""
        if not isinstance(leaf.test, Open):
            return EITHER
        value = evaluate(leaf.test.node, Facts(self.known, ROOTS, tags=self.tags))
        return EITHER if isinstance(value, Unknown) else frozenset({value is leaf.test.wanted})


def from_internet(now: datetime) -> Position:
    """Return the place of somebody on the internet, at a moment; access levels may let anybody in."""
    return Position(known={"request.time": Moment.at(now)})


def possible(answer: Answer, position: Position) -> frozenset[bool]:
    """Return whether an answer can come out as allowed, as denied, or as both, for a caller in a place."""
    return satisfiable(truth_of(answer), position.outcomes)
