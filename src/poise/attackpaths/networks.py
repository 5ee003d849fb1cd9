"""Conditions that ask from which network a call comes: they hold for whoever runs code there.

A condition that names a VPC endpoint or a VPC is met by an attacker who holds code in that network, and by nobody
else. So it becomes a further state that a step needs.
"""

from __future__ import annotations

import re

from poise.attackpaths.facts import Facts
from poise.attackpaths.steps import State
from poise.model.graph import Capability, EdgeKind

ENDPOINT = re.compile(r"\bvpce-[0-9a-z]+\b")
NETWORK = re.compile(r"\bvpc-[0-9a-z]+\b")
ASKS = re.compile(r"source-?vpce?\b", re.IGNORECASE)
INSIDE = EdgeKind.CONTAINS


def networks_of(facts: Facts, condition: str) -> tuple[State, ...] | None:
    """Return the states that a condition on the network asks for; None if nobody can hold one."""
    if not ASKS.search(condition):
        return ()
    names = [*ENDPOINT.findall(condition), *NETWORK.findall(condition)]
    nodes = [node for name in names for node in _networks(facts, name)]
    return (State(nodes[0], Capability.CODE),) if nodes else None


def _networks(facts: Facts, name: str) -> list[str]:
    """Return the network of an endpoint, or the network itself, by the last part of its id."""
    found = [id for id in facts.nodes if id.rpartition("/")[2] == name]
    if not name.startswith("vpce-"):
        return found
    return [edge.source for id in found for edge in facts.into(INSIDE, id)]
