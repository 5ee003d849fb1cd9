"""Random queries in normal form."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from poise.graph.explorer.check import checked
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.query import (
    Block,
    Condition,
    Direction,
    EdgeFilter,
    Every,
    HasFinding,
    Link,
    Not,
    Operator,
    Presence,
    Property,
    Query,
    Some,
)
from poise.model.verdict import Severity, State

KINDS = ("AWS::S3::Bucket", "AWS::EC2::Instance", "Microsoft.Compute/virtualMachines", "internet", "AWS::*")
NAMES = ("name", "kind", "provider", "scope", "exposed", "sensitive", "width", "tag.env", "tag.cost center", "or")
WORDS = ("prod", "PROD", "a b", 'say "x"', "", "1", "true", "é", "back\\slash", "web-7", "]->")

scalars = st.booleans() | st.integers(-5, 500) | st.sampled_from([0.5, -2.25, 1e21, 3.0]) | st.sampled_from(WORDS)


@cache
def _property(name: str) -> st.SearchStrategy[Property]:
    plain = st.builds(
        Property,
        st.just(name),
        st.sampled_from([Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_LEAST]),
        scalars,
    )
    text = st.builds(
        Property,
        st.just(name),
        st.sampled_from([Operator.CONTAINS, Operator.STARTS, Operator.ENDS]),
        st.sampled_from(WORDS),
    )
    one_of = st.builds(
        Property, st.just(name), st.just(Operator.IN), st.lists(scalars, min_size=1, max_size=3).map(tuple)
    )
    return plain | text | one_of | st.just(Property(name, Operator.EXISTS, None))


properties = st.sampled_from(NAMES).flatmap(_property)
findings = st.builds(
    HasFinding,
    st.none() | st.sampled_from(["aws.s3.*", "aws.ec2.open", "odd check"]),
    st.none() | st.sampled_from(Severity),
    st.none() | st.sampled_from(Severity),
    st.sampled_from([State.UNHEALTHY, State.UNKNOWN, None]),
)


def _grouped(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return several.map(Every) | several.map(Some) | inner.map(Not)


conditions = st.recursive(properties | findings, _grouped, max_leaves=5)
filters = st.builds(
    EdgeFilter,
    st.frozensets(st.sampled_from(EdgeKind), max_size=2),
    st.frozensets(st.sampled_from(EdgeState), min_size=1),
    st.frozensets(st.sampled_from(Capability), max_size=2),
    st.none() | st.sampled_from([22, 443, 0, 65535]),
)
hops = st.sampled_from([(1, 1), (1, 2), (2, 2), (1, 3)])


def _linked(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    links = st.builds(
        lambda to, edges, direction, span, presence: Link(to, edges, direction, *span, presence),
        inner,
        filters,
        st.sampled_from(Direction),
        hops,
        st.sampled_from(Presence),
    )
    return st.builds(Block, kinds, st.none() | conditions, st.lists(links, min_size=1, max_size=2).map(tuple))


kinds = st.frozensets(st.sampled_from(KINDS), max_size=2)
blocks = st.recursive(st.builds(Block, kinds, st.none() | conditions), _linked, max_leaves=3)
queries = st.builds(
    lambda find, show, order, descending, limit: checked(Query(find, show, order, descending and bool(order), limit)),
    blocks,
    st.lists(st.sampled_from(["name", "tag.env", "1.name"]), max_size=2).map(tuple),
    st.sampled_from(["", "name", "1.width"]),
    st.booleans(),
    st.sampled_from([1, 3, 200, 10_000]),
)
