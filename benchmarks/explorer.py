"""A question of three relations on a big stored graph.

`python benchmarks/explorer.py [--nodes 1000000] [--edges 5000000] [--db URL]` fills a store (a file of SQLite if none
is given) with the random graph of `benchmarks/graph.py`, and prints seconds: of writing it once, and of the question
"exposed machines whose principal may become a role that may read sensitive data", the best of three runs.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from graph import EDGES, KINDS, make

from poise.graph.explorer.forms import from_text
from poise.model.graph import Capability, EdgeDetail, EdgeKind, EdgeState, Node
from poise.store import Store
from poise.store.exploring.run import Exploring

QUESTION = (
    "find machine where exposed -[can authenticate as]-> (principal -[can assume]-> "
    "(role -[has permission to, to read]-> (store where sensitive)))"
)
EXPOSED, SENSITIVE = 1000, 1000
RUNS = 3
PATIENCE_S = 120.0
SAYS = {"principal": EdgeKind.CAN_AUTHENTICATE_AS, "role": EdgeKind.CAN_ASSUME, "store": EdgeKind.HAS_PERMISSION}


def detail(kind: EdgeKind) -> EdgeDetail:
    """Return what all edges of a kind say."""
    reads = kind is EdgeKind.HAS_PERMISSION
    return EdgeDetail(
        kind=kind,
        state=EdgeState.CERTAIN,
        condition="",
        actions=("s3:GetObject",) if reads else (),
        capability=Capability.READ if reads else None,
        ports=(),
        rule="",
        evidence=(),
    )


def nodes_of(count: int) -> Iterator[Node]:
    """Yield the nodes, a thousand exposed machines and a thousand sensitive stores among them."""
    number = 0
    for kind, share in KINDS.items():
        for at in range(int(count * share)):
            marked = (kind == "machine" and at < EXPOSED) or (kind == "store" and at < SENSITIVE)
            name = {"machine": "exposed", "store": "sensitive"}.get(kind)
            insights = {name: marked} if name else {}
            yield Node(id=f"n{number}", kind=kind, name=f"{kind} {at}", provider="", scope="1", insights=insights)
            number += 1


def fill(store: Store, nodes: int, edges: int) -> int:
    """Write the graph; return the number of its edges."""
    source, target, *_ = make(nodes, edges)
    bounds = np.cumsum([int(nodes * share) for share in KINDS.values()])
    kinds = list(KINDS)
    numbers = {kind: at for at, kind in enumerate(dict.fromkeys([*SAYS.values(), EdgeKind.ROUTES_TO]))}
    by_target = np.array([numbers[SAYS.get(kind, EdgeKind.ROUTES_TO)] for kind in kinds])
    said = by_target[np.searchsorted(bounds, target, side="right")]
    triples = np.unique(np.stack([source, target, said], axis=1), axis=0)
    rows = zip(*(triples[:, at].tolist() for at in range(3)), strict=True)
    store.graph.write("benchmark", list(nodes_of(nodes)), [detail(kind) for kind in numbers], rows)
    return len(triples)


def main() -> None:
    """Fill a store and ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--edges", type=int, default=5_000_000)
    parser.add_argument("--db", default="")
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store.open(given.db or Path(folder) / "bench.db") as store:
        begun = time.perf_counter()
        edges = fill(store, given.nodes, given.edges)
        print(f"{'write':12} {time.perf_counter() - begun:8.2f} s, {edges:,} edges, relations {len(EDGES)}")
        asked = Exploring(store._core, PATIENCE_S)
        query = from_text(QUESTION)
        for what, ask in (
            ("rows", lambda: len(asked.rows(query, None, None))),
            ("count", lambda: asked.count(query.find, 0, None)),
        ):
            times = []
            for _ in range(RUNS):
                begun = time.perf_counter()
                found = ask()
                times.append(time.perf_counter() - begun)
            print(f"{what:12} {min(times):8.3f} s, first {times[0]:.3f} s, {found} found")


if __name__ == "__main__":
    main()
