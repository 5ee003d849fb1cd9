"""Times what a dashboard reads, and what it costs to say why a score changed; prints seconds.

    python benchmarks/moments.py --assets 1000000

What to keep in mind: synthetic buckets as in `store_write.py`, written on one day; a week later one in a hundred has
another verdict. A group holds one asset in fifty. Compare ratios of one run, not seconds of different machines.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from store_write import CHECKS, READ_AT, SCORING, partitions

from poise.model.group import Group, GroupKind, Wanted
from poise.model.judged import Judged
from poise.model.listings import AssetFilter, FindingFilter
from poise.model.verdict import healthy
from poise.score.attribution import split, state_of
from poise.score.cloud import CloudRules, cloud_score
from poise.store import Deed, Store

spent: dict[str, float] = {}
EVERY = 100


@contextmanager
def timed(name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    spent[name] = round(time.perf_counter() - begun, 3)


class Clock:
    def __init__(self) -> None:
        self.now = READ_AT

    def __call__(self):
        return self.now


def write(store: Store, count: int, *, changed: bool) -> None:
    number = store.scans.begin("aws", "scan")
    for collected, judged in partitions(count):
        some = [_mended(one) for one in judged[::EVERY]] if changed else judged
        fence = store.partitions.claim(number, collected.key)
        store.partitions.write(number, collected, fence, some)
    store.scans.finish(number)


def _mended(one: Judged) -> Judged:
    return Judged(one.asset_id, one.key[::-1], {id: healthy("it was mended") for id in CHECKS})


def read(store: Store, clock: Clock) -> None:
    week = clock.now - timedelta(days=7)
    with timed("overview: score counts"):
        store.scores.scopes(None)
    with timed("overview: risk-based score"):
        cloud_score(store.scores.shapes(None), CloudRules())
    with timed("overview: new, fixed, reopened"):
        store.history.turns(None, FindingFilter(), week)
    with timed("overview: marks on the line"):
        store.history.events(None, week)
    with timed("why it changed in a week: read"):
        compared = store.moments.between(None, AssetFilter(), week, clock.now)
    with timed("why it changed in a week: split"):
        split(compared)
    wanted = Wanted(tags={"team": "team-7"})
    with timed("group: find its assets"):
        store.groups.put(Group(name="seven", kind=GroupKind.TEAM, wanted=wanted), Deed("bench", "group set", "seven"))
    with timed("group: score"):
        state_of(store.moments.between(None, AssetFilter(groups=frozenset({"seven"})), clock.now, clock.now)).scores()
    with timed("group: recommendations"):
        store.findings.recommendations(None, FindingFilter(groups=frozenset({"seven"})))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    options = parser.parse_args()
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "poise.db", SCORING, clock) as store:
        with timed("first write"):
            write(store, options.assets, changed=False)
        clock.now += timedelta(days=8)
        with timed("one in a hundred changed"):
            write(store, options.assets, changed=True)
        read(store, clock)
    print(json.dumps({"assets": options.assets, **spent}, indent=2))


if __name__ == "__main__":
    main()
