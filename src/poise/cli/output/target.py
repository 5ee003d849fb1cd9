"""Where output goes: `-o FORMAT` to the standard output, `-o FORMAT=FILE` to a file, several at once."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from poise.model.errors import UsageError


@dataclass(frozen=True)
class Target:
    """One format and where it is written."""

    format: str
    path: Path | None = None
    """None for the standard output."""


def parse(texts: Sequence[str], formats: Iterable[str], default: str) -> tuple[Target, ...]:
    """Return the targets of `-o` options. Raises :class:`UsageError` if a format is not known.

    Without an option the answer goes to the standard output in the default format. Only one may go there.
    """
    known = sorted(formats)
    targets = tuple(_target(text, known) for text in texts) or (Target(default),)
    if sum(target.path is None for target in targets) > 1:
        raise UsageError("Two formats would be written to the standard output.", "Give one a file: -o FORMAT=FILE.")
    return targets


def _target(text: str, known: Sequence[str]) -> Target:
    name, equals, path = text.partition("=")
    if name not in known:
        raise UsageError(f"There is no output format {name!r}.", f"Choose from {', '.join(known)}.")
    if equals and not path:
        raise UsageError(f"-o {text} names no file.", f"Write -o {name}=FILE.")
    return Target(name, Path(path) if path else None)


def write(pieces: Iterable[str | bytes], target: Target) -> None:
    """Write the pieces to a target: text in UTF-8, bytes as they are."""
    if target.path is None:
        write_stdout(pieces)
    else:
        write_file(pieces, target.path)


def write_stdout(pieces: Iterable[str | bytes]) -> None:
    """Write to the standard output; a reader that went away ends the writing quietly.

    Raises :class:`UsageError` for bytes on a terminal that are no text.
    """
    is_terminal = sys.stdout.isatty()
    try:
        for piece in pieces:
            if isinstance(piece, str):
                sys.stdout.write(piece)
            elif is_terminal:
                sys.stdout.write(_as_text(piece))
            else:
                sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes once more when it ends (Python library reference, note on SIGPIPE).
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, sys.stdout.fileno())
        os.close(silence)


def write_file(pieces: Iterable[str | bytes], path: Path) -> None:
    """Write a file whole or not at all: a failure leaves what was there before.

    A device or a pipe is written to as it is, and the file behind a link is replaced, not the link.
    """
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as device:
                device.writelines(_encoded(pieces))
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as problem:
        raise _cannot_write(path, problem) from problem
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(_encoded(pieces))
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(path))
        part.replace(path)
    except OSError as problem:
        raise _cannot_write(path, problem) from problem
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _as_text(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError as problem:
        raise UsageError("This format is no text.", "Write it to a file: -o FORMAT=FILE.") from problem


def _encoded(pieces: Iterable[str | bytes]) -> Iterator[bytes]:
    return (piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def _mode(path: Path) -> int:
    """Keep the mode of a file that is replaced; a new one gets what the user's mask allows."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _cannot_write(path: Path, problem: OSError) -> UsageError:
    reason = {errno.ENOENT: "its folder does not exist", errno.ENOSPC: "the disk is full"}
    return UsageError(f"{path} cannot be written: {reason.get(problem.errno or 0, os.strerror(problem.errno or 0))}.")
