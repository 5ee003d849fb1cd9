"""Opens files of advisories within limits: plain, gzip, or a zip of records. Their content may be hostile."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from poise.model.errors import BadInput

MOST_BYTES = 4 << 30
"""Unpacked size of a file."""
MOST_RECORD = 16 << 20
"""Size of one record."""
MOST_UNPACKED = 64 << 30
"""Unpacked size of all records of a zip, which are read one at a time: the dump of one distribution is gigabytes."""
MOST_MEMBERS = 5_000_000
"""Records of a zip; the largest dump, Chainguard's, had 1.2 million in 2026."""
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"


class Limited(io.RawIOBase):
    """A stream that refuses to give more bytes than allowed."""

    def __init__(self, stream: IO[bytes], path: Path, most: int = MOST_BYTES) -> None:
        super().__init__()
        self._stream, self._path, self._left = stream, path, most

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def close(self) -> None:
        """Close the file below too."""
        self._stream.close()
        super().close()

    def readinto(self, buffer: object) -> int:
        """Read into a buffer. Raises :class:`BadInput` past the limit, and for damaged gzip."""
        view = memoryview(cast("bytearray", buffer))
        try:
            found = self._stream.read(len(view))
        except (OSError, EOFError, zlib.error) as problem:
            raise BadInput(f"{self._path} is damaged: {problem}.", "Fetch it again.") from problem
        self._left -= len(found)
        if self._left < 0:
            raise BadInput(f"{self._path} unpacks to more bytes than allowed.", "Is it a feed of advisories?")
        view[: len(found)] = found
        return len(found)


def is_zip(path: Path) -> bool:
    """Return whether a file is a zip."""
    return _first(path).startswith(ZIP)


def stream(path: Path) -> io.BufferedReader:
    """Open a plain or gzip file."""
    opened = gzip.open(path) if _first(path).startswith(GZIP) else path.open("rb")  # noqa: SIM115 - closed with the stream
    return io.BufferedReader(Limited(cast("IO[bytes]", opened), path), 1 << 20)


def whole(path: Path, most: int = 1 << 30) -> bytes:
    """Return the content of a plain or gzip file. Raises :class:`BadInput` if it is too large."""
    with stream(path) as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise BadInput(f"{path} is larger than {most >> 20} MiB.", "Is it a feed of advisories?")
    return content


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, with their numbers. Raises :class:`BadInput` for one that is too long."""
    with stream(path) as opened:
        number = 0
        while line := opened.readline(MOST_RECORD + 1):
            number += 1
            if len(line) > MOST_RECORD:
                raise BadInput(f"{path} line {number} is longer than {MOST_RECORD >> 20} MiB.")
            if line.strip():
                yield number, line


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in a zip. Raises :class:`BadInput` past a limit, naming the member."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MOST_MEMBERS or sum(info.file_size for info in infos) > MOST_UNPACKED:
                raise BadInput(f"{path} holds more than allowed.", "Is it a feed of advisories?")
            for info in infos:
                yield info.filename, _member(archive, info, path)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, OSError) as problem:
        raise BadInput(f"{path} is damaged: {problem}.", "Fetch it again.") from problem


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> bytes:
    with archive.open(info) as opened:
        content = opened.read(MOST_RECORD + 1)
    if len(content) > MOST_RECORD:
        raise BadInput(f"{path}: {info.filename} is larger than {MOST_RECORD >> 20} MiB.")
    return content


def _first(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(4)
    except OSError as problem:
        raise BadInput(f"{path} cannot be read: {problem.strerror}.") from problem
