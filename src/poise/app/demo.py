"""The bundled sample estate: answers of provider commands, written by hand, read like any other export."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from poise.app.doors import FilesDoor
from poise.app.workspace import Workspace
from poise.collect.connector import Connector
from poise.model.errors import UsageError

ESTATE = "sample_estate"
SOURCE = "demo"


def open_estate(workspace: Workspace) -> Sequence[Connector]:
    """Return the connectors of the sample estate."""
    folder = Path(str(files("poise"))) / ESTATE
    if not folder.is_dir():
        raise UsageError("The sample estate is not installed.", "Install Poise again; it is part of the package.")
    return FilesDoor(workspace.clock, workspace.store.secret_key(), SOURCE).open([folder])
