"""A finding of the engine: all attack paths of one signature, with the cheapest one told step by step."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from poise.attackpaths.steps import State, Taken
from poise.model.graph import EdgeState
from poise.model.verdict import Severity


class Signature(msgspec.Struct, frozen=True):
    """What paths of one finding have in common."""

    entry: str
    """Class of the entry."""
    signs: tuple[str, ...]
    """Kinds of steps, in order."""
    pivot: str
    """The first principal that is taken over; empty if none is."""
    target: str
    """Class of the target."""


class Places(NamedTuple):
    """Where paths of one finding run, so that a viewer's counts are sums over what may be seen."""

    entry: str
    """Scope of the entry; empty outside of the estate."""
    target: str
    """Scope of the target."""
    crossed: tuple[str, ...]
    """All scopes on the way, sorted."""


class Stage(msgspec.Struct, frozen=True):
    """One place on a path: the state of the cheapest one, and the nodes that stand there in others."""

    state: State
    nodes: tuple[str, ...]
    """Ids, sorted."""


class AttackPath(msgspec.Struct, frozen=True, kw_only=True):
    """All paths of one signature in one place."""

    id: str
    """Stable over scans: a hash of signature and places."""
    title: str
    signature: Signature
    places: Places
    risk: float
    """Of 100."""
    level: Severity
    chance: float
    """Of the cheapest path."""
    state: EdgeState
    """The weakest state of its steps."""
    count: int
    """Number of ways: about, where paths meet in cycles."""
    steps: tuple[Taken, ...]
    """The cheapest path, free steps included."""
    stages: tuple[Stage, ...]
    """One more than steps."""
    sides: tuple[tuple[Taken, ...], ...] = ()
    """Ways to further states that some step needs."""

    @property
    def entry(self) -> State:
        """Where it starts."""
        return self.stages[0].state

    @property
    def target(self) -> State:
        """Where it ends."""
        return self.stages[-1].state

    @property
    def nodes(self) -> frozenset[str]:
        """Return every node of its paths."""
        return frozenset(node for stage in self.stages for node in stage.nodes)


class Bounds(msgspec.Struct, frozen=True):
    """What a search left out, as there was too much of it."""

    kinds: int = 0
    """Kinds of ways that are no findings of their own: cheaper ones lead through the same principal to the same end."""
    targets: tuple[str, ...] = ()
    """Nodes to which not every way was looked at, sorted."""


NOTHING = Bounds()
"""Nothing was left out."""


def path_id(signature: Signature, places: Places) -> str:
    """Return the id of a finding: 20 hex digits, as findings of checks have."""
    content = msgspec.json.encode((signature, places))
    return hashlib.sha256(b"path " + content).hexdigest()[:20]


def pivot_of(states: list[State]) -> int | None:
    """Return the position of the first principal that is taken over."""
    from poise.model.graph import Capability

    taken = (n for n, state in enumerate(states) if n and state.capability is Capability.CREDENTIALS)
    return next(taken, None)
