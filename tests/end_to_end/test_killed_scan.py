"""A scan that is killed in the middle loses nothing that was there, and the next one goes on."""

import json
import signal
import subprocess
import sys

from poise.app import queries
from poise.app.demo import as_recorded, open_estate
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from poise.model.listings import FindingFilter, PartitionState

CHILD = """
import json, sys
from poise.app.demo import as_recorded, open_estate
from poise.app.progress import PartitionRead
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace

def watch(event):
    if isinstance(event, PartitionRead):
        print(json.dumps(str(event.key)), flush=True)
        sys.stdin.readline()  # the parent says when to go on

with open_workspace(sys.argv[1]) as workspace:
    recorded = as_recorded(workspace)
    scan(recorded, open_estate(recorded), ScanOptions(watch=watch))
"""


def verdicts(path):
    with open_workspace(path) as workspace:
        return {(f.check, f.asset.id): (f.verdict, f.reason) for f in queries.all_verdicts(workspace, FindingFilter())}


def whole_scan(path):
    with open_workspace(path) as workspace:
        recorded = as_recorded(workspace)
        scan(recorded, open_estate(recorded), ScanOptions())
    return verdicts(path)


def killed_after(path, partitions):
    """Scan in a process of its own, kill it after so many partitions, return their names."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    seen = []
    for number in range(partitions):
        seen.append(json.loads(child.stdout.readline()))
        if number < partitions - 1:
            child.stdin.write("\n")
            child.stdin.flush()
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    return seen


def test_what_was_read_stays_and_the_next_scan_ends_as_if_nothing_had_been(tmp_path):
    full = whole_scan(tmp_path / "full.db")

    seen = killed_after(tmp_path / "killed.db", 7)

    left = verdicts(tmp_path / "killed.db")
    assert left.items() <= full.items()
    with open_workspace(tmp_path / "killed.db") as workspace:
        coverage = queries.coverage(workspace)
        done = sum(scope.partitions.get(PartitionState.DONE, 0) for scope in coverage.scopes)
        assert done <= len(seen)
        assert not coverage.is_complete
    assert whole_scan(tmp_path / "killed.db") == full


def test_a_killed_rescan_removes_nothing(tmp_path):
    full = whole_scan(tmp_path / "poise.db")
    killed_after(tmp_path / "poise.db", 3)
    assert verdicts(tmp_path / "poise.db") == full
