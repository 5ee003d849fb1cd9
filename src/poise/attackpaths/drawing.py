"""Draws the tiny graphs of examples: nodes and edges in one line each, and steps as pairs of states."""

from __future__ import annotations

from typing import Any

from poise.attackpaths.steps import State
from poise.model.graph import Capability, Edge, EdgeKind, Node


def node(id: str, kind: str, **insights: Any) -> Node:
    """Return a node named like its id, in the account `a`."""
    return Node(id=id, kind=kind, name=id, provider="aws", scope="a", insights=insights)


def edge(source: str, kind: EdgeKind, target: str, **more: Any) -> Edge:
    """Return an edge."""
    return Edge(source=source, target=target, kind=kind, **more)


def network(id: str, ports: str) -> State:
    """Return the state of somebody whose packets reach a node."""
    return State(id, Capability.NETWORK, ports)


def code(id: str) -> State:
    """Return the state of somebody who runs code on a node."""
    return State(id, Capability.CODE)


def credentials(id: str) -> State:
    """Return the state of somebody who acts as a principal."""
    return State(id, Capability.CREDENTIALS)


def read(id: str) -> State:
    """Return the state of somebody who reads the data of a node."""
    return State(id, Capability.READ)


def write(id: str) -> State:
    """Return the state of somebody who changes the data of a node."""
    return State(id, Capability.WRITE)


def admin(id: str) -> State:
    """Return the state of somebody who administers a node."""
    return State(id, Capability.ADMIN)
