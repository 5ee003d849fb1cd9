"""The best paths are simple, bounded and in the order of their cost, as igraph lists them."""

from itertools import pairwise

import numpy as np
import pytest

from poise.graph.kernels import incoming
from poise.graph.ranking import k_best
from tests.graph.random_graphs import both

HOPS = 4


@pytest.mark.parametrize("seed", range(10))
def test_the_best_paths_cost_what_all_simple_paths_of_igraph_cost(seed):
    edges, cost, oracle = both(seed, nodes=30, many=90)
    found = k_best(edges, cost, (0, 7), 10, HOPS)
    wanted = sorted(all_costs(oracle, 0, 7))[:10]
    assert found.is_complete
    assert np.allclose([path.cost for path in found.paths], wanted)


def all_costs(oracle, start, end):
    """Yield the cost of each path, one for each choice among parallel edges."""
    for nodes in {tuple(path) for path in oracle.get_all_simple_paths(start, to=end, maxlen=HOPS)}:
        totals = [0.0]
        for pair in pairwise(nodes):
            costs = [edge["cost"] for edge in oracle.es.select(_source=pair[0], _target=pair[1])]
            totals = [total + one for total in totals for one in costs]
        yield from totals


def test_paths_do_not_run_in_circles():
    edges = incoming(3, [0, 1, 1, 1], [1, 1, 0, 2])
    paths = k_best(edges, np.ones(4), (0, 2), 10, 8).paths
    assert [edges.target[list(path.edges)].tolist() for path in paths] == [[1, 2]]


def test_a_search_that_is_stopped_says_so():
    edges = incoming(12, [a for a in range(11) for _ in range(11)], list(range(1, 12)) * 11)
    assert not k_best(edges, np.ones(121), (0, 11), 5_000, 8, most=50).is_complete
