"""A folder of this machine as a tree: an unpacked image, a mounted disk, or a test's root.

Every step is taken with `lstat`, so no link leads out of the folder. Content that is being changed meanwhile is not
guarded against: the tree is meant for folders that nobody else writes.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

from poise.disk.tree import FileFacts, FileKind, Unreadable, resolve


class FolderTree:
    """The files below a folder, its links followed inside it alone."""

    def __init__(self, root: Path) -> None:
        self._root = os.fspath(root.resolve()).rstrip("/")
        self._folders: dict[str, str] = {}

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names, or None if there is nothing."""
        try:
            found = os.lstat(self._real(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as problem:
            raise Unreadable(path, _reason(problem)) from problem
        return FileFacts(
            kind=_kind(found.st_mode),
            size_bytes=found.st_size,
            mode=stat.S_IMODE(found.st_mode),
            uid=found.st_uid,
            gid=found.st_gid,
            modified=int(found.st_mtime),
        )

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, sorted."""
        try:
            return sorted(entry.name for entry in os.scandir(self._folder(path) or "/"))
        except (OSError, ValueError) as problem:
            raise Unreadable(path, _reason(problem)) from problem

    def target(self, path: str) -> str:
        """Return the text of a link."""
        try:
            return os.fspath(Path(self._real(path)).readlink())
        except (OSError, ValueError) as problem:
            raise Unreadable(path, _reason(problem)) from problem

    def open(self, path: str) -> BinaryIO:
        """Open a file; links are followed inside the folder."""
        real = resolve(self, path)
        found = real and self.facts(real)
        if not real or not found or found.kind is not FileKind.FILE:
            raise Unreadable(path, "no such file")
        try:
            descriptor = os.open(self._root + real, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except (OSError, ValueError) as problem:
            raise Unreadable(path, _reason(problem)) from problem
        return os.fdopen(descriptor, "rb")

    def _folder(self, path: str) -> str:
        """Return the place of a folder on this machine, every link on the way followed inside the root."""
        if path not in self._folders:
            real = resolve(self, path)
            if real is None:
                raise FileNotFoundError(path)
            self._folders[path] = self._root + real.rstrip("/")
        return self._folders[path]

    def _real(self, path: str) -> str:
        """Return the place of a path on this machine, its last part not followed."""
        folder, _, name = path.rstrip("/").rpartition("/")
        if name in ("", ".", ".."):
            return self._folder(path) or "/"
        return f"{self._parent(folder)}/{name}"

    def _parent(self, folder: str) -> str:
        if folder.strip("/") == "":
            return self._root
        return self._folder(folder)


def _kind(mode: int) -> FileKind:
    if stat.S_ISREG(mode):
        return FileKind.FILE
    if stat.S_ISDIR(mode):
        return FileKind.FOLDER
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.OTHER


def _reason(problem: Exception) -> str:
    return problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem)
