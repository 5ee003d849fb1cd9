"""Evaluates a query on a graph in memory, literally: the meaning that every faster evaluator must agree with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from re import IGNORECASE, compile
from typing import Protocol

import msgspec

from poise.graph.explorer.check import column
from poise.graph.explorer.properties import compare, lookup
from poise.model.graph import Edge, Node
from poise.model.query import (
    Block,
    Condition,
    Direction,
    EdgeFilter,
    Every,
    HasFinding,
    Link,
    Not,
    Presence,
    Property,
    Query,
    Some,
    shown,
)
from poise.model.verdict import Severity, State

Row = tuple[str | None, ...]
"""Ids of the nodes of each shown block; None where an optional one is missing."""


class FindingFacts(msgspec.Struct, frozen=True):
    """What a query asks of a finding."""

    check: str
    severity: Severity
    risk: Severity
    state: State


class Facts(Protocol):
    """The graph and the findings on its nodes."""

    def nodes(self) -> Iterable[Node]:
        """Return every node."""
        ...

    def node(self, id: str) -> Node:
        """Return one node."""
        ...

    def out(self, id: str) -> Iterable[Edge]:
        """Return the edges that start from a node."""
        ...

    def into(self, id: str) -> Iterable[Edge]:
        """Return the edges that lead to a node."""
        ...

    def findings(self, id: str) -> Sequence[FindingFacts]:
        """Return the open findings on a node."""
        ...


def evaluate(query: Query, facts: Facts) -> list[Row]:
    """Return the rows of a query, distinct and in order: by the order column, empty ones last, then by ids."""
    matches = {row for node in facts.nodes() for row in _rows(query.find, node, facts)}
    rows = sorted(matches, key=_ids)
    if query.order:
        place, name = column(query, query.order)
        rows = _sorted(rows, lambda row: _value(row[place], name, facts), query.descending)
    return rows[: query.limit]


def holds(condition: Condition, node: Node, findings: Sequence[FindingFacts]) -> bool | None:
    """Judge a condition of one node; None is unknown."""
    match condition:
        case Every(of=of):
            return _all(holds(each, node, findings) for each in of)
        case Some(of=of):
            negated = _all(_not(holds(each, node, findings)) for each in of)
            return _not(negated)
        case Not(of=inner):
            return _not(holds(inner, node, findings))
        case HasFinding():
            return any(_fits(condition, finding) for finding in findings)
        case Property():
            return compare(lookup(node, condition.name), condition.operator, condition.value)


def _rows(block: Block, node: Node, facts: Facts) -> Iterator[Row]:
    if not _is(block, node, facts):
        return
    rows: list[Row] = [(node.id,)]
    for link in block.links:
        found = {row for end in _ends(link, node.id, facts) for row in _rows(link.to, facts.node(end), facts)}
        if link.presence is Presence.WITHOUT:
            rows = [] if found else rows
            continue
        if link.presence is Presence.OPTIONAL and not found:
            found = {(None,) * sum(1 for _ in shown(link.to))}
        rows = [row + more for row in rows for more in found]
    yield from rows


def _is(block: Block, node: Node, facts: Facts) -> bool:
    if block.kinds and not any(_globbed(kind)(node.kind) for kind in block.kinds):
        return False
    return block.where is None or holds(block.where, node, facts.findings(node.id)) is True


def _ends(link: Link, start: str, facts: Facts) -> set[str]:
    """Return the nodes at the end of a walk of as many edges as the link allows."""
    reached: set[str] = set()
    front = {start}
    for hop in range(1, link.most + 1):
        front = {end for here in front for end in _beside(link, here, facts)}
        reached |= front if hop >= link.least else set()
    return reached


def _beside(link: Link, id: str, facts: Facts) -> Iterator[str]:
    if link.direction is not Direction.IN:
        yield from (edge.target for edge in facts.out(id) if passes(link.edges, edge))
    if link.direction is not Direction.OUT:
        yield from (edge.source for edge in facts.into(id) if passes(link.edges, edge))


def passes(wanted: EdgeFilter, edge: Edge) -> bool:
    """Say whether a link may walk an edge."""
    if wanted.kinds and edge.kind not in wanted.kinds:
        return False
    if wanted.states and edge.state not in wanted.states:
        return False
    if wanted.capabilities and edge.capability not in wanted.capabilities:
        return False
    return wanted.port is None or any(_has_port(text, wanted.port) for text in edge.ports)


def _has_port(text: str, port: int) -> bool:
    span = text.partition("/")[2] or text
    least, _, most = span.partition("-")
    return least.isdecimal() and int(least) <= port <= int(most or least)


def _fits(wanted: HasFinding, finding: FindingFacts) -> bool:
    if wanted.state is not None and finding.state is not wanted.state:
        return False
    if wanted.check is not None and not _globbed(wanted.check)(finding.check):
        return False
    if wanted.severity is not None and finding.severity.rank < wanted.severity.rank:
        return False
    return wanted.risk is None or finding.risk.rank >= wanted.risk.rank


def _globbed(pattern: str) -> Callable[[str], bool]:
    """Return a test for a text with `*`; every other mark means itself."""
    plain = pattern.replace("[", "[[]").replace("?", "[?]")
    matcher = compile(translate(plain), IGNORECASE)
    return lambda text: matcher.match(text) is not None


def _all(values: Iterable[bool | None]) -> bool | None:
    seen = set(values)
    if False in seen:
        return False
    return None if None in seen else True


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _ids(row: Row) -> tuple[tuple[bool, str], ...]:
    return tuple((id is None, id or "") for id in row)


def _value(id: str | None, name: str, facts: Facts) -> object:
    return None if id is None else lookup(facts.node(id), name)


def _sorted(rows: list[Row], value: Callable[[Row], object], descending: bool) -> list[Row]:
    """Sort by a column: numbers (true is 1) before texts, empty values and lists last; equal ones stay as they are."""
    there = [(row, found) for row in rows if isinstance(found := value(row), str | int | float)]
    numbers = sorted((p for p in there if not isinstance(p[1], str)), key=lambda p: p[1], reverse=descending)
    texts = sorted((p for p in there if isinstance(p[1], str)), key=lambda p: str(p[1]), reverse=descending)
    ordered = [row for row, _ in (texts + numbers if descending else numbers + texts)]
    return ordered + [row for row in rows if not isinstance(value(row), str | int | float)]
