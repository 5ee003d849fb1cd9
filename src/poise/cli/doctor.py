"""What `poise doctor` looks at. It asks no cloud and changes nothing."""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from poise import __version__
from poise.cli import settings
from poise.cli.invocation import Invocation
from poise.model.errors import PoiseError


@dataclass(frozen=True)
class Sign:
    """One thing that was looked at: `well`, `missing` (works without) or `broken`."""

    state: str
    what: str
    detail: str


def examine(run: Invocation) -> Iterator[Sign]:
    """Yield what was found."""
    yield Sign("well", "Poise", f"{__version__} on Python {platform.python_version()}")
    yield _tried("settings", lambda: _settings(run))
    yield _tried("checks", _checks)
    yield _folder(run.data_dir)
    yield _tried("store", lambda: _store(run))
    yield _pages()
    yield _postgres()


def _tried(what: str, look: Callable[[], str]) -> Sign:
    try:
        return Sign("well", what, look())
    except PoiseError as problem:
        return Sign("broken", what, str(problem))


def _settings(run: Invocation) -> str:
    found = {value.origin for value in run.settings.values()} - {"default"}
    user = settings.user_file()
    return ", ".join(sorted(found)) or f"all defaults; {user} would be read if it were there"


def _checks() -> str:
    from poise.app import checks

    every = checks.all_checks()
    faulty = [each.id for each in every if checks.faults(each)]
    return f"{len(every):,} loaded" + (f"; faulty: {', '.join(faulty)}" if faulty else "")


def _folder(folder: Path) -> Sign:
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if os.access(nearest, os.W_OK):
        return Sign("well", "data folder", f"{folder}{'' if folder.exists() else ' (made when needed)'}")
    return Sign("broken", "data folder", f"{folder} cannot be written. Set POISE_DATA_DIR or --data-dir.")


def _store(run: Invocation) -> str:
    is_file = "://" not in run.db
    if is_file and not Path(run.db).exists():
        return f"{run.db} (made by the first scan)"
    with run.workspace() as workspace:
        return workspace.store.place


def _pages() -> Sign:
    from poise.web.bundle import missing_assets

    problem = missing_assets()
    return Sign("missing", "pages", problem) if problem else Sign("well", "pages", "built")


def _postgres() -> Sign:
    if importlib.util.find_spec("psycopg") is None:
        return Sign("missing", "PostgreSQL", "driver not installed; needed only for a store there: poise[postgres]")
    return Sign("well", "PostgreSQL", "driver installed")
