"""What becomes one finding, its counts, its id, what is left out, and why there may be none."""

import random

import msgspec
import pytest

from poise.attackpaths.analysis import analyse
from poise.attackpaths.choices import Choices
from poise.attackpaths.choking import choke_points, single_points, smallest_cut
from poise.attackpaths.drawing import edge, node
from poise.attackpaths.emptiness import why_empty
from poise.attackpaths.facts import Facts
from poise.attackpaths.proving import outcome
from poise.model.graph import Capability, EdgeKind, EdgeState
from poise.model.verdict import Severity
from tests.attackpaths.estates import ADMIN, BUCKET, ROLE, VM, machine, reads, shop

UNKNOWN = {"state": EdgeState.UNKNOWN, "condition": "not read: service control policies"}


def found(nodes, edges, **choices):
    return analyse(Facts(nodes, edges), Choices(**choices))


def test_alike_paths_are_one_finding_with_counts_and_members():
    (path,) = found(*shop("vm-1", "vm-2", "vm-3", buckets=("pii", "cards"))).paths

    assert path.count == 6
    assert path.stages[1].nodes == ("vm-1", "vm-2", "vm-3")
    assert path.stages[-1].nodes == ("cards", "pii")
    assert path.level is Severity.CRITICAL


def test_the_id_does_not_depend_on_order_or_on_which_machines_there_are():
    nodes, edges = shop("vm-1", "vm-2")
    shuffled = random.Random(1).sample(edges, len(edges))
    other = shop("vm-7")

    assert found(nodes, shuffled).paths == found(nodes, edges).paths
    assert found(*other).paths[0].id == found(nodes, edges).paths[0].id


def test_paths_to_another_account_are_a_finding_of_their_own():
    nodes, edges = shop("vm-1")
    nodes.append(msgspec.structs.replace(node("far", BUCKET, sensitive=True), scope="b"))
    paths = found(nodes, [*edges, reads("role", "far")]).paths

    assert sorted((path.places.target, path.count) for path in paths) == [("a", 1), ("b", 1)]
    assert [path.places.crossed for path in paths if path.places.target == "b"] == [("a", "b")]


def test_a_deny_that_empties_the_graph_leaves_no_path():
    nodes, _ = shop("vm-1")

    assert found(nodes, []).paths == ()


def test_unread_guardrails_make_a_blind_spot_that_is_never_critical():
    nodes, edges = shop("vm-1", buckets=())
    nodes.append(node("pii", BUCKET, sensitive=True))
    edges.append(reads("role", "pii", **UNKNOWN))

    assert found(nodes, edges).paths == ()
    (path,) = found(nodes, edges, with_unknown=True).paths
    assert path.state is EdgeState.UNKNOWN
    assert path.level is not Severity.CRITICAL


def test_cycles_and_self_loops_are_bounded():
    nodes = [node(f"r{n}", ROLE) for n in range(4)] + [node("a", "AWS::::Account")]
    edges = [edge(f"r{n}", EdgeKind.CAN_ASSUME, f"r{m}") for n in range(4) for m in range(4)]
    edges.append(edge("r3", EdgeKind.HAS_PERMISSION, "a", capability=ADMIN, actions=("*",)))

    paths = found(nodes, edges, assumed_breaches=("r0",)).paths

    assert min(len(path.steps) for path in paths) == 2
    assert all(len({stage.state for stage in path.stages}) == len(path.stages) for path in paths)


def test_a_path_of_nine_steps_is_too_long():
    for length, wanted in ((7, 1), (8, 0)):
        roles = [node(f"r{n}", ROLE) for n in range(length + 1)]
        edges = [edge(f"r{n}", EdgeKind.CAN_ASSUME, f"r{n + 1}") for n in range(length)]
        edges.append(edge(f"r{length}", EdgeKind.HAS_PERMISSION, "a", capability=ADMIN, actions=("*",)))
        paths = found([*roles, node("a", "AWS::::Account")], edges, assumed_breaches=("r0",)).paths
        assert len(paths) == wanted, length


def test_members_of_a_large_group_are_one_finding():
    users = [node(f"user-{n}", "AWS::IAM::User") for n in range(3_000)]
    edges = [edge(user.id, EdgeKind.MEMBER_OF, "admins") for user in users]
    edges.append(edge("admins", EdgeKind.HAS_PERMISSION, "a", capability=ADMIN, actions=("*",)))
    edges += [edge("key", EdgeKind.CAN_AUTHENTICATE_AS, user.id) for user in users]
    nodes = [*users, node("admins", "AWS::IAM::Group"), node("a", "AWS::::Account"), node("key", "secret", leaked=True)]

    (path,) = found(nodes, edges).paths

    assert path.count == 3_000


