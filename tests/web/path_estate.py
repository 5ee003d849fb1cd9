"""An estate with attack paths in a real store: the first scenario, its bucket bearing a hostile name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poise.app.scan import ScanOptions, scan
from poise.app.workspace import Workspace, open_workspace
from poise.collect.assets_file import AssetsFile
from tests.scenarios.runner import HERE, Case
from tests.web.estate import HOSTILE, Clock

BUCKET, ROLE = "arn:aws:s3:::pii", "arn:aws:iam::111122223333:role/reader"


def records() -> list[dict]:
    """Return the records of the scenario in the form of `list assets -o json`."""
    rows = [{"format_version": 1, **row} for row in Case(HERE / "01").rows()]
    for row in rows:
        if row["kind"] == "AWS::S3::Bucket":
            row["name"] = HOSTILE[0]
    return rows


@contextmanager
def path_estate(folder: Path) -> Iterator[Workspace]:
    """Open a store in which the scenario was scanned."""
    file = folder / "assets.json"
    file.write_text(json.dumps(records()))
    clock = Clock()
    with open_workspace(folder / "paths.db", clock=clock) as workspace:
        scan(workspace, [AssetsFile(file, "files", clock)], ScanOptions(command="poise scan files", threads=1))
        yield workspace
