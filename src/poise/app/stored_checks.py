"""Checks that only a store knows: those in CEL that it keeps, and queries that are watched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from poise.model.check import Check


def stored_checks(db: str) -> Mapping[str, Check]:
    """Return the checks that a store adds to the shipped ones, by id; none where there is no store yet.

    ``db`` is a file or the URL of a database. Raises :class:`StoreError` if the store cannot be read.
    """
    if "://" not in db and not Path(db).expanduser().exists():
        return {}
    from poise.app.workspace import open_workspace
    from poise.checks import catalog

    with open_workspace(db) as workspace:
        shipped = catalog.load()
        return {id: check for id, check in workspace.checks.items() if id not in shipped}
