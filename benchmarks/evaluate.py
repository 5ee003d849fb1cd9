"""How fast checks run: assets x 20 checks in one process, first pass and unchanged pass.

    python benchmarks/evaluate.py [--assets 100000]

The assets are the sample assets of every AWS and Azure kind that checks judge by themselves, made different by name.
An evaluation is one check on one asset. CPU seconds; the figures that count are the
microseconds per evaluation and the ratio of the two passes.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import pkgutil
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import poise.model.samples as samples
from poise.assess.engine import Judge
from poise.assess.rules import prepare
from poise.checks import catalog
from poise.model import Asset, replace
from poise.model.asset import content_hash
from poise.model.judged import Judged, Phase, StoredKey


def ordinary_assets() -> dict[str, Asset]:
    """Return one sample asset of each kind that has any."""
    found: dict[str, Asset] = {}
    for info in pkgutil.iter_modules(samples.__path__, f"{samples.__name__}."):
        for value in vars(importlib.import_module(info.name)).values():
            if isinstance(value, Asset):
                found.setdefault(value.KIND, value)
    return found


def estate(kinds: list[Asset], count: int) -> Iterator[Asset]:
    """Yield assets of these kinds in turn, each with an id of its own."""
    for number, sample in zip(range(count), itertools.cycle(kinds), strict=False):
        yield replace(sample, id=f"{sample.id}-{number}", name=f"{sample.name}-{number}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    count = parser.parse_args().assets
    checks = [c for c in catalog.load().values() if prepare(c).phase is Phase.OWN]
    by_kind = {kind: sum(kind == c.asset.KIND for c in checks) for kind in ordinary_assets()}
    kinds = [asset for kind, asset in ordinary_assets().items() if by_kind[kind]]
    assets = list(estate(kinds, count))
    judge = Judge(checks, datetime.now(UTC))
    hashing = spent(lambda: [content_hash(asset) for asset in assets])
    judged: dict[str, Judged | None] = {}
    first = spent(lambda: judged.update((asset.id, judge.own(asset)) for asset in assets))
    evaluations = sum(len(one.verdicts) for one in judged.values() if one is not None)
    stored = {id: StoredKey(one.key, one.questions, one.next_change_at) for id, one in judged.items() if one}
    again: list[Judged | None] = []
    second = spent(lambda: again.extend(judge.own(asset, stored[asset.id]) for asset in assets))
    each = first / evaluations * 1e6
    print(
        f"{count:,} assets of {len(kinds)} kinds, {evaluations:,} evaluations, {len(again) - again.count(None)} again"
    )
    print(f"hashing the facts     {hashing:7.2f} CPU s   {hashing / count * 1e6:5.2f} us an asset")
    print(f"first pass            {first:7.2f} CPU s   {each:5.2f} us an evaluation")
    print(
        f"                      1 M assets x 20 checks: {each * 20 + hashing / count * 1e6:.0f} CPU s, hashing included"
    )
    print(f"unchanged pass        {second:7.2f} CPU s   {first / second:5.1f} x less")
    print(f"peak memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MiB")


def spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds that a piece of work takes."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
