"""The blocks and links of a query as joins.

A link of one edge is a join with the edges. One of several edges, or of either direction, is a recursive table of
walks that starts at the more narrowed of its two ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, literal, or_, select

from poise.model.listings import ScopeFilter
from poise.model.query import Block, Direction, EdgeFilter, Link, Presence
from poise.model.viewer import sees_parts
from poise.store import schema
from poise.store.among import among
from poise.store.exploring.conditions import found
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
    """Lays a query out as joins, for one viewer."""

    def __init__(self, viewer: ScopeFilter, kinds_of: KindsOf) -> None:
        self._viewer = viewer
        self._kinds_of = kinds_of

    def select(self, find: Block) -> Select[Any]:
        """Return the distinct tuples of node numbers that a block finds, as columns `p0`, `p1` ..."""
        node = schema.graph_node.alias()
        tree = Tree(node)
        self._fill(tree, find, node)
        columns = [column.label(f"p{number}") for number, column in enumerate(tree.shown)]
        return select(*columns).select_from(tree.tables).where(*tree.wanted).distinct()

    def _fill(self, tree: Tree, block: Block, node: FromClause) -> None:
        tree.wanted += self._own(block, node)
        tree.shown.append(node.c.pk)
        for link in block.links:
            if link.presence is Presence.REQUIRED:
                self._require(tree, block, node, link)
            elif link.presence is Presence.WITHOUT:
                tree.wanted.append(~self._there_is(block, node, link))
            else:
                self._offer(tree, block, node, link)

    def _own(self, block: Block, node: FromClause) -> list[ColumnElement[bool]]:
        """Return what a block says of its node alone."""
        wanted = self._visible(node)
        if block.kinds:
            wanted.append(among(node.c.kind, sorted(self._kinds_of(block.kinds)) or [""]))
        if block.where is not None:
            wanted.append(found(block.where, node))
        return wanted

    def _visible(self, node: FromClause) -> list[ColumnElement[bool]]:
        return seen_nodes(node, self._viewer)

    def _require(self, tree: Tree, block: Block, node: FromClause, link: Link) -> None:
        start, end, walk = self._walk(block, link)
        child = schema.graph_node.alias()
        tree.tables = tree.tables.join(walk, start == node.c.pk).join(child, child.c.pk == end)
        tree.wanted += self._steps(walk, link)
        self._fill(tree, link.to, child)

    def _there_is(self, block: Block, node: FromClause, link: Link) -> ColumnElement[bool]:
        start, end, walk = self._walk(block, link)
        child = schema.graph_node.alias()
        tree = Tree(walk.join(child, child.c.pk == end))
        self._fill(tree, link.to, child)
        wanted = [start == node.c.pk, *self._steps(walk, link), *tree.wanted]
        return exists(select(literal(1)).select_from(tree.tables).where(*wanted).correlate(node))

    def _offer(self, tree: Tree, block: Block, node: FromClause, link: Link) -> None:
        start, end, walk = self._walk(block, link)
        child = schema.graph_node.alias()
        inner = Tree(walk.join(child, child.c.pk == end))
        self._fill(inner, link.to, child)
        columns = [column.label(f"o{number}") for number, column in enumerate(inner.shown)]
        query = select(start.label("a"), *columns).select_from(inner.tables)
        offered = query.where(*self._steps(walk, link), *inner.wanted).subquery()
        tree.tables = tree.tables.outerjoin(offered, offered.c.a == node.c.pk)
        tree.shown += [offered.c[f"o{number}"] for number in range(len(columns))]

    def _walk(self, block: Block, link: Link) -> tuple[ColumnElement[Any], ColumnElement[Any], FromClause]:
        """Return where a link's walks start and end, and the table of them."""
        if link.most == SIMPLE and link.direction is not Direction.EITHER:
            edge = schema.graph_edge.alias()
            ends = (edge.c.source_pk, edge.c.target_pk)
            start, end = ends if link.direction is Direction.OUT else ends[::-1]
            return start, end, edge
        return self._walks(block, link)

    def _steps(self, walk: FromClause, link: Link) -> list[ColumnElement[bool]]:
        """Return what must hold of the rows of a table of walks."""
        if "detail_pk" in walk.c:
            return [walk.c.detail_pk.in_(_details(link.edges))]
        return [walk.c.hops >= link.least]

    def _walks(self, block: Block, link: Link) -> tuple[ColumnElement[Any], ColumnElement[Any], FromClause]:
        is_backward = _narrowness(link.to) > _narrowness(block)
        node = schema.graph_node.alias()
        own = self._own(link.to if is_backward else block, node)
        begin = select(node.c.pk.label("a"), node.c.pk.label("b"), literal(0).label("hops")).where(*own)
        walks = begin.cte(recursive=True)
        if link.direction is Direction.EITHER:
            walks = walks.union(self._step_either(walks, link))
        else:
            walks = walks.union(self._step(walks, link, (link.direction is Direction.OUT) is not is_backward))
        start, end = (walks.c.b, walks.c.a) if is_backward else (walks.c.a, walks.c.b)
        return start, end, walks

    def _step(self, walks: Any, link: Link, forward: bool) -> Select[Any]:
        edge = schema.graph_edge.alias()
        ends = (edge.c.source_pk, edge.c.target_pk)
        here, there = ends if forward else ends[::-1]
        return self._stepped(walks, link, (edge, here, there))

    def _step_either(self, walks: Any, link: Link) -> Select[Any]:
        """Walk an edge from either end: one table of both, as a recursive part may name its own table but once."""
        edge = schema.graph_edge.alias()
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
        node = schema.graph_node.alias()
        return query.join(node, node.c.pk == there).where(*self._visible(node))


def seen_nodes(node: FromClause, viewer: ScopeFilter) -> list[ColumnElement[bool]]:
    """Return the condition that a viewer may see a node: it is of no scope, of a seen one, or in a group."""
    if viewer is None:
        return []
    seen = [node.c.scope == "", among(node.c.scope, sorted(viewer) or [""])]
    return [or_(*seen, *([node.c.id.in_(member_ids(viewer))] if sees_parts(viewer) else ()))]


def _narrowness(block: Block) -> int:
    return 2 * (block.where is not None) + bool(block.kinds)


def _details(edges: EdgeFilter) -> Select[Any]:
    """Return the numbers of what edges say, of those that a link may walk."""
    detail, port = schema.graph_detail.alias(), schema.graph_port.alias()
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
