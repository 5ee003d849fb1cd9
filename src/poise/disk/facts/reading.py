"""One reading of a tree: its limits, and what could not be read on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, BinaryIO, TypeVar, cast

import msgspec

from poise.disk.facts.limits import Limits
from poise.disk.tree import FileFacts, FileKind, Tree, Unreadable, resolve
from poise.model.errors import BadInput
from poise.model.host.gaps import Gap
from poise.model.host.system import FileMode

T = TypeVar("T")
MOST_GAPS = 1000
NO_MODES = "its file system keeps no Unix owners and modes"


class Line(msgspec.Struct, frozen=True):
    """A line of a file that says something."""

    path: str
    """File."""
    number: int
    """Line number, from 1."""
    text: str
    """The line without blanks around it and without comment lines."""

    @property
    def place(self) -> str:
        """File and line, for a person."""
        return f"{self.path}:{self.number}"


class Reading:
    """Reads files of a tree within limits and notes what it could not read."""

    def __init__(self, tree: Tree, limits: Limits) -> None:
        self.tree = tree
        self.limits = limits
        self._gaps: dict[tuple[str, str], Gap] = {}
        self._done: dict[Callable[[Reading], Any], Any] = {}

    def once(self, reader: Callable[[Reading], T]) -> T:
        """Return what a reader gives for this tree; it runs once, and a failure is raised again each time."""
        if reader not in self._done:
            try:
                self._done[reader] = reader(self)
            except (Unreadable, BadInput) as problem:
                self._done[reader] = problem
        found = self._done[reader]
        if isinstance(found, (Unreadable, BadInput)):
            raise found
        return cast("T", found)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be read so far, by place."""
        return tuple(gap for _, gap in sorted(self._gaps.items()))

    def first(self, place: str, what: str, found: Sequence[T], most: int) -> tuple[T, ...]:
        """Return the first of some things as a fact holds them; that there are more is noted as a gap."""
        if len(found) > most:
            self.miss(place, f"more than {most} {what}: the rest is not listed")
        return tuple(found[:most])

    def miss(self, place: str, reason: str) -> None:
        """Note that something was not read."""
        if len(self._gaps) < MOST_GAPS:
            self._gaps[place, reason] = Gap(place=place, reason=reason)
        elif len(self._gaps) == MOST_GAPS:
            self._gaps["~", ""] = Gap(place="more", reason=f"more than {MOST_GAPS} gaps: the others are not listed")

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names with links followed, or None; a loop counts as nothing."""
        try:
            real = resolve(self.tree, path)
            return self.tree.facts(real) if real else None
        except Unreadable as problem:
            self.miss(path, problem.reason)
            return None

    def is_file(self, path: str) -> bool:
        """Whether a path names a file, directly or by links."""
        found = self.facts(path)
        return found is not None and found.kind is FileKind.FILE

    def is_folder(self, path: str) -> bool:
        """Whether a path names a folder, directly or by links."""
        found = self.facts(path)
        return found is not None and found.kind is FileKind.FOLDER

    def mode(self, path: str) -> FileMode | None:
        """Return who may do what to a path with links followed, or None if nothing is there."""
        found = self.facts(path)
        return to_mode(path, found) if found else None

    def content(self, path: str, limit: int | None = None) -> bytes | None:
        """Return the content of a file, or None if there is none; raises :class:`Unreadable`."""
        if not self.is_file(path):
            return None
        most = self.limits.text_bytes if limit is None else limit
        with self.open(path) as file:
            data = file.read(most + 1)
        if len(data) > most:
            self.miss(path, f"larger than {most} bytes: the rest is not read")
        return data[:most]

    def open(self, path: str) -> BinaryIO:
        """Open a file; raises :class:`Unreadable`."""
        return self.tree.open(path)

    def text(self, path: str) -> str | None:
        """Return the text of a file, or None if there is none; bytes that are no UTF-8 are replaced."""
        data = self.content(path)
        return None if data is None else data.decode("utf-8", "replace")

    def attempt(self, path: str) -> str | None:
        """Return the text of a file, or None if there is none or it cannot be read, which is noted."""
        try:
            return self.text(path)
        except Unreadable as problem:
            self.miss(path, problem.reason)
            return None

    def lines(self, path: str, comments: str = "#") -> list[Line]:
        """Return the lines of a file that are neither empty nor a comment; none if there is no file."""
        return [line for line in self.all_lines(path) if line.text and line.text[0] not in comments]

    def all_lines(self, path: str) -> list[Line]:
        """Return every line of a file without blanks around it; none if there is no file."""
        return [Line(path, n, text.strip()) for n, text in enumerate((self.text(path) or "").split("\n"), 1)]

    def folder(self, path: str) -> list[str]:
        """Return the names in a folder; none if it is not there. Raises :class:`Unreadable`."""
        if not self.is_folder(path):
            return []
        names = self.tree.names(path)
        if len(names) > self.limits.entries:
            self.miss(path, f"more than {self.limits.entries} names: the rest is not read")
        return list(names[: self.limits.entries])

    def files(self, folder: str, pattern: str = "*") -> list[str]:
        """Return the paths of files in a folder whose names fit a pattern, sorted; none if it is not there."""
        names = [name for name in self.folder(folder) if fnmatchcase(name, pattern)]
        return [path for name in names if self.is_file(path := f"{folder.rstrip('/')}/{name}")]

    def glob(self, pattern: str) -> list[str]:
        """Return the files that a path with wildcards names, sorted, as `glob(7)` does."""
        return sorted(path for path in self._globbed("", pattern.strip("/").split("/")) if self.is_file(path))

    def _globbed(self, folder: str, parts: list[str]) -> Iterator[str]:
        if not parts:
            yield folder
            return
        if not any(c in parts[0] for c in "*?["):
            yield from self._globbed(f"{folder}/{parts[0]}", parts[1:])
            return
        for name in self.folder(folder or "/"):
            if fnmatchcase(name, parts[0]) and (not name.startswith(".") or parts[0].startswith(".")):
                yield from self._globbed(f"{folder}/{name}", parts[1:])


def to_mode(path: str, found: FileFacts) -> FileMode:
    """Return the record of a path's permissions. Raises :class:`Unreadable` where its file system keeps none."""
    if not found.has_mode:
        raise Unreadable(path, NO_MODES)
    return FileMode(path=path, kind=found.kind.value, mode=found.mode, uid=found.uid, gid=found.gid)
