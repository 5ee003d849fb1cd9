"""Conditions on where a call comes from: some ask for code in a network, some are ruled out by what is known.

A condition that names a VPC endpoint or a VPC is met by an attacker who holds code in that network, and by nobody
else. So it becomes a further state that a step needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.attackpaths.facts import Facts
from poise.attackpaths.steps import State
from poise.model.graph import Capability, Edge, EdgeKind

ENDPOINT = re.compile(r"\bvpce-[0-9a-z]+\b")
NETWORK = re.compile(r"\bvpc-[0-9a-z]+\b")
ASKS = re.compile(r"source-?vpce?\b", re.IGNORECASE)
ORGANIZATION = re.compile(r"StringEquals aws:PrincipalOrgID \[([^\]]*)\]", re.IGNORECASE)
ACCOUNT = "AWS::::Account"
INSIDE = EdgeKind.CONTAINS


def networks_of(facts: Facts, condition: str) -> tuple[State, ...] | None:
    """Return the states that a condition on the network asks for; None if nobody can hold one."""
    if not ASKS.search(condition):
        return ()
    names = [*ENDPOINT.findall(condition), *NETWORK.findall(condition)]
    nodes = [node for name in names for node in _networks(facts, name)]
    return (State(nodes[0], Capability.CODE),) if nodes else None


def places_of(facts: Facts, edge: Edge) -> Iterator[tuple[State, ...]]:
    """Yield from where a permission can be used: each a set of states that are needed besides, which may be empty.

    The firewall of a vault or store that takes calls from some subnets only asks for code in one of them.
    """
    asked = networks_of(facts, edge.condition)
    allowed = facts.insight(edge.target, "allowed_networks")
    if asked is None:
        return
    if isinstance(allowed, list | tuple) and edge.capability in (Capability.READ, Capability.WRITE):
        yield from ((*asked, State(str(subnet), Capability.CODE)) for subnet in allowed)
    else:
        yield asked


def _networks(facts: Facts, name: str) -> list[str]:
    """Return the network of an endpoint, or the network itself, by the last part of its id."""
    found = [id for id in facts.nodes if id.rpartition("/")[2] == name]
    if not name.startswith("vpce-"):
        return found
    return [edge.source for id in found for edge in facts.into(INSIDE, id)]


def is_ruled_out(facts: Facts, source: str, condition: str) -> bool:
    """Say whether a condition asks for an organization that the source's account is known not to be in."""
    asked = ORGANIZATION.search(condition)
    if asked is None:
        return False
    scope = facts.scope(source)
    homes = [id for id, node in facts.nodes.items() if node.kind == ACCOUNT and node.scope == scope]
    if not homes or "organization_id" in (facts.nodes[homes[0]].insights.get("unread") or ()):
        return False
    above = {edge.source for edge in facts.into(INSIDE, homes[0])}
    return not above & {one.strip() for one in asked[1].split(",")}
