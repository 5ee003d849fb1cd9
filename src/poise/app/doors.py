"""Opens the connectors that a command asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from poise.collect.assets_file import AssetsFile
from poise.collect.connector import Connector
from poise.model.errors import UsageError

Clock = Callable[[], datetime]
MOST_DEPTH = 4
"""Folders below a given path that are searched for exports."""


def open_files(paths: Sequence[Path], clock: Clock, secret_key: bytes, source: str = "files") -> list[Connector]:
    """Return a connector for every export that is found at or below the paths.

    ``source`` names the door in the store; each export gets its own, by its path. Raises :class:`UsageError` for a
    path that does not exist or holds nothing that is understood.
    """
    found: list[Connector] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist.")
        here = list(_exports(path.resolve(), clock, secret_key, source))
        if not here:
            raise UsageError(
                f"{path} holds no export that Poise understands.",
                "See `poise scan files --help` for the forms that it reads.",
            )
        found += here
    return found


def _exports(path: Path, clock: Clock, secret_key: bytes, source: str, depth: int = 0) -> Iterator[Connector]:
    connector = _recognised(path, clock, secret_key, source)
    if connector is not None:
        yield connector
    elif path.is_dir() and depth < MOST_DEPTH:
        for below in sorted(path.iterdir()):
            if not below.name.startswith("."):
                yield from _exports(below, clock, secret_key, source, depth + 1)


def _recognised(path: Path, clock: Clock, secret_key: bytes, source: str) -> Connector | None:
    name = source if source != "files" else f"files:{path}"
    if AssetsFile.recognises(path):
        return AssetsFile(path, name, clock)
    from poise.collect.aws.connector import AwsFolder

    if AwsFolder.recognises(path):
        return AwsFolder(path, name, clock, secret_key)
    return None
