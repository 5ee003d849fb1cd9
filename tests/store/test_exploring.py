"""The explorer's SQL gives what the literal evaluator gives, on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings, strategies

from poise.graph.explorer.check import column
from poise.graph.explorer.forms import from_text
from poise.graph.explorer.naive import FindingFacts, Row, evaluate
from poise.graph.explorer.prefixes import prefixes
from poise.graph.graph import Graph
from poise.model.finding import Risk
from poise.model.graph import Capability, Edge, EdgeKind, EdgeState, Node
from poise.model.query import Query, shown
from poise.model.verdict import Severity, State
from poise.store import Store
from poise.store.exploring import TooSlow
from poise.store.exploring.asking import LOOKING_S
from poise.store.exploring.narrowing import FEW
from poise.store.exploring.run import Exploring
from tests.graph.explorer.queries import KINDS, WORDS, queries
from tests.store.estate import LOGS, OPEN, OTHER, SCOPE, bucket, collected, judged, key, write

SEED = 7
CRITICAL = Risk(Severity.CRITICAL, ())
PATIENT_S = 120.0
"""For random questions: how long one takes is not what is asked."""
fews = strategies.sampled_from([0, 3, 10, FEW])
"""How many nodes a block may have that narrows others: none at all, those of the rarer kinds, all of this graph."""

lookings = strategies.sampled_from([0.0, LOOKING_S])
"""How long PostgreSQL may look from node to node: never, and long enough."""


class Facts:
    """The graph with the findings that were stored."""

    def __init__(self, graph: Graph, findings: dict[str, list[FindingFacts]]) -> None:
        self.graph = graph
        self._findings = findings

    def nodes(self) -> Sequence[Node]:
        return self.graph.nodes()

    def node(self, id: str) -> Node:
        return self.graph.node(id)

    def out(self, id: str) -> list[Edge]:
        return self.graph.out(id)

    def into(self, id: str) -> list[Edge]:
        return self.graph.into(id)

    def findings(self, id: str) -> Sequence[FindingFacts]:
        return self._findings.get(id, ())


def some_graph(dice: random.Random) -> Graph:
    ids = [f"arn:aws:s3:::b{n}" for n in range(6)] + [f"n{n}" for n in range(10)] + ["internet"]
    nodes = [_node(dice, id) for id in ids]
    edges = [_edge(dice, ids) for _ in range(45)]
    return Graph.of(nodes, edges)


def _node(dice: random.Random, id: str) -> Node:
    insights: dict[str, Any] = {}
    for name in ("exposed", "sensitive", "width", "or"):
        if dice.random() < 0.7:
            insights[name] = dice.choice([True, False, 1, 0, 4.5, "prod", "A b", "", ["prod", "x"], []])
    tags = {name: dice.choice(WORDS) for name in ("env", "cost center") if dice.random() < 0.6}
    kind = "internet" if id == "internet" else dice.choice(KINDS[:4])
    scope = dice.choice(["", SCOPE, OTHER])
    return Node(
        id=id,
        kind=kind,
        name=dice.choice(WORDS),
        provider=dice.choice(["", "aws"]),
        scope=scope,
        insights=insights,
        tags=tags,
    )


def _edge(dice: random.Random, ids: list[str]) -> Edge:
    return Edge(
        source=dice.choice(ids),
        target=dice.choice(ids),
        kind=dice.choice(list(EdgeKind)[:5]),
        state=dice.choice(list(EdgeState)),
        capability=dice.choice([None, *Capability]),
        ports=dice.choice([(), ("tcp/443",), ("tcp/0-1024", "udp/53"), ("tcp/22", "tcp/65535")]),
    )


@pytest.fixture
def facts(store: Store) -> Facts:
    """A random graph, stored, with findings on some of its nodes."""
    findings: dict[str, list[FindingFacts]] = {}
    said = []
    assets = [bucket(f"b{n}") for n in range(6)]
    for n, asset in enumerate(assets):
        state = (State.UNHEALTHY, State.UNKNOWN, State.HEALTHY)[n % 3]
        said.append(judged(asset, {OPEN: state, LOGS: State.UNHEALTHY}, risks={OPEN: CRITICAL}))
        found = [FindingFacts(LOGS, Severity.LOW, Severity.LOW, State.UNHEALTHY)]
        if state is not State.HEALTHY:
            found.append(FindingFacts(OPEN, Severity.HIGH, Severity.CRITICAL, state))
        findings[asset.id] = found
    write(store, collected(assets, key(SCOPE)), said)
    graph = some_graph(random.Random(SEED))
    triples = zip(*(column.tolist() for column in graph.columns), strict=True)
    store.graph.write("test", graph.nodes(), graph.details, triples)
    return Facts(graph, findings)


def asked(store: Store, query: Query, viewer: frozenset[str] | None = None, offset: int = 0) -> list[Row]:
    return answered(Exploring(store._core, patience_s=PATIENT_S), query, viewer, offset)


def answered(asks: Exploring, query: Query, viewer: frozenset[str] | None = None, offset: int = 0) -> list[Row]:
    order = column(query, query.order) if query.order else None
    return asks.rows(query, order, viewer, offset)


def test_the_stored_findings_are_those_of_the_literal_evaluator(store: Store, facts: Facts) -> None:
    for text in (
        "has finding",
        "has finding (state any)",
        "has finding (severity high)",
        "has finding (risk critical)",
        "has finding (risk low, state unknown)",
        f'has finding (check "{OPEN}")',
        "not has finding",
    ):
        query = from_text(f"find anything where {text}")
        assert asked(store, query) == evaluate(query, facts), text


@settings(
    max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(query=queries, few=fews, looking_s=lookings)
def test_a_random_query_gives_the_rows_of_the_literal_evaluator(
    store: Store, facts: Facts, query: Query, few: int, looking_s: float
) -> None:
    found = answered(Exploring(store._core, patience_s=PATIENT_S, few=few, looking_s=looking_s), query)
    assert found[: query.limit] == evaluate(query, facts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries, few=fews, looking_s=lookings)
def test_counts_of_blocks_are_those_of_the_literal_evaluator(
    store: Store, facts: Facts, query: Query, few: int, looking_s: float
) -> None:
    asks = Exploring(store._core, patience_s=PATIENT_S, few=few, looking_s=looking_s)
    for find, place in prefixes(query.find):
        everything = Query(find, limit=10_000)
        rows = evaluate(everything, facts)
        if len(rows) < everything.limit:
            assert asks.count(find, place, None) == len({row[place] for row in rows})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=queries)
def test_a_viewer_gets_what_the_graph_of_their_scopes_gives(store: Store, facts: Facts, query: Query) -> None:
    viewer = frozenset({SCOPE})
    seen = [node for node in facts.nodes() if not node.scope or node.scope in viewer]
    ids = {node.id for node in seen}
    edges = [edge for edge in facts.graph.edges() if {edge.source, edge.target} <= ids]
    own = Facts(Graph.of(seen, edges), {id: found for id, found in facts._findings.items() if id in ids})
    assert asked(store, query, viewer)[: query.limit] == evaluate(query, own)


def test_pages_are_the_whole_list(store: Store, facts: Facts) -> None:
    query = from_text("find anything -[any]-> (anything) order by name limit 7")
    whole = evaluate(msgspec.structs.replace(query, limit=10_000), facts)
    pages = [asked(store, query, None, offset)[:7] for offset in range(0, len(whole), 7)]
    assert [row for page in pages for row in page] == whole


def test_a_query_that_takes_too_long_is_stopped(store: Store, facts: Facts) -> None:
    query = from_text("find anything " + "-[any, 1..4]- (anything " * 5 + ")" * 5)
    impatient = Exploring(store._core, patience_s=0.001)
    with pytest.raises(TooSlow, match="Narrow it"):
        impatient.rows(query, None, None)
    calm = from_text("find internet")
    assert asked(store, calm) == evaluate(calm, facts)


def test_what_looking_does_not_find_in_time_is_found_by_joins(store: Store, facts: Facts) -> None:
    query = from_text("find anything -[any, 1..4]- (anything -[any, 1..4]- (anything without -[any]-> (internet)))")
    hasty = Exploring(store._core, patience_s=PATIENT_S, looking_s=0.01)
    assert answered(hasty, query)[: query.limit] == evaluate(query, facts)


def test_what_no_edge_can_be_is_found_nowhere_and_without_it_is_everything(store: Store, facts: Facts) -> None:
    missing = next(kind for kind in EdgeKind if all(edge.kind is not kind for edge in facts.graph.edges()))
    for text in ("{}", "without {}", "optional {}", "-[any]-> (anything {})", "optional -[any]-> (anything {})"):
        link = f"-[{missing.value.replace('_', ' ')}]-> (anything)"
        query = from_text(f"find anything {text.format(link)}")
        assert asked(store, query)[: query.limit] == evaluate(query, facts), text


def test_names_are_what_the_graph_has(store: Store, facts: Facts) -> None:
    names = store.exploring.names(None)
    assert "internet" in names["kinds"]
    assert set(names["insights"]) == {"exposed", "sensitive", "width", "or"}
    assert set(names["tags"]) == {"env", "cost center"}


def test_every_shown_block_has_a_column(store: Store, facts: Facts) -> None:
    query = from_text("find anything optional -[any]-> (anything -[any]-> (anything)) without -[any]-> (internet)")
    assert {len(row) for row in asked(store, query)} == {sum(1 for _ in shown(query.find))}
