"""What other processes do to a store: killed, writing at the same time, reading while it is written."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from poise.model.errors import StaleFence, StoreBusy
from poise.model.listings import AssetFilter, FindingFilter, PartitionState
from poise.model.verdict import State
from poise.store import Store, database
from tests.store.estate import LOGS, OPEN, SCOPE, SCORING, bucket, collected, judged, key, write
from tests.stores import GENUINE_OPEN

ROOT = Path(__file__).parents[2]
SIZE = 40
WRITER = """
import sys
from poise.store import Store
from poise.store.writing import Writing
from tests.store.estate import LOGS, OPEN, SCORING, bucket, collected, judged, key, write
from poise.model.verdict import State

url, where = sys.argv[1:]
kept = Writing._finish
def slow(self, *arguments):
    kept(self, *arguments)
    if where == "in the transaction":
        print("now", flush=True)
        sys.stdin.read()
Writing._finish = slow
with Store.open(url, SCORING) as store:
    assets = [bucket(f"new-{n}") for n in range(40)]
    write(store, collected(assets, key(region="r2")), [judged(a, {OPEN: State.UNHEALTHY}) for a in assets])
    print("now", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def writer(store_url: str) -> Iterator:
    """Starts a process that writes a partition, stops where it is told to, and says when it is there."""
    started = []

    def start(where: str) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, store_url, where],
            cwd=ROOT,
            env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def fill(store: Store) -> None:
    assets = [bucket(f"old-{n}") for n in range(SIZE)]
    write(store, collected(assets, key(region="r1")), [judged(a, {LOGS: State.UNKNOWN}) for a in assets])


def names(store: Store) -> set[str]:
    return {asset.name.split("-")[0] for asset in store.assets.load("aws")}


def test_a_kill_in_the_middle_of_a_write_leaves_what_was_there_and_no_half(open_store, store_url: str, writer):
    with open_store() as store:
        fill(store)
    process = writer("in the transaction")
    process.send_signal(signal.SIGKILL)
    process.wait()
    with open_store() as store:
        assert names(store) == {"old"}
        assert store.assets.count(None, AssetFilter()) == SIZE
        assert store.findings.count(None, FindingFilter()) == SIZE
        assert store.scans.coverage(None).scopes[0].partitions == {"done": 1, "running": 1}
        assert ("AWS::S3::Bucket", SCOPE) in store.scans.listing_problems("aws")
        assert store.recount()
        assets = [bucket("after")]
        assert write(store, collected(assets, key(region="r2"))).added == 1, "the next run takes over"
        assert store.scans.listing_problems("aws") == {}


def test_a_kill_after_a_write_leaves_it_whole(open_store, writer):
    with open_store() as store:
        fill(store)
    process = writer("after the transaction")
    process.send_signal(signal.SIGKILL)
    process.wait()
    with open_store() as store:
        assert names(store) == {"old", "new"}
        assert store.findings.count(None, FindingFilter()) == 2 * SIZE
        assert store.recount()


def test_readers_see_the_state_before_while_another_process_writes(open_store, writer):
    with open_store() as store:
        fill(store)
        writer("in the transaction")
        assert names(store) == {"old"}
        assert store.findings.count(None, FindingFilter()) == SIZE


def test_a_writer_that_waits_too_long_says_that_the_store_is_busy(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "PRAGMAS", [*database.PRAGMAS, "PRAGMA busy_timeout = 1"])
    with Store.open(tmp_path / "poise.db") as store, store._core.database.write(), pytest.raises(StoreBusy):
        store.audit.write("anna", "exempt", "finding")


def test_a_fence_that_was_taken_over_writes_nothing(store: Store):
    where = key()
    first, second = (store.scans.begin("aws", "scan") for _ in range(2))
    old = store.partitions.claim(first, where)
    new = store.partitions.claim(second, where)
    with pytest.raises(StaleFence):
        store.partitions.write(first, collected([bucket("stale")]), old)
    assert store.assets.count(None, AssetFilter()) == 0
    store.partitions.write(second, collected([bucket("fresh")]), new)
    assert names(store) == {"fresh"}
    with pytest.raises(StaleFence):
        store.partitions.write(second, collected([bucket("again")]), new)


def test_two_scans_at_once_keep_one_result_and_right_roll_ups(open_store):
    stores = [open_store(), open_store()]
    regions = [f"r{n}" for n in range(6)]
    failed: list[BaseException] = []

    def scan(store: Store) -> None:
        number = store.scans.begin("aws", "scan")
        for region in regions:
            where = key(region=region)
            assets = [bucket(f"{region}-{n}") for n in range(10)]
            fence = store.partitions.claim(number, where)
            said = [judged(a, {OPEN: State.UNHEALTHY, LOGS: State.HEALTHY}) for a in assets]
            try:
                store.partitions.write(number, collected(assets, where), fence, said)
            except StaleFence:
                continue
            except BaseException as problem:
                failed.append(problem)
                raise
        store.scans.finish(number)

    threads = [threading.Thread(target=scan, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    store = stores[0]
    assert store.assets.count(None, AssetFilter()) == 60
    assert store.findings.count(None, FindingFilter()) == 60
    assert store.scans.coverage(None).scopes[0].state is PartitionState.DONE
    assert store.recount()


def test_two_processes_may_create_a_store_at_once(empty_url: str):
    failed: list[BaseException] = []

    def create() -> None:
        try:
            GENUINE_OPEN(empty_url, SCORING).close()
        except BaseException as problem:
            failed.append(problem)
            raise

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
