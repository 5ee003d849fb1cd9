"""Files that people wrote, read whole: with a limit, and with errors that name the file."""

from __future__ import annotations

from pathlib import Path

from poise.model.errors import BadInput, UsageError

MOST_BYTES = 64_000_000


def content_of(path: Path, most_bytes: int = MOST_BYTES) -> bytes:
    """Return what a file holds.

    Raises :class:`UsageError` for one that cannot be read, and :class:`BadInput` for one that is larger than
    ``most_bytes``, of which no more than that is read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}.") from problem
    if len(content) > most_bytes:
        raise BadInput(f"{path} is larger than {most_bytes:,} bytes, the most that is read.")
    return content


def text_of(path: Path, most_bytes: int = MOST_BYTES) -> str:
    """Return the text in a file. Raises as :func:`content_of`, and :class:`BadInput` for what is not UTF-8."""
    content = content_of(path, most_bytes)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadInput(f"{path} is no text in UTF-8: {problem.reason} at byte {problem.start}.") from problem
