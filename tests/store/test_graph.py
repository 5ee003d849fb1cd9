"""The graph as rows: what is written is read, on both stores, and one graph takes the place of another."""

import pytest
from sqlalchemy import select, text

from poise.model.graph import Capability, EdgeDetail, EdgeKind, EdgeState, Evidence, Node
from poise.store import Store, graph_tables
from poise.store.graph import GraphRows, Sort
from tests.store.estate import SCOPE, bucket, collected, write

WEB = Node(
    id="arn:web",
    kind="AWS::EC2::Instance",
    name="web",
    provider="aws",
    scope="111122223333",
    region="eu-west-1",
    insights={"exposed": True, "exposed_ports": ["tcp/22", "tcp/443"], "state": "running", "epss": 0.25},
    tags={"team": "shop"},
)
DATA = Node(id="arn:data", kind="AWS::S3::Bucket", name="data", provider="aws", scope="999988887777")
OUTSIDE = Node(id="internet", kind="internet", name="the internet", provider="", scope="")
ROUTE = EdgeDetail(
    kind=EdgeKind.ROUTES_TO,
    state=EdgeState.CERTAIN,
    condition="",
    actions=(),
    capability=None,
    ports=("tcp/443", "udp/1000-2000", "icmp"),
    rule="",
    evidence=(Evidence(asset="arn:group", field="ingress", says="it lets 443 in", place="rule 1"),),
)
READS = EdgeDetail(
    kind=EdgeKind.HAS_PERMISSION,
    state=EdgeState.CONDITIONAL,
    condition="the caller's address is 10.0.0.0/8",
    actions=("s3:GetObject",),
    capability=Capability.READ,
    ports=(),
    rule="",
    evidence=(),
)
NODES, DETAILS, EDGES = (DATA, WEB, OUTSIDE), (ROUTE, READS), ((1, 0, 1), (2, 1, 0))


@pytest.fixture
def store(store_url):
    with Store.open(store_url) as opened:
        opened.graph.write("one", NODES, DETAILS, EDGES)
        yield opened


def rows(store, table):
    with store._core.database.read() as connection:
        return [tuple(row) for row in connection.execute(select(table))]


def test_what_was_written_is_read(store):
    assert tuple(store.graph.nodes()) == NODES
    assert store.graph.details() == DETAILS
    assert tuple(store.graph.edges()) == EDGES
    assert store.graph.key() == "one"


def test_a_store_without_a_graph_has_no_key(store_url):
    with Store.open(store_url) as store:
        assert (store.graph.key(), list(store.graph.nodes())) == ("", [])


def test_another_graph_takes_its_place(store):
    store.graph.write("two", (OUTSIDE,), (), ())
    assert (store.graph.key(), tuple(store.graph.nodes()), tuple(store.graph.edges())) == ("two", (OUTSIDE,), ())
    assert rows(store, graph_tables.graph_insight) == rows(store, graph_tables.graph_port) == []


def test_a_viewer_sees_the_nodes_of_own_scopes_and_of_none(store):
    assert [node.id for node in store.graph.nodes(frozenset({"111122223333"}))] == ["arn:web", "internet"]


def test_insights_and_tags_are_rows_that_queries_can_compare(store):
    found = {
        (name, Sort(sort), words, number) for _, name, sort, words, number in rows(store, graph_tables.graph_insight)
    }
    assert found == {
        ("exposed", Sort.FLAG, None, 1.0),
        ("epss", Sort.NUMBER, None, 0.25),
        ("state", Sort.TEXT, "running", None),
        ("exposed_ports", Sort.LIST, None, None),
        ("exposed_ports", Sort.MEMBER, "tcp/22", None),
        ("exposed_ports", Sort.MEMBER, "tcp/443", None),
    }
    assert rows(store, graph_tables.graph_tag) == [(1, "team", "shop")]


def test_ports_are_spans_and_all_where_none_are_named(store):
    assert sorted(rows(store, graph_tables.graph_port)) == [
        (0, "icmp", 0, 65535),
        (0, "tcp", 443, 443),
        (0, "udp", 1000, 2000),
    ]


def test_a_nul_in_a_name_does_not_break_the_store(store_url):
    odd = Node(id="a", kind="k", name="na\x00me", provider="", scope="", insights={"words": "x\x00y"})
    with Store.open(store_url) as store:
        store.graph.write("odd", (odd,), (), ())
        assert next(iter(store.graph.nodes())).name == "name"


def test_a_pattern_of_three_nodes_is_a_plain_join(store):
    query = """
        SELECT a.id, b.id, c.id FROM graph_node a
        JOIN graph_edge e ON e.source_pk = a.pk JOIN graph_node b ON b.pk = e.target_pk
        JOIN graph_edge f ON f.source_pk = b.pk JOIN graph_node c ON c.pk = f.target_pk
    """
    with store._core.database.read() as connection:
        assert [tuple(row) for row in connection.execute(text(query))] == [("internet", "arn:web", "arn:data")]


def test_the_digest_of_the_inventory_follows_every_change_of_it_and_nothing_else(store: Store) -> None:
    """A store that was asked before says what one says that never was."""
    steps = (
        lambda: write(store, collected([bucket("a"), bucket("b")])),
        lambda: write(store, collected([bucket("a"), bucket("b", versioning="Enabled")])),
        lambda: write(store, collected([bucket("a")])),
        lambda: store.retire(SCOPE),
        lambda: write(store, collected([bucket("a")])),
        lambda: store.purge(SCOPE),
        lambda: write(store, collected([bucket("a", versioning="Enabled")])),
    )
    seen = [store.graph.inventory_digest()]
    for step in steps:
        step()
        seen.append(store.graph.inventory_digest())
        assert seen[-1] == GraphRows(store._core).inventory_digest()
        assert seen[-1] != seen[-2]
    write(store, collected([bucket("a", versioning="Enabled")]))
    assert store.graph.inventory_digest() == seen[-1]
