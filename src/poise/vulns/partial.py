"""A download that may be cut off, kept so that a later run goes on where it ended.

Only bytes that the server can vouch for are gone on with: those of a strong entity tag (RFC 9110, 8.8.1), sent as they
are stored. All others are fetched again from the start.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

import msgspec

from poise.model.errors import BadInput


class Origin(msgspec.Struct, frozen=True):
    """What the bytes that are there are a part of."""

    url: str
    """Address that was asked for, before it led on."""
    etag: str


class Partial:
    """The beginning of one file."""

    def __init__(self, target: Path) -> None:
        self._file = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.from")

    def origin(self, url: str) -> Origin | None:
        """Return what the bytes that are there come from; None if there are none of this address."""
        try:
            found = msgspec.json.decode(self._note.read_bytes(), type=Origin)
        except (OSError, msgspec.DecodeError):
            return None
        return found if found.url == url and self.size() > 0 else None

    def size(self) -> int:
        """Return how many bytes are there."""
        try:
            return self._file.stat().st_size
        except OSError:
            return 0

    def begin(self, url: str, etag: str) -> None:
        """Start over; what comes can be gone on with if its tag is a strong one (empty: it has none)."""
        self.drop()
        if etag.startswith('"'):
            self._note.write_bytes(msgspec.json.encode(Origin(url, etag)))

    def open(self) -> BinaryIO:
        """Open it for more bytes, readable by nobody else."""
        return os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def finish(self, target: Path) -> None:
        """Put the whole file in its place. Raises :class:`BadInput` if that cannot be done."""
        try:
            self._file.replace(target)
            self._note.unlink(missing_ok=True)
        except OSError as problem:
            raise BadInput(f"{target} cannot be written: {problem.strerror}.") from problem

    def drop(self) -> None:
        """Remove what is there."""
        self._note.unlink(missing_ok=True)
        self._file.unlink(missing_ok=True)
