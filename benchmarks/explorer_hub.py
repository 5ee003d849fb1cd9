"""Questions about a hub: one bucket that a million users may read, among a million others that nobody may.

    python benchmarks/explorer_hub.py [--users 1000000] [--db URL]

Prints seconds, of each question the best of three runs, and how many rows or nodes it gave; or that it was stopped
after the five seconds that a question may take.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from explorer import RUNS, detail

from poise.graph.explorer.forms import from_text
from poise.model.graph import EdgeKind, Node
from poise.store import Store
from poise.store.exploring.run import Exploring, TooSlow

HUB = "hub"
QUESTIONS = (
    f'find user -[has permission to]-> (bucket where id = "{HUB}") limit 200',
    "find bucket <-[any]- (user) limit 200",
    f'find bucket where id = "{HUB}" without <-[has permission to]- (user) limit 200',
    "find bucket without <-[has permission to]- (user) limit 200",
    f'find user -[has permission to, 1..3]-> (bucket where id = "{HUB}") limit 200',
)


def nodes_of(users: int) -> Iterator[Node]:
    """Yield the hub, the users, and buckets that nobody may read."""
    yield Node(id=HUB, kind="bucket", name=HUB, provider="", scope="1")
    for kind in ("user", "bucket"):
        for at in range(users):
            yield Node(id=f"{kind}{at}", kind=kind, name=f"{kind} {at}", provider="", scope="1")


def told(ask: Callable[[], int]) -> str:
    """Return what a question gives, or that it was stopped."""
    try:
        return f"{ask():,}"
    except TooSlow:
        return "stopped"


def main() -> None:
    """Fill a store and ask it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--db", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Store.open(given.db or Path(folder) / "hub.db") as store:
        edges = ((at, 0, 0) for at in range(1, given.users + 1))
        store.graph.write("hub", list(nodes_of(given.users)), [detail(EdgeKind.HAS_PERMISSION)], edges)
        asked = Exploring(store._core, 5.0)
        for text in QUESTIONS:
            query = from_text(text)
            for what, ask in (
                ("rows", lambda query=query: len(asked.rows(query, None, None))),
                ("count", lambda query=query: asked.count(query.find, 0, None)),
            ):
                times = []
                for _ in range(RUNS):
                    begun = time.perf_counter()
                    found = told(ask)
                    times.append(time.perf_counter() - begun)
                print(f"{min(times):8.3f} s  {what:6} {found:>9}  {text}")


if __name__ == "__main__":
    main()
