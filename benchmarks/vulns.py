"""Time to match packages with advisories: one large machine, and many stored machines against a new feed.

Run: python benchmarks/vulns.py FOLDER [MACHINES], where the folder holds feeds as `poise vulns import` takes them.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from msgspec import structs

from poise.app import vulnerabilities
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from poise.model.asset import replace
from poise.model.host.software import Software
from poise.model.listing import Collected, Listing, ListingState, PartitionKey, Scope
from poise.model.samples.host import SOFTWARE
from poise.vulns.index import FeedRow, open_index
from poise.vulns.match import Matcher
from poise.vulns.reading import feed_name, read_into

LANGUAGES = {"PyPI": "pypi", "npm": "npm", "Go": "golang", "RubyGems": "gem", "crates.io": "cargo"}


def packages(index, count, salt):
    """Return packages of which four in five are named in advisories, each at a version of its own."""
    rows = index._db.execute("SELECT DISTINCT ecosystem, name FROM affected")
    known = [(LANGUAGES[ecosystem], name) for ecosystem, name in rows if ecosystem in LANGUAGES]
    found = []
    for number in range(count):
        ecosystem, name = known[(number * 7 + salt) % len(known)]
        name = name if number % 5 else f"private-{number}"
        version = f"{number % 7}.{number % 13}.{salt % 11}"
        sample = structs.replace(SOFTWARE.packages[0], name=name, version=version, ecosystem=ecosystem, source="")
        found.append(structs.replace(sample, source_version="", epoch=None, purl=f"pkg:{ecosystem}/x@{version}"))
    return tuple(found)


class Machines:
    """Machines made up, read once."""

    source = "hosts"

    def __init__(self, made):
        self.made = made

    def scopes(self):
        return (Scope(SOFTWARE.scope, "host", SOFTWARE.scope, ()),)

    def partitions(self, scope):
        return (PartitionKey(self.source, "host", scope.id, "machines", "global"),)

    def reads(self, key):
        return ()

    def read(self, key):
        return Collected(key, tuple(self.made), (Listing(Software.KIND, ListingState.COMPLETE),), (), datetime.now(UTC))


def timed(words, function):
    begun, cpu = time.perf_counter(), time.process_time()
    answer = function()
    print(f"{words}: {time.perf_counter() - begun:.2f} s ({time.process_time() - cpu:.2f} s CPU)")
    return answer


def load(path, folder):
    with open_index(path) as index:
        for file in sorted(folder.glob("*.gz")):
            read_into(index, file, FeedRow(name=feed_name(file), url=str(file), fetched=datetime.now(UTC)))


def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / "advisories.db"
        timed("import of all feeds", lambda: load(path, folder))
        with open_index(path) as index:
            large = replace(SOFTWARE, packages=packages(index, 10_000, 0))
            found = timed("10,000 packages of one machine", lambda: Matcher(index).match(large))
            print(f"  {len(found.found)} vulnerabilities")
            made = [
                replace(
                    SOFTWARE, id=f"host://m{n}#software", machine=f"host://m{n}", packages=packages(index, 300, n % 50)
                )
                for n in range(count)
            ]
        with open_workspace(Path(kept) / "poise.db") as workspace:
            scan(workspace, [Machines(made)], ScanOptions())
            timed(f"{count} stored machines, 300 packages each", lambda: vulnerabilities.match_stored(workspace, path))
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
