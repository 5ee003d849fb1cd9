"""The typed query of the explorer: one tree, whichever form it was written in.

A query finds tuples of nodes: a block says which nodes, a link says how a block hangs on the one before it. Logic
has three values. A comparison with a property that a node lacks, because it was not read or is no property of its
kind, is neither true nor false, as NULL in SQL; only what is true is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.verdict import Severity, State

MAX_HOPS = 4
"""Longest walk that one link may stand for."""
MAX_BLOCKS = 12
"""Most blocks of one query."""
MAX_ROWS = 10_000
"""Most rows that a query gives."""

Scalar = str | int | float | bool


class Operator(StrEnum):
    """How a property is compared. Text is compared without regard to case, by :func:`str.casefold` of ASCII."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    CONTAINS = "contains"
    STARTS = "starts with"
    ENDS = "ends with"
    IN = "in"
    EXISTS = "exists"
    """The node has the property; takes no value, and is never unknown."""


class Direction(StrEnum):
    """Which way an edge is walked."""

    OUT = "out"
    """From the block before to the block of the link."""
    IN = "in"
    """Against the edge."""
    EITHER = "either"


class Presence(StrEnum):
    """What a link asks for."""

    REQUIRED = "required"
    WITHOUT = "without"
    """There is no such node."""
    OPTIONAL = "optional"
    """Shown where there is one."""


class Property(msgspec.Struct, frozen=True, tag="property"):
    """A comparison of one property: of identity, `tag.KEY`, or an insight."""

    name: str
    """`id`, `name`, `kind`, `provider`, `scope`, `region`, `tag.KEY`, or the name of an insight."""
    operator: Operator = Operator.EQUAL
    """How it is compared."""
    value: Scalar | tuple[Scalar, ...] | None = True
    """With what: a list for `in`, None for `exists`."""


class HasFinding(msgspec.Struct, frozen=True, tag="finding"):
    """The node has an open finding. What is None does not matter."""

    check: str | None = None
    """Id of the check; `*` stands for any text."""
    severity: Severity | None = None
    """At least this severity."""
    risk: Severity | None = None
    """At least this risk level."""
    state: State | None = State.UNHEALTHY
    """`unhealthy`, `unknown`, or None for both."""


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The condition does not hold."""

    of: Condition


class Every(msgspec.Struct, frozen=True, tag="all"):
    """Each of the conditions holds."""

    of: tuple[Condition, ...]


class Some(msgspec.Struct, frozen=True, tag="any"):
    """At least one of the conditions holds."""

    of: tuple[Condition, ...]


Condition = Property | HasFinding | Not | Every | Some


class EdgeFilter(msgspec.Struct, frozen=True):
    """Which edges a link walks. Empty sets do not filter."""

    kinds: frozenset[EdgeKind] = frozenset()
    """Kinds of edges."""
    states: frozenset[EdgeState] = frozenset({EdgeState.CERTAIN, EdgeState.CONDITIONAL})
    """How far the edges must be proven."""
    capabilities: frozenset[Capability] = frozenset()
    """For permissions and escalations: what they give."""
    port: int | None = None
    """For routes: a TCP or UDP port that must be among the edge's ports."""


class Link(msgspec.Struct, frozen=True):
    """How a block hangs on the block before it."""

    to: Block
    """What is found at the other end."""
    edges: EdgeFilter = EdgeFilter()
    """Which edges are walked."""
    direction: Direction = Direction.OUT
    """Which way they are walked."""
    least: int = 1
    """Fewest edges in a row."""
    most: int = 1
    """Most edges in a row, up to :data:`MAX_HOPS`."""
    presence: Presence = Presence.REQUIRED
    """What is asked for."""


class Block(msgspec.Struct, frozen=True):
    """Which nodes, and what hangs on them."""

    kinds: frozenset[str] = frozenset()
    """Kinds of nodes; `*` at the end stands for any text; empty for anything."""
    where: Condition | None = None
    """What must be true of the node."""
    links: tuple[Link, ...] = ()
    """What must hang on it."""
    alias: str = ""
    """Name of the block in results; its number, counted from 1, if empty."""


class Query(msgspec.Struct, frozen=True):
    """What is looked for and how it is shown."""

    find: Block
    """The first block."""
    show: tuple[str, ...] = ()
    """Columns, as `alias.property` or a property of the first block; empty for the usual ones."""
    order: str = ""
    """Column to sort by; rows are sorted by ids otherwise."""
    descending: bool = False
    """Largest first."""
    limit: int = 200
    """Most rows, up to :data:`MAX_ROWS`."""
    version: int = 1
    """Version of this form."""


def walk(block: Block, above: Link | None = None) -> Iterator[tuple[Block, Link | None]]:
    """Yield a block and all that hang on it, each with its link, in the order in which they are written."""
    yield block, above
    for link in block.links:
        yield from walk(link.to, link)


def shown(block: Block) -> Iterator[Block]:
    """Yield the blocks whose nodes are in a row: all but those under `without`."""
    yield block
    for link in block.links:
        if link.presence is not Presence.WITHOUT:
            yield from shown(link.to)
