"""How fast checks run: assets x 20 checks in one process, first pass and unchanged pass.

    python benchmarks/evaluate.py [--assets 100000]

The assets are the sample assets of every AWS and Azure kind that checks judge by themselves, made different by name.
An evaluation is one check on one asset, its share of hashing included. CPU seconds; the figures that count are the
microseconds per evaluation and the ratio of the two passes.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import pkgutil
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import poise.model.samples as samples
from poise.assess.engine import Judge
from poise.assess.rules import prepare
from poise.checks import catalog
from poise.model import Asset, replace
from poise.model.asset import content_hash
from poise.model.judged import Phase, StoredKey


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
    begun = time.process_time()
    judged = {asset.id: judge.own(asset) for asset in assets}
    first = time.process_time() - begun
    evaluations = sum(len(one.verdicts) for one in judged.values())
    stored = {id: StoredKey(one.key, one.questions, one.next_change_at) for id, one in judged.items()}
    begun = time.process_time()
    again = sum(judge.own(asset, stored[asset.id]) is not None for asset in assets)
    second = time.process_time() - begun
    begun = time.process_time()
    hashes = [content_hash(asset) for asset in assets]
    hashing = time.process_time() - begun
    begun = time.process_time()
    again += sum(judge.own(a, stored[a.id], h) is not None for a, h in zip(assets, hashes, strict=True))
    known = time.process_time() - begun
    each = first / evaluations * 1e6
    print(f"{count:,} assets of {len(kinds)} kinds, {evaluations:,} evaluations, {again} judged again")
    print(f"first pass            {first:7.2f} CPU s   {each:5.2f} us an evaluation, hashing included")
    print(f"                      1 M assets x 20 checks would take {each * 20:.0f} CPU s")
    print(f"hashing the facts     {hashing:7.2f} CPU s   (the store needs the same hash to find what changed)")
    print(f"unchanged pass        {second:7.2f} CPU s   {first / second:5.1f} x less, hashing included")
    print(f"  with hashes known   {known:7.2f} CPU s   {(first - hashing) / known:5.1f} x less than judging alone")
    print(f"peak memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:7.0f} MiB")


if __name__ == "__main__":
    main()
