"""The past of the sample estate: what it was on some days before its recording, read and judged like the estate itself.

Only what was read on a day is read again, so that the past costs little when the sample is first opened.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from poise.app.demo import ESTATE, RECORDED_AT, SOURCE
from poise.app.doors import FilesDoor
from poise.app.scan import ScanOptions, scan
from poise.app.workspace import Workspace, utc_now

PAST = "sample_past.toml"


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which parts of the estate were read."""

    days_before: int
    read: tuple[str, ...]
    """Folders of the estate."""


class Was(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value of an answer that was another one."""

    file: str
    at: str
    """Keys and places on the way to the value, with dots."""
    until_days_before: int
    """The day on which it became what it is."""
    value: Any = None
    """What it was; None where the answer did not have it."""


class Past(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The days, the oldest first, and what was different."""

    moment: tuple[Reading, ...]
    was: tuple[Was, ...]


@dataclass
class SampleClock:
    """The clock of the sample's store: the present, or some days before it while the past is read."""

    days_before: int = 0

    def __call__(self) -> datetime:
        """Return the moment, UTC."""
        return utc_now() - timedelta(days=self.days_before)


def read_past() -> Past:
    """Return the past of the sample estate."""
    table = tomllib.loads((files("poise") / PAST).read_text(encoding="utf-8"))
    return msgspec.convert(table, Past)


def play(workspace: Workspace, clock: SampleClock) -> None:
    """Read the days of the past, once: a store that was scanned before has them."""
    if workspace.store.scans.page().total:
        return
    past = read_past()
    try:
        for reading in past.moment:
            clock.days_before = reading.days_before
            _read(workspace, reading, past)
    finally:
        clock.days_before = 0


def _read(workspace: Workspace, reading: Reading, past: Past) -> None:
    when = RECORDED_AT - timedelta(days=reading.days_before)
    then = replace(workspace, clock=lambda: when)
    with tempfile.TemporaryDirectory(prefix="poise-sample-") as name:
        folder = Path(name)
        for part in reading.read:
            shutil.copytree(Path(str(files("poise"))) / ESTATE / part, folder / part)
        for was in _different(reading, past):
            _put(folder / was.file, was)
        door = FilesDoor(then.clock, workspace.store.secret_key(), SOURCE)
        scan(then, door.open([folder]), ScanOptions(command=f"sample, {when:%Y-%m-%d}"))


def _different(reading: Reading, past: Past) -> Iterator[Was]:
    for was in past.was:
        if was.file.startswith(reading.read) and reading.days_before > was.until_days_before:
            yield was


def _put(file: Path, was: Was) -> None:
    document: Any = json.loads(file.read_text(encoding="utf-8"))
    inside: Any = document
    *way, last = (int(word) if word.isdecimal() else word for word in was.at.split("."))
    for word in way:
        inside = inside[word]
    if was.value is None:
        del inside[last]
    else:
        inside[last] = was.value
    file.write_text(json.dumps(document), encoding="utf-8")
