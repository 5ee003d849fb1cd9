"""The connection to SQLite or PostgreSQL: transactions, the clock, and errors that a person understands."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from poise.model.errors import StoreBusy, StoreError, UsageError
from poise.store.codec import to_moment

Clock = Callable[[], datetime]
"""Gives the time, UTC."""
BUSY_TIMEOUT_MS = 30_000
"""How long a writer of SQLite waits for another one."""
CONNECTIONS = 16
"""Connections that are kept open; as many more are opened when all are in use."""
PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}",
    "PRAGMA page_size = 8192",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 8192",  # pages: a bulk write touches the same index pages again and again
    "PRAGMA journal_size_limit = 67108864",
)


def utc_now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


def default_path() -> Path:
    """Return the file that holds the store if nothing else is said: in the user's data folder."""
    return user_data_path("poise") / "poise.db"


class Database:
    """An open database. Reads and writes are transactions; SQLite has one writer at a time."""

    def __init__(self, url: str | Path, clock: Clock = utc_now) -> None:
        self.url = to_url(url)
        self.clock = clock
        if self.is_sqlite:
            _make_file(Path(self.url.database or ""))
        self.engine = _engine(self.url)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def place(self) -> str:
        """The file or address, without the password."""
        return str(self.url.database) if self.is_sqlite else self.url.render_as_string(hide_password=True)

    def now(self) -> int:
        """Return the moment of the clock."""
        return to_moment(self.clock())

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that sees one state of the store."""
        with self.errors(), self.engine.connect() as connection, connection.begin():
            if not self.is_sqlite:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes everything or nothing."""
        with self.errors(), self.engine.connect() as plain:
            connection = plain.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn the driver's errors into :class:`StoreError` and :class:`StoreBusy`."""
        try:
            yield
        except DBAPIError as problem:
            raise explain(problem, self.place) from problem
        except NoFreeConnection as problem:
            raise StoreBusy(f"All connections to {self.place} are in use.", "Try again.") from problem

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def to_url(url: str | Path) -> URL:
    """Return the URL of a database: ``postgresql://...``, ``sqlite:///FILE`` or the path of a file."""
    words = str(url)
    if "://" not in words:
        return URL.create("sqlite", database=str(Path(words).expanduser()))
    try:
        made = make_url(words)
    except ArgumentError as problem:
        raise UsageError(f"{words!r} is no database URL.", "Give a file, or postgresql://USER@HOST/NAME.") from problem
    backend = made.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return made.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and made.database:
        return made
    raise UsageError(f"A store cannot be in {backend}.", "Give a file, or postgresql://USER@HOST/NAME.")


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_size=CONNECTIONS, max_overflow=CONNECTIONS)
    except (NoSuchModuleError, ModuleNotFoundError) as problem:
        raise StoreError("PostgreSQL needs the driver psycopg.", "Install poise[postgres].") from problem
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _make_file(path: Path) -> None:
    """Make an empty file that only its owner reads, before SQLite would make one for everybody."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as problem:
        raise StoreError(
            f"The store {path} cannot be written: {problem.strerror}.",
            "Give another place with --db or POISE_DB, or make the folder writable.",
        ) from problem


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


EXPLAINED = (
    (
        ("database is locked", "could not obtain lock", "deadlock detected"),
        StoreBusy,
        "is in use by another process",
        "Try again when the other command is done.",
    ),
    (
        ("readonly database", "read-only", "permission denied"),
        StoreError,
        "cannot be written: it is read-only",
        "Make the file and its folder writable, or give another place with --db or POISE_DB.",
    ),
    (
        ("disk is full", "no space left", "could not extend file"),
        StoreError,
        "cannot be written: the disk is full",
        "Make room; nothing that was stored is lost.",
    ),
    (
        ("not a database", "malformed"),
        StoreError,
        "is no Poise database, or it is damaged",
        "Give another file with --db or POISE_DB, or restore a backup.",
    ),
    (("unable to open",), StoreError, "cannot be opened", "Check that the folder exists and is writable."),
    (
        ("connection refused", "could not connect", "connection failed", "server closed the connection"),
        StoreError,
        "cannot be reached",
        "Check that the server runs and that the address is right.",
    ),
    (
        ("password authentication", "role ", "no password"),
        StoreError,
        "refused the user",
        "Check user and password of the database URL.",
    ),
)
"""Words of the driver -> what it means and what to do."""


def explain(problem: DBAPIError, place: str) -> StoreError:
    """Return the error for a person."""
    words = str(problem.orig).lower()
    for signs, kind, what, do in EXPLAINED:
        if any(sign in words for sign in signs):
            return kind(f"The store {place} {what}.", do)
    return StoreError(f"The store {place} failed: {str(problem.orig).strip()}.", "Run `poise doctor`.")
