"""Makes stores of tests cheap: the schema of a SQLite file is made once and copied, statements are compiled once.

Only what tests do hundreds of times over is spared: the upgrade itself is tested through ``poise.store.upgrade``, and
a program that a test starts makes its store as anybody's does.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import util
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from poise.model.errors import UsageError
from poise.store import Store, database

GENUINE_OPEN = Store.open
"""As a program does it: for tests of how a store is made."""
STATEMENTS = 5_000
"""Compiled statements that a test process keeps."""


@contextmanager
def copied_schema(folder: Path) -> Iterator[None]:
    """Let ``Store.open`` begin a file that is not there yet as a copy of one without rows."""
    model = folder / "model.db"
    GENUINE_OPEN(model).close()

    def opened(url: str | Path, *args: Any, **more: Any) -> Store:
        if new := _new_file(url):
            _copy(model, new)
        return GENUINE_OPEN(url, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "open", opened)
        yield


def _new_file(url: str | Path) -> Path | None:
    """Return the file of SQLite that a store would be made in, None if there is one, or if its folder is to be made."""
    try:
        place = database.to_url(url)
    except UsageError:
        return None
    if place.get_backend_name() != "sqlite" or not place.database:
        return None
    file = Path(place.database)
    return file if file.parent.is_dir() and not file.exists() else None


def _copy(model: Path, new: Path) -> None:
    """Copy a file under a name that is free; who comes second finds it whole, who may not write it is told later."""
    # A temporary file is its owner's alone, as a store is.
    with suppress(OSError), tempfile.NamedTemporaryFile(dir=new.parent, prefix=".new-") as whole:
        shutil.copyfile(model, whole.name)
        os.link(whole.name, new)


@contextmanager
def shared_statements() -> Iterator[None]:
    """Let all engines of a process use one cache of compiled statements, those of one dialect together."""
    cache: util.LRUCache[Any, Any] = util.LRUCache(STATEMENTS)
    genuine = database._engine

    def made(url: Any) -> Any:
        engine = genuine(url)
        engine._compiled_cache = cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            patch.setattr(dialect, "__eq__", lambda self, other: type(self) is type(other))
            patch.setattr(dialect, "__hash__", lambda self: hash(type(self)))
        patch.setattr(database, "_engine", made)
        yield
