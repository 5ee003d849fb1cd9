"""Random graphs with loops, parallel edges, cycles, hubs, isolated nodes and a last node without edges."""

import igraph
import numpy as np

from poise.graph.kernels import incoming


def random_edges(seed, nodes=60, many=240):
    """Return (nodes, source, target, cost); costs are positive."""
    random = np.random.default_rng(seed)
    source = random.integers(0, nodes - 3, many).astype(np.int32)
    target = random.integers(0, nodes - 3, many).astype(np.int32)
    source[: many // 8] = 1
    target[many // 8 : many // 4] = 2
    target[-3:] = source[-3:]
    return nodes, source, target, random.uniform(0.1, 2.0, many)


def both(seed, **sizes):
    """Return the edges as kernels take them with their costs, and the same as an igraph."""
    nodes, source, target, cost = random_edges(seed, **sizes)
    edges = incoming(nodes, source, target)
    oracle = igraph.Graph(nodes, list(zip(source.tolist(), target.tolist(), strict=True)), directed=True)
    oracle.es["cost"] = cost.tolist()
    return edges, cost[edges.order], oracle
