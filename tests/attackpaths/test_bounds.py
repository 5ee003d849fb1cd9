"""What a search leaves out is told; risks of one target add up over ways that do not meet."""

import msgspec

from poise.attackpaths.analysis import analyse
from poise.attackpaths.drawing import edge, node
from poise.attackpaths.facts import Facts
from poise.attackpaths.priors import priors
from poise.attackpaths.target_risk import disjoint, target_risks
from poise.graph.graph import Builder
from poise.model.graph import EdgeKind
from tests.attackpaths.estates import BUCKET, ROLE, machine, reads, shop


def found(nodes, edges):
    return analyse(Facts(nodes, edges))


def two_ways(*roles):
    """Return two machines, one of another scope, with these roles that read one bucket."""
    nodes, edges = shop("vm-1")
    more, ways = machine("vm-2", roles[-1])
    nodes += [msgspec.structs.replace(one, scope="b") for one in more]
    nodes += [node(role, ROLE) for role in roles if role != "role"]
    return nodes, edges + ways + [reads(role, "pii") for role in roles if role != "role"]


def test_a_small_search_leaves_nothing_out():
    bounds = found(*shop("vm-1", "vm-2")).bounds

    assert (bounds.kinds, bounds.targets) == (0, ())


def test_costlier_kinds_of_ways_through_the_same_places_are_counted_and_not_hidden():
    nodes, edges = shop("vm-1")
    for length in range(4):
        chain = [f"hop-{length}-{n}" for n in range(length)]
        nodes += [node(one, ROLE) for one in chain]
        edges += [
            edge(one, EdgeKind.CAN_ASSUME, other, rule=f"r{length}")
            for one, other in zip(["role", *chain], [*chain, "last"], strict=True)
        ]
    nodes += [node("last", ROLE), node("far", BUCKET, sensitive=True)]
    search = found(nodes, [*edges, reads("last", "far")])
    listed = [path for path in search.paths if path.target.node == "far"]

    assert (len(listed), search.bounds.kinds) == (3, 1)


def test_independent_ways_to_a_target_add_up():
    paths = found(*two_ways("role", "other")).paths
    one, other = (path.chance for path in paths)

    weight = priors().targets[paths[0].signature.target]
    assert target_risks(paths, priors()) == {"pii": round(100 * (1 - (1 - one) * (1 - other)) * weight, 2)}


def test_ways_that_meet_count_once():
    paths = found(*two_ways("role")).paths

    assert len(paths) == 2
    assert len(disjoint(paths)) == 1
    assert target_risks(paths, priors())["pii"] == max(path.risk for path in paths)


def test_a_cloud_record_wins_over_the_scanned_machine_of_the_same_id():
    cloud = node("i-1", "AWS::EC2::Instance")
    scanned = msgspec.structs.replace(node("i-1", "Machine", os="debian", kernel="6.1"), provider="host")
    for order in ((cloud, scanned), (scanned, cloud)):
        builder = Builder()
        builder.add(order, ())
        assert [one.kind for one in builder.graph().nodes()] == ["AWS::EC2::Instance"]
