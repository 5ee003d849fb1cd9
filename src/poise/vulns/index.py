"""The local index of advisories: one SQLite file, looked up by ecosystem and name; nothing is loaded at once.

A feed is replaced in one transaction, so that a killed run leaves the index as it was.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from poise.model.errors import BadInput
from poise.vulns.advisory import Advisory

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS feed (
    name TEXT PRIMARY KEY, url TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, fetched TEXT NOT NULL,
    records INTEGER NOT NULL, refused INTEGER NOT NULL, malformed INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS advisory (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, feed TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS advisory_of_feed ON advisory (feed);
CREATE TABLE IF NOT EXISTS affected (
    ecosystem TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (ecosystem, name, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS alias (
    one TEXT NOT NULL, other TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (one, other, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS covers (
    ecosystem TEXT NOT NULL, feed TEXT NOT NULL, PRIMARY KEY (ecosystem, feed)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kev (cve TEXT PRIMARY KEY, added TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS epss (cve TEXT PRIMARY KEY, score REAL NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 2;
"""
VERSION = 2
UPGRADES = {1: "ALTER TABLE feed ADD COLUMN malformed INTEGER NOT NULL DEFAULT 0"}
"""Version of an index -> the statement that makes it one of the next."""
KEV, EPSS = "kev", "epss"
MOST_ALIASES = 200
"""A closure wider than this is a feed gone wrong."""


class FeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a feed."""

    name: str
    url: str
    """Address, or file that it was imported from."""
    etag: str = ""
    modified: str = ""
    """`Last-Modified` of the answer."""
    fetched: datetime
    """When it was fetched, UTC."""
    records: int = 0
    refused: int = 0
    """Records that could not be understood, left out."""
    malformed: int = 0
    """Records with a bound that is no version, with which nothing can be compared."""


class Index:
    """An open index."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._decoder = msgspec.msgpack.Decoder(Advisory)
        self.advisories = lru_cache(maxsize=20_000)(self._advisories)
        self.closure = lru_cache(maxsize=20_000)(self._closure)

    def feeds(self) -> list[FeedRow]:
        """Return all feeds, by name."""
        rows = self._db.execute("SELECT name, url, etag, modified, fetched, records, refused, malformed FROM feed")
        names = FeedRow.__struct_fields__
        return [msgspec.convert(dict(zip(names, row, strict=True)), FeedRow) for row in sorted(rows)]

    def covered(self, ecosystem: str) -> tuple[str, ...]:
        """Return the feeds that hold advisories of an ecosystem; none means that nothing there can be matched."""
        rows = self._db.execute("SELECT feed FROM covers WHERE ecosystem = ? ORDER BY feed", (ecosystem,))
        return tuple(feed for (feed,) in rows)

    def _advisories(self, ecosystem: str, name: str) -> tuple[tuple[str, Advisory], ...]:
        """Return feed and advisory, for all that name a package."""
        rows = self._db.execute(
            "SELECT feed, body FROM affected JOIN advisory USING (number) WHERE ecosystem = ? AND name = ? ORDER BY id",
            (ecosystem, name),
        )
        return tuple((feed, self._decoder.decode(body)) for feed, body in rows)

    def _closure(self, id: str) -> frozenset[str]:
        """Return all ids of the vulnerability with one id: itself, its aliases, their aliases."""
        seen, todo = {id}, [id]
        while todo and len(seen) < MOST_ALIASES:
            rows = self._db.execute("SELECT DISTINCT other FROM alias WHERE one = ?", (todo.pop(),))
            fresh = [other for (other,) in rows if other not in seen]
            seen.update(fresh)
            todo += fresh
        return frozenset(seen)

    def ratings(self, ids: Iterable[str]) -> list[tuple[str, Advisory]]:
        """Return feed and advisory, for all that are, or are aliases of, one of the ids."""
        rows: dict[int, tuple[str, Advisory]] = {}
        for id in ids:
            found = self._db.execute(
                "SELECT number, feed, body FROM alias JOIN advisory USING (number) WHERE one = ?", (id,)
            )
            rows |= {number: (feed, self._decoder.decode(body)) for number, feed, body in found}
        return [rows[number] for number in sorted(rows)]

    def exploited(self, ids: Iterable[str]) -> bool:
        """Return whether any id is in the catalogue of known exploited vulnerabilities."""
        return any(self._db.execute("SELECT 1 FROM kev WHERE cve = ?", (id,)).fetchone() for id in ids)

    def probability(self, ids: Iterable[str]) -> float | None:
        """Return the highest probability of exploitation of any id; None if none is scored."""
        rows = (self._db.execute("SELECT score FROM epss WHERE cve = ?", (id,)).fetchone() for id in ids)
        return max((row[0] for row in rows if row), default=None)

    def records(self, feed: str) -> Iterator[object]:
        """Yield what a feed holds: advisories, or pairs of id and value."""
        if feed in (KEV, EPSS):
            yield from self._db.execute(f"SELECT * FROM {feed} ORDER BY cve")  # noqa: S608 - one of two names of ours
            return
        for (body,) in self._db.execute("SELECT body FROM advisory WHERE feed = ? ORDER BY number", (feed,)):
            yield self._decoder.decode(body)

    def replace(self, feed: FeedRow, advisories: Iterable[Advisory]) -> int:
        """Put a feed in the place of what it held before; return the number of its records."""
        with self._writing():
            self._forget(feed.name)
            number = int(self._db.execute("SELECT coalesce(max(number), 0) FROM advisory").fetchone()[0])
            first, malformed = number, 0
            encode = msgspec.msgpack.Encoder().encode
            for number, one in enumerate(advisories, first + 1):
                row = (number, one.id, feed.name, encode(one))
                self._db.execute("INSERT INTO advisory VALUES (?, ?, ?, ?)", row)
                malformed += any(part.malformed for part in one.affected)
                places = {(part.ecosystem, part.name, number) for part in one.affected}
                self._db.executemany("INSERT INTO affected VALUES (?, ?, ?)", places)
                covers = {(ecosystem, feed.name) for ecosystem, _, _ in places}
                self._db.executemany("INSERT OR IGNORE INTO covers VALUES (?, ?)", covers)
                pairs = [(a, b, number) for other in set(one.aliases) for a, b in ((one.id, other), (other, one.id))]
                self._db.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?, ?)", pairs)
            self._note(msgspec.structs.replace(feed, records=number - first, malformed=malformed))
        return number - first

    def replace_exploited(self, feed: FeedRow, days: Mapping[str, str]) -> int:
        """Put the catalogue of known exploited vulnerabilities in: CVE id -> day it was added."""
        return self._replace_table(feed, "kev", days.items())

    def replace_probabilities(self, feed: FeedRow, scores: Iterable[tuple[str, float]]) -> int:
        """Put the probabilities of exploitation in."""
        return self._replace_table(feed, "epss", scores)

    def note(self, feed: FeedRow) -> None:
        """Note that a feed was asked for and had not changed."""
        with self._writing():
            self._note(feed)

    def _replace_table(self, feed: FeedRow, table: str, rows: Iterable[tuple[str, object]]) -> int:
        with self._writing():
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608 - one of two names of ours
            done = self._db.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?)", rows)  # noqa: S608
            self._note(msgspec.structs.replace(feed, records=done.rowcount))
        return done.rowcount

    def _forget(self, feed: str) -> None:
        own = "SELECT number FROM advisory WHERE feed = ?"
        self._db.execute(f"DELETE FROM affected WHERE number IN ({own})", (feed,))  # noqa: S608
        self._db.execute(f"DELETE FROM alias WHERE number IN ({own})", (feed,))  # noqa: S608
        self._db.execute("DELETE FROM covers WHERE feed = ?", (feed,))
        self._db.execute("DELETE FROM advisory WHERE feed = ?", (feed,))

    def _note(self, feed: FeedRow) -> None:
        row = (feed.name, feed.url, feed.etag, feed.modified, feed.fetched.isoformat(), feed.records, feed.refused)
        self._db.execute("INSERT OR REPLACE INTO feed VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, feed.malformed))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            hint = "Is the disk full, or is another run writing?"
            raise BadInput(f"The index of advisories cannot be written: {problem}.", hint) from problem
        self.advisories.cache_clear()
        self.closure.cache_clear()


@contextmanager
def open_index(path: Path) -> Iterator[Index]:
    """Open an index, made if there is none. Raises :class:`BadInput` if the file is no index of ours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)) as connection:
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise BadInput(f"{path} was written by a newer version of Poise.", "Update Poise, or remove the file.")
            if version in UPGRADES:
                connection.execute(UPGRADES[version])
            connection.executescript(SCHEMA)
        except sqlite3.DatabaseError as problem:
            raise BadInput(f"{path} is no index of advisories: {problem}.", "Remove it and sync again.") from problem
        path.chmod(0o600)
        yield Index(connection)
