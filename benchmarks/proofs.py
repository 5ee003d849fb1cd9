"""Proves every fix of a stored estate and looks for the five best; prints CPU seconds.

    poise scan aws --db FILE ...
    python benchmarks/proofs.py FILE

What counts is how a proof compares with the first search of the same run: a proof looks again at what it changes alone.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from poise.app.path_fixes import Estate, open_estate
from poise.app.workspace import open_workspace
from poise.attackpaths.covering import best_fixes
from poise.attackpaths.proposing import Proposal, proposals

T = TypeVar("T")


def timed(make: Callable[[], T]) -> tuple[T, float]:
    began = time.process_time()
    return make(), time.process_time() - began


def distinct(estate: Estate) -> list[Proposal]:
    """Return every fix of every path, once."""
    every = (one for path in estate.found.paths for one in proposals(estate.ground, estate.found, path))
    return list({one.key: one for one in every}.values())


def main(db: str) -> None:
    with open_workspace(db) as workspace:
        estate, first = timed(lambda: open_estate(workspace))
        print(f"graph and search: {first:.2f} s, {len(estate.found.paths)} paths, {len(estate.found.steps):,} steps")
        seconds: dict[str, list[float]] = defaultdict(list)
        for one in distinct(estate):
            _, took = timed(lambda one=one: estate.prover.try_out(one.changes))  # type: ignore[misc]
            seconds[one.fix].append(took)
        for fix, each in sorted(seconds.items()):
            print(f"{fix}: {len(each)} proofs, {min(each):.2f} to {max(each):.2f} s")
        best, took = timed(lambda: best_fixes(estate.prover, estate.ground))
        print(f"best fixes: {len(best)} in {took:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1])
