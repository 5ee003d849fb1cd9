"""What attackers are after, and under which name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from poise.attackpaths.choices import Choices
from poise.attackpaths.facts import Facts
from poise.attackpaths.kinds import CLUSTERS, FUNCTIONS, KEYS, MACHINES, SCOPES, STORES, VAULTS
from poise.attackpaths.steps import State
from poise.model.graph import Capability, Node

LOW = "low"


class Target(NamedTuple):
    """A state that is worth a report."""

    state: State
    kind: str
    """Class: `administration`, `sensitive data`, `secrets`, `production cluster`, `critical asset` ..."""


def targets(facts: Facts, choices: Choices) -> Mapping[State, str]:
    """Return the last states with their class; of several classes the weightiest, which comes first here."""
    found: dict[State, str] = {}
    for id, node in facts.nodes.items():
        for target in _of_node(id, node, choices.minor_targets):
            found.setdefault(target.state, target.kind)
    return found


def _of_node(id: str, node: Node, minor: bool) -> Iterator[Target]:
    if node.kind in SCOPES:
        yield Target(State(id, Capability.ADMIN), "administration")
    if node.kind in STORES and _is_marked(node, "sensitive"):
        yield Target(State(id, Capability.READ), "sensitive data")
    if node.kind in VAULTS:
        yield Target(State(id, Capability.READ), "secrets")
    if node.kind in CLUSTERS and _is_marked(node, "production"):
        yield Target(State(id, Capability.ADMIN), "production cluster")
    if _is_marked(node, "critical"):
        for held in (Capability.READ, Capability.CODE, Capability.ADMIN, Capability.CREDENTIALS):
            yield Target(State(id, held), "critical asset")
    if minor:
        yield from _minor(id, node)


def _minor(id: str, node: Node) -> Iterator[Target]:
    if node.kind in STORES:
        yield Target(State(id, Capability.READ), "data store")
    if node.kind in KEYS:
        yield Target(State(id, Capability.READ), "encryption key")
    if node.kind in MACHINES | FUNCTIONS:
        yield Target(State(id, Capability.CODE), "machine")


def _is_marked(node: Node, name: str) -> bool:
    """Say whether a judgement is there and above the lowest degree."""
    found = node.insights.get(name)
    return bool(found) and str(found) != LOW
