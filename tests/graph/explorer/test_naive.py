from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pytest

from poise.graph.explorer.forms import from_text
from poise.graph.explorer.naive import FindingFacts, Row, evaluate
from poise.model.graph import INTERNET, Capability, Edge, EdgeKind, EdgeState, Node
from poise.model.verdict import Severity, State


class Small:
    """A graph of a few nodes."""

    def __init__(
        self, nodes: Iterable[Node], edges: Iterable[Edge], found: Mapping[str, Sequence[FindingFacts]]
    ) -> None:
        self._nodes = {node.id: node for node in nodes}
        self._edges = list(edges)
        self._found = found

    def nodes(self) -> Iterable[Node]:
        return self._nodes.values()

    def node(self, id: str) -> Node:
        return self._nodes[id]

    def out(self, id: str) -> Iterable[Edge]:
        return [edge for edge in self._edges if edge.source == id]

    def into(self, id: str) -> Iterable[Edge]:
        return [edge for edge in self._edges if edge.target == id]

    def findings(self, id: str) -> Sequence[FindingFacts]:
        return self._found.get(id, ())


def node(id: str, kind: str, tags: Mapping[str, str] | None = None, **insights: object) -> Node:
    return Node(id=id, kind=kind, name=id.upper(), provider="aws", scope="1", insights=insights, tags=tags or {})


def edge(source: str, kind: EdgeKind, target: str, **more: object) -> Edge:
    return Edge(source=source, target=target, kind=kind, **more)  # type: ignore[arg-type]


OPEN = FindingFacts("aws.s3.bucket_open", Severity.HIGH, Severity.CRITICAL, State.UNHEALTHY)
UNSURE = FindingFacts("aws.s3.bucket_unread", Severity.LOW, Severity.LOW, State.UNKNOWN)
ESTATE = Small(
    [
        Node(id=INTERNET, kind="internet", name="Internet", provider="", scope=""),
        node("vm1", "VM", {"env": "Prod"}, exposed=True, width=4),
        node("vm2", "VM", {"env": "test"}, exposed=False),
        node("vm3", "VM"),
        node("role", "Role"),
        node("pii", "Bucket", sensitive=True, labels=["Personal", "card"]),
        node("logs", "Bucket", sensitive=False),
    ],
    [
        edge(INTERNET, EdgeKind.ROUTES_TO, "vm1", ports=("tcp/443", "udp/1000-2000")),
        edge("vm1", EdgeKind.CAN_AUTHENTICATE_AS, "role"),
        edge("vm2", EdgeKind.CAN_AUTHENTICATE_AS, "role", state=EdgeState.UNKNOWN),
        edge("role", EdgeKind.HAS_PERMISSION, "pii", capability=Capability.READ, state=EdgeState.CONDITIONAL),
        edge("role", EdgeKind.HAS_PERMISSION, "logs", capability=Capability.WRITE),
        edge("role", EdgeKind.CAN_ASSUME, "role"),
    ],
    {"pii": [OPEN], "logs": [UNSURE]},
)


def rows(text: str) -> list[Row]:
    return evaluate(from_text(text), ESTATE)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("exposed", ["vm1"]),
        ("exposed = false", ["vm2"]),
        ("not exposed", ["vm2"]),
        ("exposed exists", ["vm1", "vm2"]),
        ("not exposed exists", ["vm3"]),
        ("exposed or not exposed", ["vm1", "vm2"]),
        ("exposed or name = VM3", ["vm1", "vm3"]),
        ("exposed and name = VM3", []),
        ("exposed = 1", []),
        ("exposed != 1", []),
        ("width >= 4", ["vm1"]),
        ("width = 4.0", ["vm1"]),
        ("width > four", []),
        ("tag.env = prod", ["vm1"]),
        ("tag.env != prod", ["vm2"]),
        ("tag.env in (prod, TEST)", ["vm1", "vm2"]),
        ("not tag.env in (prod)", ["vm2"]),
        ('name starts with v and name ends with "3"', ["vm3"]),
        ("region = x", []),
        ("not region = x", []),
    ],
)
def test_a_condition_finds_what_is_true_and_not_what_is_unknown(where: str, ids: list[str]) -> None:
    assert rows(f"find VM where {where}") == [(id,) for id in ids]


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("has finding", ["pii"]),
        ("has finding (state any)", ["logs", "pii"]),
        ("has finding (state unknown)", ["logs"]),
        ("not has finding", ["logs"]),
        ('has finding (check "aws.s3.*")', ["pii"]),
        ('has finding (check "aws.ec2.*")', []),
        ("has finding (severity critical)", []),
        ("has finding (severity medium, risk critical)", ["pii"]),
        ("labels contains personal", ["pii"]),
        ("labels contains person", []),
        ("labels = personal", []),
    ],
)
def test_findings_and_lists_are_conditions(where: str, ids: list[str]) -> None:
    assert rows(f"find Bucket where {where}") == [(id,) for id in ids]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("find VM -[can authenticate as]-> (Role)", [("vm1", "role")]),
        ("find VM -[can authenticate as, state unknown|certain]-> (Role)", [("vm1", "role"), ("vm2", "role")]),
        ("find VM without -[can authenticate as]-> (Role)", [("vm2",), ("vm3",)]),
        ("find VM optional -[can authenticate as]-> (Role)", [("vm1", "role"), ("vm2", None), ("vm3", None)]),
        ("find VM <-[routes traffic to, port 1500]- (internet)", [("vm1", INTERNET)]),
        ("find VM <-[routes traffic to, port 80]- (internet)", []),
        ("find Role -[has permission to, to read]-> (Bucket)", [("role", "pii")]),
        ("find Bucket where sensitive -[any]- (Role)", [("pii", "role")]),
        ("find VM -[any, 2]-> (Bucket)", [("vm1", "logs"), ("vm1", "pii")]),
        ("find VM -[any, 1..2]-> (anything)", [("vm1", "logs"), ("vm1", "pii"), ("vm1", "role")]),
        ("find Role -[can assume, 3]-> (Role)", [("role", "role")]),
        (
            "find VM -[any]-> (Role -[any]-> (Bucket where sensitive) -[any]-> (Bucket where not sensitive))",
            [("vm1", "role", "pii", "logs")],
        ),
        ("find V* where exposed", [("vm1",)]),
        ("find VM or Role where name = ROLE", [("role",)]),
    ],
)
def test_links_find_what_hangs_together(query: str, found: list[Row]) -> None:
    assert rows(query) == found


def test_rows_are_ordered_by_a_column_with_missing_values_last() -> None:
    assert rows("find VM order by tag.env") == [("vm1",), ("vm2",), ("vm3",)]
    assert rows("find VM order by tag.env descending") == [("vm2",), ("vm1",), ("vm3",)]
    assert rows("find VM order by tag.env limit 1") == [("vm1",)]
