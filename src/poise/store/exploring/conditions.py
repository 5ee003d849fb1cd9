"""Conditions of a query as SQL over one node. What is unknown is NULL, as the naive evaluator has None."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
)

from poise.model.finding import Effect
from poise.model.query import Condition, Every, HasFinding, Not, Operator, Property, Scalar, Some
from poise.store import graph_tables, schema
from poise.store.codec import state_number
from poise.store.columns import Word
from poise.store.graph import Sort

IDENTITY = ("id", "name", "kind", "provider", "scope", "region")
TAG = "tag."
COUNTING = (Effect.COUNTED.value, Effect.GRACE.value)
"""Findings that are exempted, or whose check is off, are none to a query."""
Truth = ColumnElement[bool]


def holds(condition: Condition, node: FromClause) -> Truth:
    """Return a condition of a node."""
    match condition:
        case Every(of=of):
            return and_(*(holds(each, node) for each in of))
        case Some(of=of):
            return or_(*(holds(each, node) for each in of))
        case Not(of=inner):
            return not_(holds(inner, node))
        case HasFinding():
            return _finding(condition, node)
        case Property():
            return _property(condition, node)


def found(condition: Condition, node: FromClause) -> Truth:
    """Return a condition where false and unknown are one: insights are looked up first, by their index."""
    match condition:
        case Every(of=of):
            return and_(*(found(each, node) for each in of))
        case Property(name=name, operator=operator, value=value) if _is_plain(condition):
            row = graph_tables.graph_insight.alias()
            sort, test = _insight_test(row, operator, value)
            return node.c.pk.in_(select(row.c.node_pk).where(row.c.name == name, row.c.sort == sort, test))
    return holds(condition, node)


def _is_plain(condition: Property) -> bool:
    is_insight = condition.name not in IDENTITY and not condition.name.startswith(TAG)
    return is_insight and condition.operator is Operator.EQUAL and not isinstance(condition.value, str)


def lowered(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return text with A to Z in lower case, and nothing else changed."""
    return func.lower(text, type_=Word)


def like(pattern: str, *, anywhere: bool = False) -> str:
    """Return a pattern of LIKE, in lower case, of a text in which `*` stands for any text, or of a part of a text."""
    escaped = _ascii_lower(pattern).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if anywhere else escaped.replace("*", "%")


def _property(condition: Property, node: FromClause) -> Truth:
    name, operator, value = condition.name, condition.operator, condition.value
    if operator is Operator.IN:
        assert isinstance(value, tuple)
        return or_(*(_compared(name, Operator.EQUAL, each, node) for each in value))
    if operator is Operator.UNEQUAL:
        return not_(_compared(name, Operator.EQUAL, value, node))
    return _compared(name, operator, value, node)


def _compared(name: str, operator: Operator, value: Any, node: FromClause) -> Truth:
    if name in IDENTITY:
        return _on_text(func.nullif(node.c[name], "", type_=Word), operator, value)
    if name.startswith(TAG):
        return _on_text(_tag(name.removeprefix(TAG), node), operator, value)
    return _on_insight(name, operator, value, node)


def _on_text(text: ColumnElement[Any], operator: Operator, value: Any) -> Truth:
    if operator is Operator.EXISTS:
        return text.is_not(None)
    return _text_test(text, operator, value) if isinstance(value, str) else cast(null(), Boolean)


def _on_insight(name: str, operator: Operator, value: Any, node: FromClause) -> Truth:
    row = graph_tables.graph_insight.alias()
    there = and_(row.c.node_pk == node.c.pk, row.c.name == name)
    if operator is Operator.EXISTS:
        return exists(select(literal(1)).select_from(row).where(there))
    if operator is Operator.CONTAINS:
        return _contains(name, value, node)
    sort, test = _insight_test(row, operator, value)
    return select(test).where(there, row.c.sort == sort).correlate(node).scalar_subquery()


def _insight_test(row: FromClause, operator: Operator, value: Any) -> tuple[int, Truth]:
    if isinstance(value, bool):
        test = row.c.number == float(value) if operator is Operator.EQUAL else cast(null(), Boolean)
        return int(Sort.FLAG), test
    if isinstance(value, int | float):
        return int(Sort.NUMBER), _ordered(row.c.number, operator, cast(literal(float(value)), Double))
    return int(Sort.TEXT), _text_test(row.c.text, operator, value)


