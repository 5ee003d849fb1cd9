"""Judges 50 standards over a stored estate and writes reports of every shipped one; prints seconds and megabytes.

    python benchmarks/compliance.py [--assets 100000] [--form csv]

The assets are synthetic buckets with five verdicts of real checks each, one verdict in ten unhealthy. Storing them is
not timed. The state of standards comes from roll-ups, so it must not grow with the number of assets; reports grow with
the number of findings.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import store_write as estate
from poise.app import compliance
from poise.app import compliance_reports as reports
from poise.app.standards import Standards
from poise.app.workspace import Workspace, open_workspace
from poise.standards import library

CHECKS = (
    "aws.s3.open_to_everyone",
    "aws.s3.plain_http_allowed",
    "aws.s3.unencrypted_by_default",
    "aws.s3.versioning_off",
    "aws.s3.without_customer_key",
)
STANDARDS = 50
figures: dict[str, float] = {}


@contextmanager
def timed(name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    figures[name] = round(time.perf_counter() - began, 3)


def fifty() -> Standards:
    """Return the shipped standards, and copies of them up to fifty."""
    shipped = library.standards()
    copies = (replace(shipped[n % len(shipped)], id=f"copy_{n}") for n in range(STANDARDS - len(shipped)))
    return Standards(tuple(copies))


def measure(workspace: Workspace, forms: Sequence[str]) -> None:
    compliance.overview(workspace)
    workspace.standards = fifty()
    with timed("state of 50 standards"):
        assert compliance.overview(workspace)
    workspace.standards = Standards()
    with timed("csv of all standards in one pass"):
        figures["rows of it"] = sum(piece.count("\n") for piece in reports.export_every(workspace))
    workspace.standards = fifty()
    with timed("csv of 50 standards in one pass"):
        figures["rows of the 50"] = sum(piece.count("\n") for piece in reports.export_every(workspace))
    workspace.standards = Standards()
    for form in forms:
        with timed(f"{form} reports of every standard"):
            size = sum(len(p) for id in library.standard_ids() for p in reports.export(workspace, id, form))
        figures[f"{form} megabytes"] = round(size / 1e6, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assets", type=int, default=100_000)
    parser.add_argument("--form", action="append", choices=reports.format_names(), help="report to write of each too")
    options = parser.parse_args()
    estate.CHECKS[:] = CHECKS
    with tempfile.TemporaryDirectory() as folder, open_workspace(Path(folder) / "poise.db") as workspace:
        estate.scan(workspace.store, options.assets, "write")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        measure(workspace, options.form or ())
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"assets": options.assets, "memory_before_mb": before, "memory_mb": after, **figures}, indent=2))


if __name__ == "__main__":
    main()
