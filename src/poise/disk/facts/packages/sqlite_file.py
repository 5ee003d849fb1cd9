"""Opens an SQLite database from bytes, with its write-ahead log, in memory: nothing is written.

Source: https://www.sqlite.org/fileformat2.html, section 4 (the write-ahead log). A disk read while its machine runs has
such a log nearly always, and what was committed last is in it alone.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator

from poise.model.errors import BadInput

MAGIC = b"SQLite format 3\0"
FRAME = struct.Struct(">IIIIII")
WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
MOST_STEPS = 200
"""Times that 100,000 steps of SQLite's machine may pass before a query is stopped."""


def query(database: bytes, log: bytes | None, statement: str) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a statement; raises :class:`BadInput` if the database is not sound."""
    whole = merged(database, log) if log else database
    if not whole.startswith(MAGIC) or len(whole) < 512:
        raise BadInput("no SQLite database")
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(_without_log(whole))
        connection.set_progress_handler(_Steps(), 100_000)
        for pragma in ("query_only = 1", "trusted_schema = 0", "cell_size_check = 1"):
            connection.execute(f"PRAGMA {pragma}")
        yield from connection.execute(statement)
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as problem:
        raise BadInput(f"the SQLite database cannot be read: {problem}") from problem
    finally:
        connection.close()


def merged(database: bytes, log: bytes) -> bytes:
    """Return a database with the committed frames of its log put in; a log that is not sound adds what is sound."""
    if len(log) < 32:
        return database
    magic, _, page_size, _, *salt = struct.unpack_from(">IIIIII", log)
    order = WAL_MAGIC.get(magic)
    first = _checksum(log[:24], order, (0, 0)) if order else None
    if order is None or first != struct.unpack_from(">II", log, 24) or not 512 <= page_size <= 65536:
        return database
    pages, size = _committed(log, page_size, (salt[0], salt[1]), (order, first))
    whole = bytearray(database)
    for number, at in pages.items():
        end = number * page_size
        whole += bytes(max(0, end - len(whole)))
        whole[end - page_size : end] = log[at : at + page_size]
    return bytes(whole[: size * page_size]) if size else bytes(whole)


def _committed(
    log: bytes, page_size: int, salt: tuple[int, int], check: tuple[str, tuple[int, int]]
) -> tuple[dict[int, int], int]:
    """Return page number -> place in the log of its last committed form, and the size in pages by then."""
    order, running = check
    pages: dict[int, int] = {}
    waiting: dict[int, int] = {}
    size, most = 0, len(log) // page_size + (1 << 22)
    for at in range(32, len(log) - page_size - FRAME.size + 1, page_size + FRAME.size):
        number, committed, salt1, salt2, *stated = FRAME.unpack_from(log, at)
        running = _checksum(log[at : at + 8], order, running)
        running = _checksum(log[at + FRAME.size : at + FRAME.size + page_size], order, running)
        if (salt1, salt2) != salt or running != tuple(stated) or not 0 < number < most:
            break
        waiting[number] = at + FRAME.size
        if committed:
            pages |= waiting
            waiting, size = {}, committed
    return pages, size


def _checksum(data: bytes, order: str, start: tuple[int, int]) -> tuple[int, int]:
    first, second = start
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for left, right in zip(words[::2], words[1::2], strict=True):
        first = (first + left + second) & 0xFFFFFFFF
        second = (second + right + first) & 0xFFFFFFFF
    return first, second


def _without_log(database: bytes) -> bytes:
    """Return the database in the mode that needs no log: one in memory has none."""
    return database[:18] + b"\1\1" + database[20:]


class _Steps:
    """Stops a query that takes too long."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def __call__(self) -> bool:
        self._left -= 1
        return self._left < 0
