"""A rule: one kind of step that attackers take, with its story, its technique and its own tiny graphs as examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from poise.attackpaths.facts import Facts
from poise.attackpaths.steps import State, Step
from poise.model.graph import Edge, Node


@dataclass(frozen=True, kw_only=True)
class Example:
    """A tiny graph, and the steps that the rule finds in it: none for a near miss."""

    name: str
    """What it shows."""
    nodes: tuple[Node, ...]
    """Its nodes."""
    edges: tuple[Edge, ...]
    """Its edges."""
    steps: tuple[tuple[State, State], ...] = ()
    """From and to of every step that is found."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of step."""

    title: str
    """What the attacker does, in a few words."""
    story: str
    """One sentence about one step: `{source}`, `{target}` and `{detail}` are filled in."""
    technique: str
    """ATT&CK technique."""
    preconditions: tuple[str, ...]
    """What must hold, as a person reads it."""
    derive: Callable[[Facts], Iterable[Step]]
    """Yields the steps that a graph holds."""
    examples: tuple[Example, ...]
    """At least one with steps and one near miss."""
    id: str = ""
    """Name of its file; set when it is loaded."""
