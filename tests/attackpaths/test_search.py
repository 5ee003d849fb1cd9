"""The search against igraph and against walks that are listed one by one, on small random graphs."""

import itertools
import math

import igraph
import numpy as np
import pytest

from poise.attackpaths.collapsing import fold
from poise.attackpaths.costs import cheapest_last, forward, touched
from poise.attackpaths.counting import Counter
from poise.attackpaths.searching import Search
from poise.attackpaths.table import Table

SEEDS = range(12)
HOPS = 5


def table(edges, free=()):
    """Make a table of (source, target, cost, sign) rows."""
    rows = sorted(edges, key=lambda row: (row[1], row[0], row[3]))
    size = 1 + max(max(row[0], row[1]) for row in rows)
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    is_free = np.array([(row[0], row[1]) in free for row in rows], np.bool_)
    cost = np.where(is_free, 0.0, columns[2].astype(np.float64))
    return Table(size, *(c.astype(np.int32) for c in columns[:2]), cost, is_free, columns[3].astype(np.int32))


def random_edges(seed, nodes=14, edges=40):
    random = np.random.default_rng(seed)
    pairs = {tuple(pair) for pair in random.integers(0, nodes, (edges, 2)).tolist() if pair[0] != pair[1]}
    return [(*pair, float(random.integers(1, 20)), int(random.integers(0, 3))) for pair in sorted(pairs)]


def first_costs(size, *entries):
    first = np.full(size, np.inf)
    first[list(entries)] = 0.0
    return first


def walks(edges, start, end, hops):
    """List every simple path."""
    todo = [((start,), 0.0, ())]
    while todo:
        nodes, cost, signs = todo.pop()
        if nodes[-1] == end:
            yield cost, nodes, signs
            continue
        if len(nodes) <= hops:
            todo += [((*nodes, t), cost + c, (*signs, g)) for s, t, c, g in edges if s == nodes[-1] and t not in nodes]


@pytest.mark.parametrize("seed", SEEDS)
def test_unbounded_costs_equal_those_of_igraph(seed):
    edges = random_edges(seed)
    made = table(edges)
    graph = igraph.Graph(made.size, [(s, t) for s, t, _, _ in edges], directed=True)
    wanted = graph.distances(source=[0], weights=[c for _, _, c, _ in edges])[0]

    found = cheapest_last(forward(made, ~made.free), forward(made, made.free), first_costs(made.size, 0), made.size)

    assert found.tolist() == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_come_in_the_order_of_their_cost_and_none_is_left_out(seed):
    edges = random_edges(seed)
    made = table(edges)
    end = made.size - 1
    wanted = sorted(cost for cost, _, _ in walks(edges, 0, end, HOPS))

    found = [way.cost for way in Search(made, first_costs(made.size, 0), HOPS).ways(end, 100_000)]

    assert found == sorted(found)
    assert found == wanted


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_pruned_lies_on_no_way(seed):
    edges = random_edges(seed)
    made = table(edges)
    end = made.size - 1
    used = {pair for _, nodes, _ in walks(edges, 0, end, HOPS) for pair in itertools.pairwise(nodes)}

    kept = touched(made, np.array([0]), np.array([end]), HOPS)

    assert used <= set(zip(made.source[kept].tolist(), made.target[kept].tolist(), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_ways_with_the_same_signs_are_counted_without_listing_them(seed):
    # Edges lead upwards only, so that every walk is simple.
    edges = [row for row in random_edges(seed, edges=70) if row[0] < row[1]]
    made = table(edges)
    end = made.size - 1
    listed = [signs for _, _, signs in walks(edges, 0, end, HOPS)]

    for signs in set(listed):
        fits = [lambda states: states == 0, *[lambda states: np.ones(len(states), np.bool_)] * len(signs)]
        found = Counter(made).count(np.array([end], np.int32), signs, fits)
        assert found is not None
        assert found.count == listed.count(signs)
        costs = [cost for cost, _, one in walks(edges, 0, end, HOPS) if one == signs]
        assert math.isclose(sum(made.cost[row] for row in found.rows), min(costs))


def test_free_steps_do_not_count_and_cycles_of_them_end():
    chain = [(n, n + 1, 1.0, 0) for n in range(6)]
    made = table([*chain, (3, 2, 1.0, 0)], free={(2, 3), (3, 2)})

    assert Search(made, first_costs(made.size, 0), 5).reaches(6)
    assert not Search(made, first_costs(made.size, 0), 4).reaches(6)


def test_alike_states_fold_and_different_ones_do_not():
    # Two machines with the same way in and out fold; one with a way in of another kind does not.
    made = table([(0, 1, 1.0, 0), (0, 2, 1.0, 0), (0, 3, 1.0, 1), *[(n, 4, 1.0, 2) for n in (1, 2, 3)]])

    folded = fold(made, [0, 1, 1, 1, 2])

    assert folded.of[1] == folded.of[2] != folded.of[3]
    assert len(folded.table.source) == 4


def test_a_graph_without_steps_has_no_ways():
    made = table([(0, 1, 1.0, 0)])
    nothing = made.kept(np.zeros(1, np.bool_))

    assert not Search(nothing, first_costs(2, 0), 8).reaches(1)
    assert list(Search(nothing, first_costs(2, 0), 8).ways(1, 10)) == []
