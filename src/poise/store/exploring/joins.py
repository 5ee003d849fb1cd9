"""The blocks and links of a query as joins.

A link of one edge is a join with the edges. One of several edges, or of either direction, is a recursive table of
walks that starts at the more narrowed of its two ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, literal, or_, select

from poise.model.listings import ScopeFilter
from poise.model.query import Direction, EdgeFilter, Link, Presence
from poise.model.viewer import sees_parts
from poise.store import graph_tables
from poise.store.among import among
from poise.store.exploring.conditions import found
from poise.store.exploring.spots import Spot
from poise.store.seeing import member_ids

KindsOf = Callable[[frozenset[str]], Iterable[str]]
"""Patterns of kinds -> the kinds that there are among them."""
SIMPLE = 1


class Tree:
    """A part of a query as tables and conditions, with the node of each shown block, in order."""

    def __init__(self, root: FromClause) -> None:
        self.tables: FromClause = root
        self.wanted: list[ColumnElement[bool]] = []
        self.shown: list[ColumnElement[Any]] = []


class Joiner:
    """Lays a query out as joins, for one viewer.

    If it ``looks``, PostgreSQL looks for what must or must not be there from each node, one node after the other, and
    stops where it is found. Otherwise it may join whole tables, which is better where many nodes lead to the same.
    If it ``follows``, SQLite goes from block to block as they hang on each other; left alone it begins at whichever
    list of nodes there is, anew for each node that a condition is asked of.
    """

    def __init__(self, viewer: ScopeFilter, kinds_of: KindsOf, *, looks: bool = False, follows: bool = False) -> None:
        self._viewer = viewer
        self._kinds_of = kinds_of
        self._looks = looks
        self._follows = follows

    def select(self, root: Spot) -> Select[Any]:
        """Return the distinct tuples of node numbers that a query finds, as columns `p0`, `p1` ..."""
        node = graph_tables.graph_node.alias()
        tree = Tree(node)
        self._fill(tree, root, node)
        columns = [column.label(f"p{number}") for number, column in enumerate(tree.shown)]
        return select(*columns).select_from(tree.tables).where(*tree.wanted).distinct()

    def first(self, root: Spot) -> Select[Any]:
        """Return the numbers of the nodes that a query finds for its first block, each once, as column `p0`."""
        node = graph_tables.graph_node.alias()
        return select(node.c.pk.label("p0")).where(*self._decided(root, node))

    def candidates(self, spot: Spot, after: int | None = None) -> Select[Any]:
        """Return the numbers of the nodes that a block alone lets in; in order, of those after one, if it is given."""
        node = graph_tables.graph_node.alias()
        query = select(node.c.pk).where(*self._own(spot, node))
        return query if after is None else query.where(node.c.pk > after).order_by(node.c.pk)

    def neighbours(self, spot: Spot, other: Spot) -> Select[Any]:
        """Return the numbers of the nodes that may be at the other end of the link of two spots, not each once."""
        lower = other if other.above is spot else spot
        start, end, walk = self._walk(lower)
        here, there = (start, end) if lower is other else (end, start)
        node = graph_tables.graph_node.alias()
        query = select(there).select_from(walk.join(node, node.c.pk == there))
        own = self._own(other, node, leads=False)
        return query.where(among(here, spot.nodes or ()), *self._steps(walk, lower), *own)

    def walkable(self, spot: Spot) -> Select[Any]:
        """Return the numbers of what edges say that the link to a spot may walk: of none if it leads nowhere."""
        return _details(_link(spot).edges)

    def _fill(self, tree: Tree, spot: Spot, node: FromClause) -> None:
        tree.wanted += self._own(spot, node, leads=spot.presence is Presence.OPTIONAL or spot.link is None)
        tree.shown.append(node.c.pk)
        for below in spot.below:
            if below.presence is Presence.REQUIRED:
                self._require(tree, node, below)
            elif below.presence is Presence.WITHOUT:
                tree.wanted.append(~self._there_is(node, below))
            else:
                self._offer(tree, node, below)

    def _own(self, spot: Spot, node: FromClause, *, leads: bool = True) -> list[ColumnElement[bool]]:
        """Return what is said of the node of a spot alone; it does not ``lead`` if an edge led to it before."""
        if spot.nodes is not None:
            # a sum is in no index, so SQLite does not begin with it
            return [among(node.c.pk + 0 if self._follows and not leads else node.c.pk, spot.nodes)]
        wanted = self._visible(node)
        if spot.block.kinds:
            wanted.append(among(node.c.kind, sorted(self._kinds_of(spot.block.kinds)) or [""]))
        if spot.block.where is not None:
            wanted.append(found(spot.block.where, node))
        return wanted

    def _visible(self, node: FromClause) -> list[ColumnElement[bool]]:
        return seen_nodes(node, self._viewer)

    def _require(self, tree: Tree, node: FromClause, spot: Spot) -> None:
        start, end, walk = self._walk(spot)
        child = graph_tables.graph_node.alias()
        tree.tables = tree.tables.join(walk, start == node.c.pk).join(child, child.c.pk == end)
        tree.wanted += self._steps(walk, spot)
        self._fill(tree, spot, child)

    def _there_is(self, node: FromClause, spot: Spot) -> ColumnElement[bool]:
        start, end, walk = self._walk(spot)
        child = graph_tables.graph_node.alias()
        tree = Tree(walk.join(child, child.c.pk == end))
        if _is_narrow(spot):
            self._fill(tree, spot, child)
        else:
            tree.wanted = self._decided(spot, child)
        wanted = [start == node.c.pk, *self._steps(walk, spot), *tree.wanted]
        query = select(literal(1)).select_from(tree.tables).where(*wanted).correlate(node)
        if self._looks:
            query = query.offset(0)  # PostgreSQL makes no join of a condition with an offset, and plans it alone
        return exists(query)

    def _decided(self, spot: Spot, node: FromClause) -> list[ColumnElement[bool]]:
        """Return what must hold of the node of a spot and of all that hangs on it.

        Each link is a condition inside that of the one before, so that a node is looked at once, however many walks
        lead to it. Where few nodes are left at every spot, plain joins are planned better.
        """
        wanted = self._own(spot, node, leads=spot.link is None)
        for below in spot.below:
            if below.presence is not Presence.OPTIONAL:
                there_is = self._there_is(node, below)
                wanted.append(~there_is if below.presence is Presence.WITHOUT else there_is)
        return wanted

    def _offer(self, tree: Tree, node: FromClause, spot: Spot) -> None:
        start, end, walk = self._walk(spot)
        child = graph_tables.graph_node.alias()
        inner = Tree(walk.join(child, child.c.pk == end))
        self._fill(inner, spot, child)
        columns = [column.label(f"o{number}") for number, column in enumerate(inner.shown)]
        query = select(start.label("a"), *columns).select_from(inner.tables)
        offered = query.where(*self._steps(walk, spot), *inner.wanted).subquery()
        tree.tables = tree.tables.outerjoin(offered, offered.c.a == node.c.pk)
        tree.shown += [offered.c[f"o{number}"] for number in range(len(columns))]

    def _walk(self, spot: Spot) -> tuple[ColumnElement[Any], ColumnElement[Any], FromClause]:
        """Return where the walks of the link to a spot start and end, and the table of them."""
        link = _link(spot)
        if link.most == SIMPLE and link.direction is not Direction.EITHER:
            edge = graph_tables.graph_edge.alias()
            ends = (edge.c.source_pk, edge.c.target_pk)
            start, end = ends if link.direction is Direction.OUT else ends[::-1]
            return start, end, edge
        return self._walks(spot, link)

    def _steps(self, walk: FromClause, spot: Spot) -> list[ColumnElement[bool]]:
        """Return what must hold of the rows of a table of walks."""
        link = _link(spot)
        if "detail_pk" in walk.c:
            return [walk.c.detail_pk.in_(_details(link.edges))]
        return [walk.c.hops >= link.least]

    def _walks(self, spot: Spot, link: Link) -> tuple[ColumnElement[Any], ColumnElement[Any], FromClause]:
        assert spot.above is not None
        is_backward = _width(spot) < _width(spot.above)
        node = graph_tables.graph_node.alias()
        own = self._own(spot if is_backward else spot.above, node)
        begin = select(node.c.pk.label("a"), node.c.pk.label("b"), literal(0).label("hops")).where(*own)
        walks = begin.cte(recursive=True)
        if link.direction is Direction.EITHER:
            walks = walks.union(self._step_either(walks, link))
        else:
            walks = walks.union(self._step(walks, link, (link.direction is Direction.OUT) is not is_backward))
        start, end = (walks.c.b, walks.c.a) if is_backward else (walks.c.a, walks.c.b)
        return start, end, walks

    def _step(self, walks: Any, link: Link, forward: bool) -> Select[Any]:
        edge = graph_tables.graph_edge.alias()
        ends = (edge.c.source_pk, edge.c.target_pk)
        here, there = ends if forward else ends[::-1]
        return self._stepped(walks, link, (edge, here, there))

    def _step_either(self, walks: Any, link: Link) -> Select[Any]:
        """Walk an edge from either end: one table of both, as a recursive part may name its own table but once."""
        edge = graph_tables.graph_edge.alias()
        there = edge.c.source_pk + edge.c.target_pk - walks.c.b
        touches = or_(edge.c.source_pk == walks.c.b, edge.c.target_pk == walks.c.b)
        query = select(walks.c.a, there, walks.c.hops + 1).select_from(walks.join(edge, touches))
        return self._bounded(query, walks, link, (edge, there))

    def _stepped(self, walks: Any, link: Link, step: tuple[Any, Any, Any]) -> Select[Any]:
        edge, here, there = step
        query = select(walks.c.a, there, walks.c.hops + 1).select_from(walks.join(edge, here == walks.c.b))
        return self._bounded(query, walks, link, (edge, there))

    def _bounded(self, query: Select[Any], walks: Any, link: Link, step: tuple[Any, Any]) -> Select[Any]:
        edge, there = step
        query = query.where(walks.c.hops < link.most, edge.c.detail_pk.in_(_details(link.edges)))
        if self._viewer is None:
            return query
        node = graph_tables.graph_node.alias()
        return query.join(node, node.c.pk == there).where(*self._visible(node))


def _link(spot: Spot) -> Link:
    assert spot.link is not None
    return spot.link


def _width(spot: Spot) -> tuple[bool, int]:
    """Return how many nodes a spot may have, as far as that is known: to compare with another one."""
    if spot.nodes is not None:
        return False, len(spot.nodes)
    return True, -2 * (spot.block.where is not None) - bool(spot.block.kinds)


def _is_narrow(spot: Spot) -> bool:
    """Whether few nodes are left at a spot and at all below it, and nothing below it must be absent."""
    absent = (below.presence is Presence.WITHOUT for below in spot.walk() if below is not spot)
    return all(below.nodes is not None for below in spot.walk()) and not any(absent)


def seen_nodes(node: FromClause, viewer: ScopeFilter) -> list[ColumnElement[bool]]:
    """Return the condition that a viewer may see a node: it is of no scope, of a seen one, or in a group."""
    if viewer is None:
        return []
    seen = [node.c.scope == "", among(node.c.scope, sorted(viewer) or [""])]
    return [or_(*seen, *([node.c.id.in_(member_ids(viewer))] if sees_parts(viewer) else ()))]


def _details(edges: EdgeFilter) -> Select[Any]:
    """Return the numbers of what edges say, of those that a link may walk."""
    detail, port = graph_tables.graph_detail.alias(), graph_tables.graph_port.alias()
    wanted: list[ColumnElement[bool]] = []
    if edges.kinds:
        wanted.append(detail.c.kind.in_(sorted(edges.kinds)))
    if edges.states:
        wanted.append(detail.c.state.in_(sorted(edges.states)))
    if edges.capabilities:
        wanted.append(detail.c.capability.in_(sorted(edges.capabilities)))
    if edges.port is not None:
        spans = and_(port.c.detail_pk == detail.c.pk, port.c.first <= edges.port, port.c.last >= edges.port)
        wanted.append(exists(select(literal(1)).select_from(port).where(spans)))
    return select(detail.c.pk).where(*wanted)
