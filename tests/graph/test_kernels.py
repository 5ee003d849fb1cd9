"""The kernels give what igraph gives, and are right where `reduceat` is treacherous."""

import numpy as np
import pytest

from poise.graph.kernels import cheapest, counts, incoming, nearest, pairs, reached, through, useful, walk
from tests.graph.random_graphs import both

SEEDS = range(12)
HOPS = 4


def bounded(distances, hops):
    return [-1 if value == float("inf") or value > hops else int(value) for value in distances]


@pytest.mark.parametrize("seed", SEEDS)
def test_nearest_gives_the_distances_of_igraph(seed):
    edges, _, oracle = both(seed)
    starts = [0, 5, 9]
    least = np.min(oracle.distances(source=starts), axis=0)
    assert nearest(edges, starts, HOPS).tolist() == bounded(least, HOPS)


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_give_the_distances_of_igraph_beyond_one_word(seed):
    edges, _, oracle = both(seed, nodes=90, many=300)
    starts, ends = list(range(80)), [3, 17, 88, 89]
    found = pairs(edges, starts, ends, HOPS)
    wanted = [bounded(row, HOPS) for row in oracle.distances(source=starts, target=ends)]
    assert found.tolist() == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_cheapest_without_a_tight_bound_gives_the_costs_of_igraph(seed):
    edges, cost, oracle = both(seed)
    found = cheapest(edges, cost, [0, 5], 60)[-1]
    assert np.allclose(found, np.min(oracle.distances(source=[0, 5], weights="cost"), axis=0))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cheapest_walk_costs_what_its_layer_says_and_keeps_the_bound(seed):
    edges, cost, _ = both(seed)
    layers = cheapest(edges, cost, [0], HOPS)
    for end in np.flatnonzero(np.isfinite(layers[-1])).tolist():
        way = walk(edges, cost, layers, end)
        assert len(way) <= HOPS
        assert np.isclose(cost[way].sum(), layers[-1, end])
        assert edges.source[way].tolist() == [0, *edges.target[way].tolist()][: len(way)]
        assert not len(way) or edges.target[way[-1]] == end


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_are_powers_of_the_adjacency_matrix(seed):
    edges, _, oracle = both(seed)
    matrix = np.array(oracle.get_adjacency().data, float)
    step, found = np.eye(edges.nodes), counts(edges, [0, 5], HOPS)
    for hop in range(HOPS + 1):
        assert np.array_equal(found[hop], step[0] + step[5])
        step = step @ matrix


@pytest.mark.parametrize("seed", SEEDS)
def test_edges_are_kept_only_if_they_lie_on_a_walk_in_time(seed):
    edges, _, oracle = both(seed)
    starts, ends = [0, 5], [7, 11]
    ahead = np.min(oracle.distances(source=starts), axis=0)
    behind = np.min(oracle.distances(target=ends), axis=1)
    wanted = [ahead[s] + 1 + behind[t] <= HOPS for s, t in zip(edges.source, edges.target, strict=True)]
    assert useful(edges, starts, ends, HOPS).tolist() == wanted


@pytest.mark.parametrize("seed", range(4))
def test_walks_through_an_edge_are_those_that_are_lost_without_it(seed):
    edges, _, _ = both(seed, nodes=12, many=20)
    back = edges.reversed()
    found = through(edges, counts(edges, [0], HOPS), counts(back, [4], HOPS), HOPS)
    steps = counts(edges, [0], HOPS)[:, 4].sum()
    for position in range(edges.source.size):
        only = np.ones(edges.source.size, bool)
        only[position] = False
        rest = counts(edges.kept(only), [0], HOPS)[:, 4].sum()
        assert (found[position] > 0) == (rest < steps)


def test_a_walk_that_uses_an_edge_twice_counts_it_twice():
    edges = incoming(2, [0, 1], [0, 1])
    loop = incoming(1, [0], [0])
    assert counts(loop, [0], 3)[:, 0].tolist() == [1, 1, 1, 1]
    assert reached(edges, [0], 3).tolist() == [1, 0]


def test_no_edges_reach_nothing():
    edges = incoming(3, [], [])
    assert nearest(edges, [1], 4).tolist() == [-1, 0, -1]
    assert cheapest(edges, [], [1], 4)[-1].tolist() == [np.inf, 0, np.inf]
    assert counts(edges, [1], 2).tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert pairs(edges, [0, 1], [1, 2], 2).tolist() == [[-1, -1], [0, -1]]


def test_isolated_nodes_and_a_last_node_without_edges_do_not_take_what_is_of_others():
    edges = incoming(6, [0, 2], [2, 4])
    assert nearest(edges, [0], 4).tolist() == [0, -1, 1, -1, 2, -1]
    assert reached(edges, [0, 1], 4).tolist() == [1, 2, 1, 0, 1, 0]


def test_a_start_in_a_cycle_is_at_distance_zero_from_itself():
    edges = incoming(3, [0, 1, 2], [1, 2, 0])
    assert nearest(edges, [0], 9).tolist() == [0, 1, 2]
    assert pairs(edges, [0], [0], 9).tolist() == [[0]]


def test_a_start_that_is_given_twice_counts_as_two_walks_and_as_one_reach():
    edges = incoming(2, [0], [1])
    assert counts(edges, [0, 0], 1)[1].tolist() == [0, 2]
    assert reached(edges, [0, 0], 1).tolist() == [3, 3]


def test_a_word_takes_no_more_than_its_bits():
    with pytest.raises(ValueError, match="65 starts"):
        reached(incoming(1, [], []), [0] * 65, 1)


GATE = incoming(5, [0, 1, 2, 3], [2, 2, 3, 4])
IS_GATE = np.array([False, False, True, False, False])


def test_a_gate_opens_once_all_before_it_are_reached():
    assert nearest(GATE, [0], 9, IS_GATE).tolist() == [0, -1, -1, -1, -1]
    assert nearest(GATE, [0, 1], 9, IS_GATE).tolist() == [0, 0, 1, 2, 3]


def test_a_gate_waits_for_the_last_before_it():
    late = incoming(6, [0, 5, 1, 2, 3], [2, 1, 2, 3, 4])
    gates = np.append(IS_GATE, False)
    assert nearest(late, [0, 5], 9, gates).tolist() == [0, 1, 2, 3, 4, 0]


def test_a_gate_costs_the_sum_of_what_it_needs():
    layers = cheapest(GATE, np.array([2.0, 3.0, 1.0, 1.0]), [0, 1], 9, IS_GATE)
    assert layers[-1].tolist() == [0, 0, 5, 6, 7]
    assert cheapest(GATE, np.ones(4), [0], 9, IS_GATE)[-1].tolist() == [0, np.inf, np.inf, np.inf, np.inf]


def test_a_hub_of_many_edges_is_one_row():
    many = 100_000
    edges = incoming(many + 2, np.arange(many), np.full(many, many))
    assert nearest(edges, [5], 3)[many] == 1
    assert counts(edges, np.arange(many), 1)[1, many] == many
