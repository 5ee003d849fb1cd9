"""The graph is the same for the same facts, and answers by node and by kind."""

from hypothesis import given
from hypothesis import strategies as st

from poise.graph.graph import MISSING, Builder, Graph
from poise.model.graph import Edge, EdgeKind, EdgeState, Node

CONTAINS, ROUTES = EdgeKind.CONTAINS, EdgeKind.ROUTES_TO
names = st.sampled_from("abcdefg")
edges = st.builds(
    Edge,
    source=names,
    target=names,
    kind=st.sampled_from((CONTAINS, ROUTES)),
    state=st.sampled_from(EdgeState),
    ports=st.sampled_from(((), ("tcp/22",))),
)
nodes = st.builds(
    Node,
    id=names,
    kind=st.sampled_from(("vm", "net")),
    name=names,
    provider=st.just("aws"),
    scope=st.just("1"),
    insights=st.dictionaries(st.sampled_from(("exposed", "state")), st.booleans()),
)


def node(id, **more):
    return Node(id=id, kind="vm", name=id, provider="aws", scope="1", **more)


@given(st.lists(nodes, max_size=8), st.lists(edges, max_size=20), st.randoms())
def test_order_does_not_matter(some_nodes, some_edges, random):
    first = Graph.of(some_nodes, some_edges)
    random.shuffle(some_nodes)
    random.shuffle(some_edges)
    assert Graph.of(some_nodes, some_edges).digest == first.digest


@given(st.lists(edges, max_size=25), names)
def test_edges_are_found_from_both_ends(some, id):
    graph = Graph.of([], some)
    every = set(some)
    assert set(graph.edges()) == every
    assert graph.size == len(every)
    assert set(graph.out(id)) == {one for one in every if one.source == id}
    assert set(graph.into(id, (ROUTES,))) == {one for one in every if one.target == id and one.kind is ROUTES}
    assert set(graph.of_kind(CONTAINS)) == {one for one in every if one.kind is CONTAINS}


def test_what_no_node_describes_is_missing():
    graph = Graph.of([node("a")], [Edge(source="a", target="arn:x/gone", kind=ROUTES)])
    assert (graph.node("arn:x/gone").kind, graph.node("arn:x/gone").name) == (MISSING, "gone")


def test_an_asset_stands_before_what_merely_names_it():
    foreign = Node(id="a", kind=MISSING, name="zz", provider="", scope="")
    assert Graph.of([foreign, node("a")], []).node("a").kind == "vm"
    assert Graph.of([node("a"), foreign], []).node("a").kind == "vm"


def test_insights_that_are_told_of_a_node_are_added_to_its_own():
    builder = Builder()
    builder.add([node("a", insights={"state": "running"})], [])
    builder.tell("a", "exposed", value=False)
    builder.tell("a", "exposed", value=True)
    builder.tell("a", "ports", value=["tcp/80"])
    builder.tell("a", "ports", value=["tcp/22"])
    assert builder.graph().node("a").insights == {
        "state": "running",
        "exposed": True,
        "ports": ["tcp/22", "tcp/80"],
    }


def test_kernels_get_positions_of_the_arrays():
    some = [
        Edge(source=s, target=t, kind=k) for s, t, k in (("a", "b", ROUTES), ("b", "c", CONTAINS), ("a", "c", ROUTES))
    ]
    graph = Graph.of([], some)
    kept = graph.incoming(graph.kinds == tuple(EdgeKind).index(ROUTES))
    assert {(graph.edge(at).source, graph.edge(at).target) for at in kept.order.tolist()} == {("a", "b"), ("a", "c")}


def test_an_empty_graph_is_a_graph():
    graph = Graph.of([], [])
    assert (len(graph), graph.size, list(graph.edges()), graph.out("a")) == (0, 0, [], [])
    assert graph.incoming().nodes == 0


def test_a_hub_keeps_one_detail_for_all_its_edges():
    graph = Graph.of([], (Edge(source=f"u{at}", target="hub", kind=ROUTES) for at in range(20_000)))
    assert (graph.size, len(graph.details)) == (20_000, 1)
    assert graph.positions_into("hub").size == 20_000