def _contains(name: str, value: str, node: FromClause) -> Truth:
    """A text that has a part, or a list that has a member."""
    text, whole, member = (graph_tables.graph_insight.alias() for _ in range(3))

    def of(row: FromClause, sort: Sort) -> Truth:
        return and_(row.c.node_pk == node.c.pk, row.c.name == name, row.c.sort == int(sort))

    in_text = select(_text_test(text.c.text, Operator.CONTAINS, value)).where(of(text, Sort.TEXT))
    has_member = exists(
        select(literal(1))
        .select_from(member)
        .where(of(member, Sort.MEMBER), lowered(member.c.text) == _ascii_lower(value))
        .correlate(node)
    )
    in_list = select(case((has_member, true()), else_=false())).select_from(whole).where(of(whole, Sort.LIST))
    parts = (in_text.correlate(node).scalar_subquery(), in_list.correlate(node).scalar_subquery())
    return func.coalesce(*parts, type_=Boolean)


def _text_test(text: ColumnElement[Any], operator: Operator, value: str) -> Truth:
    low = lowered(text)
    if operator is Operator.CONTAINS:
        return low.like(like(value, anywhere=True), escape="\\")
    escaped = like(value, anywhere=True)
    if operator is Operator.STARTS:
        return low.like(escaped.removeprefix("%"), escape="\\")
    if operator is Operator.ENDS:
        return low.like(escaped[:-1], escape="\\")
    return _ordered(low, operator, literal(_ascii_lower(value), Word))


def _ordered(have: ColumnElement[Any], operator: Operator, want: ColumnElement[Any]) -> Truth:
    tests = {
        Operator.EQUAL: have == want,
        Operator.LESS: have < want,
        Operator.AT_MOST: have <= want,
        Operator.MORE: have > want,
        Operator.AT_LEAST: have >= want,
    }
    return tests.get(operator, cast(null(), Boolean))


def _tag(name: str, node: FromClause) -> ColumnElement[Any]:
    row = graph_tables.graph_tag.alias()
    query = select(row.c.value).where(row.c.node_pk == node.c.pk, row.c.name == name)
    return query.correlate(node).scalar_subquery()


def _finding(condition: HasFinding, node: FromClause) -> Truth:
    found, asset, check = schema.finding.alias(), schema.asset.alias(), schema.check.alias()
    same = or_(asset.c.uid == node.c.id, and_(node.c.provider == "azure", asset.c.uid == func.lower(node.c.id)))
    wanted: list[ColumnElement[bool]] = [same, asset.c.gone_at.is_(None), found.c.resolved_at.is_(None)]
    wanted.append(found.c.effect.in_(COUNTING))
    if condition.state is not None:
        wanted.append(found.c.state == state_number(condition.state))
    if condition.check is not None:
        wanted.append(lowered(check.c.id).like(like(condition.check), escape="\\"))
    if condition.severity is not None:
        wanted.append(found.c.severity >= condition.severity.rank)
    if condition.risk is not None:
        wanted.append(found.c.risk >= condition.risk.rank)
    joined = asset.join(found, found.c.asset_pk == asset.c.pk).join(check, check.c.pk == found.c.check_pk)
    return exists(select(literal(1)).select_from(joined).where(*wanted).correlate(node))


def _ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def sort_keys(name: str, node: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return number and text of a property; of each node at most one is not NULL."""
    if name in IDENTITY:
        return cast(null(), Double), func.nullif(node.c[name], "", type_=Word)
    if name.startswith(TAG):
        return cast(null(), Double), _tag(name.removeprefix(TAG), node)
    row = graph_tables.graph_insight.alias()
    there = (row.c.node_pk == node.c.pk, row.c.name == name, row.c.sort.in_((0, 1, 2)))
    number = select(row.c.number).where(*there).correlate(node).scalar_subquery()
    text = select(row.c.text).where(*there).correlate(node).scalar_subquery()
    return number, text


__all__ = ["Scalar", "found", "holds", "like", "lowered", "sort_keys"]