def test_a_step_that_needs_a_network_too_is_taken_only_from_there():
    nodes, edges = shop("vm-1", buckets=())
    condition = "not (StringNotEquals aws:SourceVpce [vpce-0001])"
    nodes += [node("pii", BUCKET, sensitive=True), node("net", "AWS::EC2::VPC"), node("x/vpce-0001", "endpoint")]
    edges += [reads("role", "pii", condition=condition), edge("net", EdgeKind.CONTAINS, "x/vpce-0001")]

    assert found(nodes, edges).paths == ()
    (path,) = found(nodes, [*edges, edge("net", EdgeKind.CONTAINS, "vm-1")]).paths
    assert [taken.rule for taken in path.sides[0]][-1] == "inside_network"


def test_trusted_networks_and_accounts_are_no_entries():
    partner = node("10.9.0.0/16", "network", ranges=["10.9.0.0/16"])
    nodes, edges = shop("vm-1")
    edges = [msgspec.structs.replace(e, source=partner.id) if e.source == "internet" else e for e in edges]

    assert len(found([*nodes, partner], edges).paths) == 1
    assert found([*nodes, partner], edges, trusted_networks=("10.0.0.0/8",)).paths == ()


def test_the_single_points_are_those_that_every_way_passes():
    (path,) = found(*shop("vm-1", "vm-2")).paths

    assert single_points(path) == ("role",)


def test_choke_points_come_by_their_share_and_the_cut_is_the_cheapest():
    analysis = found(*shop("vm-1", "vm-2"))

    first = choke_points(analysis)[0]
    cut = smallest_cut(analysis)
    assert (first.node, first.share) == ("role", 1.0)
    assert [t.rule for t in cut.steps] in (["granted_permission"], ["exposed_to_packets", "exposed_to_packets"])
    assert cut.effort == 2.0


def test_a_fix_of_one_of_two_routes_is_insufficient_and_shows_the_other():
    nodes, edges = shop("vm-1", "vm-2")
    before = found(nodes, edges)
    after = found(nodes, [e for e in edges if e.target != "vm-1"])
    all_closed = found(nodes, [e for e in edges if e.source != "internet"])

    result = outcome(before, after)
    assert (result.verdict, result.paths_before, result.paths_after) == ("insufficient", 2, 1)
    assert result.left[0].stages[1].nodes == ("vm-2",)
    assert outcome(before, all_closed).verdict == "verified"
    assert outcome(before, all_closed).targets_cleared == ("pii",)


def test_a_fix_that_closes_the_listed_way_is_insufficient_if_another_joins_its_ends():
    nodes, edges = shop("vm-1")
    more_nodes, more_edges = machine("vm-2", "first-role")
    nodes += [*more_nodes, node("first-role", ROLE)]
    edges += [*more_edges, edge("first-role", EdgeKind.CAN_ASSUME, "role")]
    before, after = found(nodes, edges), found(nodes, [e for e in edges if e.target != "vm-1"])
    (listed,) = [path for path in before.paths if path.stages[1].nodes == ("vm-1",)]

    result = outcome(before, after, (listed,))
    assert (result.verdict, result.paths_before, result.paths_after) == ("insufficient", 1, 1)
    assert ("first-role",) in [stage.nodes for stage in result.left[0].stages]
    assert outcome(before, before, (listed,)).verdict == "no effect"


def test_a_change_that_opens_a_path_is_told():
    nodes, edges = shop("vm-1")
    more = [*edges, reads("role", "cards")]
    nodes.append(node("cards", BUCKET, sensitive=True))

    result = outcome(found(nodes, edges), found(nodes, more))

    assert [path.stages[-1].nodes for path in result.opened] == [("cards", "pii")] or result.opened == ()
    assert not result.opened or result.verdict == "opens"


def test_somebody_who_loses_a_permission_is_named():
    nodes, edges = shop("vm-1")
    after = found(nodes, [e for e in edges if e.kind is not EdgeKind.HAS_PERMISSION])

    assert [(one.who, one.what, one.to) for one in outcome(found(nodes, edges), after).losses] == [
        ("role", "s3:GetObject", "pii")
    ]


@pytest.mark.parametrize(
    ("leave_out", "why"),
    [
        (EdgeKind.HAS_VULNERABILITY, "reach vm-1, but nothing is known that lets them run code on it"),
        (EdgeKind.ROUTES_TO, "Nobody outside reaches anything that leads to a target."),
    ],
)
def test_an_empty_result_says_where_the_best_attempt_ends(leave_out, why):
    nodes, edges = shop("vm-1")

    told = why_empty(found(nodes, [e for e in edges if e.kind is not leave_out]))

    assert why in told.blocked.why
    assert told.targets == 1


def test_without_targets_it_says_so():
    told = why_empty(found([node("vm", VM)], []))

    assert "Nothing is marked" in told.blocked.why


def test_removing_any_fact_never_adds_a_path():
    nodes, edges = shop("vm-1", "vm-2", buckets=("pii", "cards"))
    edges.append(edge("role", EdgeKind.HAS_PERMISSION, "cards", capability=Capability.ADMIN, actions=("s3:*",)))
    whole = ends(found(nodes, edges))

    for at in range(len(edges)):
        assert ends(found(nodes, edges[:at] + edges[at + 1 :])) <= whole


def ends(analysis):
    return {(path.signature.entry, end) for path in analysis.paths for end in path.stages[-1].nodes}
