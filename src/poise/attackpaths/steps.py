"""States and steps: what an attacker holds, and how one thing leads to the next.

A state is a node together with a capability, so that sending packets to a machine is not the same as owning it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from poise.model.graph import Capability, EdgeState, Evidence


class State(NamedTuple):
    """What an attacker holds."""

    node: str
    """Id of the node."""
    capability: Capability
    """What can be done with it."""
    ports: str = ""
    """For `network`: protocol and ports that get through, such as `tcp/443`, with commas."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that an attacker can do, with what proves it."""

    source: State
    """What is held before."""
    target: State
    """What is held after."""
    also: tuple[State, ...] = ()
    """Further states that must be held, over other nodes."""
    state: EdgeState = EdgeState.CERTAIN
    """How far it is proven."""
    condition: str = ""
    """What else must hold, or what was not read."""
    chance: float = 1.0
    """Factor on the prior of the rule, such as how likely a vulnerability is used."""
    detail: str = ""
    """What makes it, in a few words: ports, a vulnerability, actions."""
    actions: tuple[str, ...] = ()
    """Actions of the provider that it takes."""
    row: str = ""
    """Id of a row of an escalation catalogue, which is a kind of step by itself."""
    technique: str = ""
    """ATT&CK technique, where it is not the rule's."""
    is_free: bool = False
    """Whether it is no step of its own: membership of a group, what a capability includes."""
    evidence: tuple[Evidence, ...] = ()
    """The facts that prove it."""


RANK = {EdgeState.CERTAIN: 0, EdgeState.CONDITIONAL: 1, EdgeState.UNKNOWN: 2}
"""How weak a state is."""


def weakest(*states: EdgeState) -> EdgeState:
    """Return how far something is proven that needs several facts."""
    return max(states, key=RANK.__getitem__)


def joined_conditions(*conditions: str) -> str:
    """Return what must hold where several conditions must, each said once; empty for none."""
    return " and ".join(dict.fromkeys(filter(None, conditions)))


class Taken(NamedTuple):
    """A step with the rule that gives it."""

    rule: str
    step: Step

    @property
    def sign(self) -> str:
        """Return the name of the kind of step, as signatures hold it."""
        return f"{self.rule}:{self.step.row}" if self.step.row else self.rule


Names = Mapping[str, str]
"""Node id -> what people call it."""
