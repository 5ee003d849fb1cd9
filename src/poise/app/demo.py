"""The bundled sample estate: answers of provider commands, written by hand, read like any other export.

It was recorded on one day, and it is judged as of that day: keys do not grow old in it, and certificates do not end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from poise.app.doors import FilesDoor
from poise.app.workspace import Workspace
from poise.collect.connector import Connector
from poise.model.errors import UsageError

ESTATE = "sample_estate"
SOURCE = "demo"
RECORDED_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""When the sample estate was recorded: the moment at which its assets were read and are judged."""


def as_recorded(workspace: Workspace) -> Workspace:
    """Return the workspace at the moment of the recording, for scanning the sample estate."""
    return replace(workspace, clock=lambda: RECORDED_AT)


def open_estate(workspace: Workspace) -> Sequence[Connector]:
    """Return the connectors of the sample estate; what they read carries the moment of the recording."""
    folder = Path(str(files("poise"))) / ESTATE
    if not folder.is_dir():
        raise UsageError("The sample estate is not installed.", "Install Poise again; it is part of the package.")
    return FilesDoor(as_recorded(workspace).clock, workspace.store.secret_key(), SOURCE).open([folder])
