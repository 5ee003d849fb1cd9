"""Sizes and shapes that break graphs: huge groups, hubs, circles, policies without sense; answers stay bounded."""

import numpy as np
import pytest

from poise.graph.graph import Graph
from poise.graph.kernels import counts, incoming, nearest, pairs, useful
from poise.graph.ranking import k_best
from poise.model import replace
from poise.model.graph import Edge, EdgeKind, EdgeState
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import IAM_GROUP
from tests.graph.estates import ALONE, allow, bucket, graph_of, role, trust, user

MEMBER, MAY = EdgeKind.MEMBER_OF, EdgeKind.HAS_PERMISSION


def test_a_group_of_a_hundred_thousand_members_is_searched_at_once():
    many = 100_000
    edges = [Edge(source=f"u{at}", target="group", kind=MEMBER) for at in range(many)]
    graph = Graph.of([], [*edges, Edge(source="group", target="data", kind=MAY)])
    arrays = graph.incoming()
    start, end = graph.number("u5"), graph.number("data")
    assert nearest(arrays, [start], 8)[end] == 2
    everyone = [graph.number(f"u{at}") for at in range(many)]
    assert counts(arrays, everyone, 2)[2, end] == many
    assert len(k_best(arrays, np.ones(graph.size), (start, end), 10, 8).paths) == 1


def test_a_group_of_many_members_is_asked_about_once():
    group = replace(IAM_GROUP, name="all", inline_policies={"own": allow("s3:GetObject")}, attached_policies=())
    members = [user(f"u{at}", groups=("all",)) for at in range(400)]
    graph = graph_of(group, *members, bucket())
    assert len(graph.into("arn:aws:s3:::pii", (MAY,))) == 400
    assert len(graph.details) < 1300


def test_a_hub_of_a_million_edges_is_pruned_to_what_leads_on():
    many = 1_000_000
    source = np.concatenate((np.arange(many), [many]))
    target = np.concatenate((np.full(many, many), [many + 1]))

    edges = incoming(many + 2, source, target)
    assert useful(edges, [7], [many + 1], 8).sum() == 2
    assert pairs(edges, [7, 8], [many + 1], 8).tolist() == [[2], [2]]


def test_roles_in_a_circle_of_trust_end():
    ring = [
        role(
            f"r{at}",
            allow("sts:AssumeRole"),
            trust_policy=trust({"AWS": f"arn:aws:iam::{ACCOUNT}:role/r{(at + 1) % 5}"}),
        )
        for at in range(5)
    ]
    graph = graph_of(*ring)
    arrays = graph.incoming(graph.kinds == tuple(EdgeKind).index(EdgeKind.CAN_ASSUME))
    found = nearest(arrays, [graph.number(ring[0].id)], 8)
    assert sorted(found[graph.number(one.id)] for one in ring) == [0, 1, 2, 3, 4]


def test_a_role_that_trusts_itself_has_no_edge_to_itself():
    own = f"arn:aws:iam::{ACCOUNT}:role/web"
    graph = graph_of(role(policy=allow("*"), trust_policy=trust({"AWS": own})))
    assert not [edge for edge in graph.edges() if edge.source == edge.target]


@pytest.mark.parametrize(
    "document",
    [{}, {"Statement": []}, {"Statement": [None]}, {"Statement": "x"}, {"Statement": [{"Effect": "Allow"}]}, [], "no"],
)
def test_a_policy_without_sense_is_unknown_or_nothing_and_never_certain(document):
    graph = graph_of(role(policy=document or {"Version": 1}), bucket(policy=document or None))
    states = {edge.state for edge in graph.of_kind(MAY)}
    assert EdgeState.CERTAIN not in states


@pytest.mark.parametrize("document", [{}, {"Statement": [None]}, {"Statement": {"Effect": "Allow", "Principal": 7}}])
def test_a_trust_without_sense_lets_nobody_in_for_certain(document):
    graph = graph_of(role(trust_policy=document), user(policy=allow("sts:AssumeRole")))
    assert EdgeState.CERTAIN not in {edge.state for edge in graph.of_kind(EdgeKind.CAN_ASSUME)}


def test_an_asset_with_every_fact_unread_is_a_node_with_its_gaps():
    bare = bucket()
    hidden = replace(bare, unread=dict.fromkeys(bare.FACTS, "denied"))
    graph = graph_of(hidden, role(policy=allow("s3:GetObject")))
    assert graph.node(hidden.id).insights["unread"] == sorted(bare.FACTS)
    assert all(edge.state is not EdgeState.CERTAIN for edge in graph.into(hidden.id, (MAY,)))


def test_a_user_with_every_fact_unread_is_told_once():
    bare = user()
    hidden = replace(bare, unread=dict.fromkeys(bare.FACTS, "denied"))
    (edge,) = graph_of(hidden, bucket(), bucket("more")).out(bare.id)
    assert (edge.target, edge.state) == (ALONE.id, EdgeState.UNKNOWN)


def test_a_principal_whose_id_is_no_principals_is_left_out_and_the_others_stay():
    reader = user("reader", inline_policies={"own": allow("s3:GetObject")})
    odd = replace(reader, id="arn:aws:iam::aws:user/USER", name="USER")
    graph = graph_of(odd, reader, bucket())
    assert not graph.out(odd.id, (MAY,))
    assert graph.out(reader.id, (MAY,))
