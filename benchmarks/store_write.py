"""Stores assets with five verdicts each, and reads lists back; prints seconds and megabytes.

    python benchmarks/store_write.py --assets 1000000 [--db URL]

What to keep in mind: assets are synthetic buckets made of few different documents, so they compress better than
real ones; one verdict in ten is unhealthy; making the assets is not timed. Compare ratios of one run, not
seconds of different machines.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from poise.model.aws.s3 import S3Bucket
from poise.model.judged import CheckFacts, Judged
from poise.model.listing import Collected, Listing, ListingState, PartitionKey
from poise.model.listings import AssetFilter, FindingFilter, Order, Paging
from poise.model.verdict import Severity, healthy, unhealthy
from poise.store import Store

CHECKS = [f"aws.s3.check_{number}" for number in range(5)]
SEVERITIES = tuple(Severity)
SCORING = {id: CheckFacts(SEVERITIES[n % 4], f"Control {n % 3}") for n, id in enumerate(CHECKS)}
PARTITION = 5_000
SCOPES = 200
READ_AT = datetime(2026, 11, 25, tzinfo=UTC)
spent: dict[str, list[float]] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    so_far = spent.setdefault(name, [0.0, 0.0])
    so_far[0] += time.perf_counter() - wall
    so_far[1] += time.process_time() - cpu


def bucket(number: int, scope: str) -> S3Bucket:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": f"arn:aws:s3:::bucket-{number}/*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
    return S3Bucket(
        id=f"arn:aws:s3:::bucket-{number}", name=f"bucket-{number}", scope=scope, region="eu-central-1",
        tags={"team": f"team-{number % 50}", "environment": "production" if number % 3 else "test"},
        created="2024-01-01T00:00:00Z", policy=policy, acl=(), object_ownership="BucketOwnerEnforced",
        public_access_block=None, encryption="AES256", encryption_key=None,
        versioning="Enabled" if number % 2 else None, mfa_delete=False, logging_target=None, website=False,
        object_lock=False, replication=(), lifecycle_rules=number % 4, notification_targets=(),
    )  # fmt: skip


def judge(asset: S3Bucket, number: int) -> Judged:
    verdicts = {
        id: unhealthy(f"{asset.name} breaks rule {n}", {"value": number % 7})
        if (number * 31 + n) % 10 == 0
        else healthy(f"the setting of rule {n} is as it should be")
        for n, id in enumerate(CHECKS)
    }
    return Judged(asset.id, number.to_bytes(32, "big"), verdicts)


def partitions(count: int) -> Iterator[tuple[Collected, list[Judged]]]:
    for number, start in enumerate(range(0, count, PARTITION)):
        scope = f"{number % SCOPES:012d}"
        key = PartitionKey("aws", "aws", scope, f"s3-{number // SCOPES}", "eu-central-1")
        numbers = range(start, min(start + PARTITION, count))
        assets = tuple(bucket(n, scope) for n in numbers)
        listings = (Listing(S3Bucket.KIND, ListingState.COMPLETE),)
        yield Collected(key, assets, listings, (), READ_AT), [judge(a, n) for a, n in zip(assets, numbers, strict=True)]


def scan(store: Store, count: int, name: str) -> None:
    number = store.scans.begin("aws", name)
    for collected, judged in partitions(count):
        with timed(name):
            fence = store.partitions.claim(number, collected.key)
            stored = store.verdicts.partition_keys(collected.key)
            changed = [one for one in judged if one.asset_id not in stored or stored[one.asset_id].key != one.key]
            store.partitions.write(number, collected, fence, changed)
    store.scans.finish(number)


def read(store: Store) -> None:
    few = Paging(limit=50, count_up_to=10_001)
    with timed("findings page"):
        page = store.findings.page(None, FindingFilter(), few)
    with timed("findings page 2 by cursor"):
        store.findings.page(None, FindingFilter(), Paging(limit=50, count_up_to=10_001, cursor=page.cursor))
    with timed("findings page of one scope"):
        store.findings.page(None, FindingFilter(scopes=frozenset({f"{7:012d}"})), few)
    with timed("findings page of one check"):
        store.findings.page(None, FindingFilter(checks=frozenset(CHECKS[:1])), few)
    with timed("findings by text"):
        store.findings.page(None, FindingFilter(text="bucket-77"), few)
    with timed("findings facet severity"):
        store.findings.facet(None, FindingFilter(), "severity")
    with timed("recommendations"):
        store.findings.recommendations(None, FindingFilter())
    with timed("score counts"):
        store.scores.scopes(None)
    for order in (Order.RISK, Order.NAME, Order.NEWEST):
        with timed(f"assets page by {order}"):
            store.assets.page(None, AssetFilter(), Paging(limit=50, order=order, count_up_to=10_001))
    with timed("assets by text"):
        store.assets.page(None, AssetFilter(text="bucket-77"), few)
    with timed("assets by tag"):
        store.assets.page(None, AssetFilter(tags={"team": "team-7"}), few)
    with timed("asset kinds"):
        store.assets.facet(None, AssetFilter(), "kind")
    with timed("one asset"):
        assert store.assets.get(None, "arn:aws:s3:::bucket-77") is not None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=1_000_000)
    parser.add_argument("--db", default="", help="database URL; a temporary SQLite file if absent")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "poise.db"
        with Store.open(options.db or path, SCORING) as store:
            scan(store, options.assets, "first write")
            read(store)
            scan(store, options.assets, "unchanged write")
        size = sum(file.stat().st_size for file in Path(folder).iterdir()) / 2**20
    figures = {name: {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3)} for name, (wall, cpu) in spent.items()}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"assets": options.assets, "file_mb": round(size), "memory_mb": memory, **figures}, indent=2))


if __name__ == "__main__":
    main()
