"""Single points and smallest cuts, against igraph."""

import numpy as np
import pytest

from poise.graph.cuts import dominators, min_cut
from poise.graph.kernels import incoming, nearest
from tests.graph.random_graphs import both


@pytest.mark.parametrize("seed", range(15))
def test_the_cut_is_as_cheap_as_that_of_igraph_and_leaves_no_way(seed):
    edges, cost, oracle = both(seed, many=120)
    start, end = 0, 7
    cut = min_cut(edges, cost, [start], [end])
    assert np.isclose(cut.value, oracle.mincut(start, end, capacity="cost").value)
    assert np.isclose(cost[cut.edges].sum(), cut.value)
    left = np.ones(edges.source.size, bool)
    left[cut.edges] = False
    assert nearest(edges.kept(left), [start], edges.nodes)[end] == -1


@pytest.mark.parametrize("seed", range(8))
def test_several_starts_and_ends_are_cut_apart(seed):
    edges, cost, oracle = both(seed, many=100)
    oracle.add_vertices(2)
    ways = [(60, 0), (60, 3), (7, 61), (9, 61)]
    oracle.add_edges(ways, {"cost": [1e9] * 4})
    cut = min_cut(edges, cost, [0, 3], [7, 9])
    assert np.isclose(cut.value, oracle.mincut(60, 61, capacity="cost").value)


def test_what_cannot_be_cut_makes_the_value_infinite():
    edges = incoming(3, [0, 1], [1, 2])
    assert min_cut(edges, [np.inf, np.inf], [0], [2]).value == np.inf
    assert min_cut(edges, [np.inf, 2.0], [0], [2]).edges.tolist() == [1]
    assert min_cut(edges, [1.0, 1.0], [0], [0, 2]).value == np.inf


def test_nothing_needs_cutting_where_there_is_no_way():
    cut = min_cut(incoming(3, [1], [2]), [1.0], [0], [2])
    assert (cut.value, cut.edges.tolist()) == (0.0, [])


@pytest.mark.parametrize("seed", range(15))
def test_dominators_are_those_of_igraph(seed):
    edges, _, oracle = both(seed, many=110)
    found = dominators(edges, [0])
    wanted = oracle.dominator(0, mode="out")
    for node in range(edges.nodes):
        if node == 0 or not wanted[node] >= 0:  # igraph says nan
            assert found[node] in (-1, -2)
        else:
            assert found[node] == wanted[node]


def test_two_starts_with_ways_of_their_own_have_no_single_point():
    edges = incoming(5, [0, 1, 2, 3], [2, 2, 3, 4])
    assert dominators(edges, [0, 1]).tolist() == [-2, -2, -2, 2, 3]


def test_cycles_and_loops_do_not_hide_a_single_point():
    edges = incoming(4, [0, 1, 1, 2, 2], [1, 1, 2, 1, 3])
    assert dominators(edges, [0]).tolist() == [-2, 0, 1, 2]
