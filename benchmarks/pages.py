"""Times pages over a large stored estate, as a browser waits for them; prints seconds.

    python benchmarks/pages.py --assets 1000000 [--db URL|FILE] [--kept]

The estate is the one of ``compliance.py``: synthetic buckets with five verdicts of real checks each. With ``--kept``
the store holds it already. Each page is asked for three times, without a network; the first and the best are printed.
Compare ratios of one run, not seconds of different machines.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import store_write as estate
from benchmarks.compliance import CHECKS
from poise.app.workspace import Workspace, open_workspace
from poise.model.listings import AssetFilter
from poise.store import upgrade
from poise.web.server import create_app
from tests.web.visitor import Visitor

PAGES = {
    "overview": "/",
    "recommendations": "/recommendations",
    "by asset": "/recommendations?view=asset",
    "flat": "/recommendations?view=flat",
    "flat, overdue": "/recommendations?view=flat&verdict=unhealthy&due=overdue",
    "flat by text": "/recommendations?view=flat&q=bucket-77",
    "recommendation": f"/recommendations/{CHECKS[0]}",
    "inventory": "/inventory",
    "score": "/score",
    "compliance": "/compliance",
    "standard": "/compliance/cis_aws_6.0",
    "governance": "/governance",
    "search, many": "/search?q=bucket",
    "search, one": "/search?q=bucket-77123",
    "search, none": "/search?q=nothing-bears-this",
    "search, words": "/search?q=breaks+rule",
    "scans": "/scans",
}
TIMES = 3


def measure(workspace: Workspace) -> dict[str, list[float]]:
    visitor = Visitor(create_app(workspace))
    return {name: _times(visitor, path) for name, path in PAGES.items()}


def _times(visitor: Visitor, path: str) -> list[float]:
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = visitor.get(path)
        spent.append(round(time.perf_counter() - began, 3))
        assert answer.status_code == 200, (path, answer.status_code)
    return [spent[0], min(spent)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--db", help="store to use; a new SQLite file by default")
    parser.add_argument("--kept", action="store_true", help="the store holds the estate already")
    options = parser.parse_args()
    estate.CHECKS[:] = CHECKS
    with tempfile.TemporaryDirectory() as folder:
        db = options.db or str(Path(folder) / "poise.db")
        upgrade(db)
        with open_workspace(db) as workspace:
            if not options.kept:
                estate.scan(workspace.store, options.assets, "write")
            count = workspace.store.assets.count(None, AssetFilter())
            print(json.dumps({"assets": count, **measure(workspace)}))


if __name__ == "__main__":
    main()
