"""The three ways in which rpm has kept its headers: SQLite, its own `ndb`, and Berkeley DB's hash.

Sources: rpm's lib/backend (sqlite.c, ndb/rpmpkg.c) and Berkeley DB's page layout (dbinc/db_page.h).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from poise.disk.facts.packages.sqlite_file import query
from poise.model.errors import BadInput

MOST_HEADER = 256 << 20
NDB_MAGIC, NDB_SLOT_MAGIC, NDB_BLOCK_MAGIC = b"RpmP", b"Slot", b"BlkS"
NDB_PAGE, NDB_SLOT, NDB_UNIT = 4096, 16, 16
MOST_SLOT_PAGES = 65_536
BDB_HASH_MAGIC = 0x00061561
BDB_HEADER = 26
BDB_HASH_PAGES = (2, 13)
BDB_OVERFLOW_PAGE = 7
BDB_INLINE, BDB_OFF_PAGE = 1, 3


def sqlite_headers(database: bytes, log: bytes | None) -> Iterator[bytes]:
    """Yield the headers of `rpmdb.sqlite`, with its write-ahead log."""
    for (blob,) in query(database, log, "SELECT blob FROM Packages ORDER BY hnum"):
        if isinstance(blob, bytes):
            yield blob


def ndb_headers(file: BinaryIO) -> Iterator[bytes]:
    """Yield the headers of `Packages.db`."""
    head = file.read(32)
    if len(head) < 32 or head[:4] != NDB_MAGIC:
        raise BadInput("no ndb database: it does not start with RpmP")
    (slot_pages,) = struct.unpack_from("<I", head, 12)
    if not 0 < slot_pages <= MOST_SLOT_PAGES:
        raise BadInput("the ndb database states an impossible number of slot pages")
    file.seek(0)
    slots = file.read(slot_pages * NDB_PAGE)
    for at in range(32, len(slots) - NDB_SLOT + 1, NDB_SLOT):
        magic, index, block, blocks = struct.unpack_from("<4sIII", slots, at)
        if magic != NDB_SLOT_MAGIC:
            raise BadInput("a slot of the ndb database has a wrong mark")
        if index:
            yield _ndb_header(file, index, block, blocks)


def _ndb_header(file: BinaryIO, index: int, block: int, blocks: int) -> bytes:
    file.seek(block * NDB_UNIT)
    head = file.read(16)
    if len(head) < 16:
        raise BadInput("a block of the ndb database lies behind its end")
    magic, stated, _, size = struct.unpack("<4sIII", head)
    if magic != NDB_BLOCK_MAGIC or stated != index or size > min(blocks * NDB_UNIT, MOST_HEADER):
        raise BadInput("a block of the ndb database has a wrong mark")
    blob = file.read(size)
    if len(blob) < size:
        raise BadInput("a block of the ndb database is cut off")
    return blob


def bdb_headers(file: BinaryIO) -> Iterator[bytes]:
    """Yield the headers of `Packages`, a Berkeley DB hash."""
    pages = _Pages(file)
    for number in range(1, pages.last + 1):
        page = pages.read(number)
        if len(page) < BDB_HEADER:
            return
        if page[25] in BDB_HASH_PAGES:
            yield from pages.values(page)


class _Pages:
    """The pages of a Berkeley DB file."""

    def __init__(self, file: BinaryIO) -> None:
        meta = file.read(512)
        if len(meta) < 72:
            raise BadInput("no Berkeley DB file: it is too short")
        self.order = "<" if struct.unpack_from("<I", meta, 12)[0] == BDB_HASH_MAGIC else ">"
        magic, _, self.size = struct.unpack_from(f"{self.order}III", meta, 12)
        if magic != BDB_HASH_MAGIC or self.size not in (512 << n for n in range(8)):
            raise BadInput("no Berkeley DB hash: its magic number or page size is wrong")
        (self.last,) = struct.unpack_from(f"{self.order}I", meta, 32)
        self._file = file

    def read(self, number: int) -> bytes:
        self._file.seek(number * self.size)
        return self._file.read(self.size)

    def values(self, page: bytes) -> Iterator[bytes]:
        """Yield the values of a hash page whose keys are package numbers; number 0 holds a counter."""
        (entries,) = struct.unpack_from(f"{self.order}H", page, 20)
        if BDB_HEADER + 2 * entries > len(page):
            raise BadInput("a page of the Berkeley DB states too many entries")
        places = struct.unpack_from(f"{self.order}{entries}H", page, BDB_HEADER)
        ends = (len(page), *places)
        for at in range(0, entries - 1, 2):
            key = page[places[at] + 1 : ends[at]]
            if key != bytes(4):
                yield self._value(page[places[at + 1] : ends[at + 1]])

    def _value(self, item: bytes) -> bytes:
        if item[:1] == bytes([BDB_INLINE]):
            return item[1:]
        if item[:1] != bytes([BDB_OFF_PAGE]) or len(item) < 12:
            raise BadInput("an item of the Berkeley DB is of an unknown kind")
        number, size = struct.unpack_from(f"{self.order}II", item, 4)
        if size > MOST_HEADER:
            raise BadInput("an item of the Berkeley DB is too large")
        return self._overflow(number, size)

    def _overflow(self, number: int, size: int) -> bytes:
        data = bytearray()
        while number and len(data) < size:
            page = self.read(number)
            if len(page) < BDB_HEADER or page[25] != BDB_OVERFLOW_PAGE:
                raise BadInput("an overflow page of the Berkeley DB is missing")
            number, _, length = struct.unpack_from(f"{self.order}IHH", page, 16)
            if length == 0:
                break
            data += page[BDB_HEADER : BDB_HEADER + length]
        if len(data) < size:
            raise BadInput("an item of the Berkeley DB is cut off")
        return bytes(data[:size])
