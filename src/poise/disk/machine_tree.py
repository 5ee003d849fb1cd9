"""The file systems of a machine, mounted into one tree, with its links followed inside it alone.

Folders that a damaged or hostile file system shows in two places are refused, so that no walk is endless.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from poise.disk.filesystem.files import FileSystem, Node
from poise.disk.tree import MAX_LINKS, FileFacts, FileKind, Unreadable

MOST_PATH = 4096
"""Characters of a path (`PATH_MAX`)."""
MOST_DEPTH = 256
FOLDERS_KEPT = 4096
MOST_NAMES = 20_000_000
"""Names that are listed in one scan."""


@dataclass(frozen=True, slots=True)
class Place:
    """A node, and where it is."""

    files: FileSystem
    node: Node
    path: str
    """Its path without links; empty for the root."""


@dataclass
class MachineTree:
    """A root file system with others mounted in it. Paths of mounts have no slash at the end: "" is the root."""

    mounts: Mapping[str, FileSystem]
    _folders: OrderedDict[str, Place | None] = field(default_factory=OrderedDict)
    _first_seen: dict[tuple[int, object], str] = field(default_factory=dict)
    _listed: int = 0

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names, or None if there is nothing; a final link is not followed."""
        place = self._place(path, follow=False)
        return place.files.facts(place.node) if place else None

    def names(self, path: str) -> Sequence[str]:
        """Return the names in a folder, sorted; raises `Unreadable`."""
        place = self._place(path, follow=True)
        if place is None or place.files.facts(place.node).kind is not FileKind.FOLDER:
            raise Unreadable(path, f"there is no folder {path}")
        self._require_one_place(place)
        found = place.files.names(place.node)
        self._listed += len(found)
        if self._listed > MOST_NAMES:
            raise Unreadable(path, f"more than {MOST_NAMES:,} names: the rest is not read")
        inside = f"{place.path}/"
        mounted = {m[len(inside) :] for m in self.mounts if m.startswith(inside) and "/" not in m[len(inside) :]}
        return sorted({*found, *mounted}) if mounted else found

    def target(self, path: str) -> str:
        """Return the text of a link; raises `Unreadable`."""
        place = self._place(path, follow=False)
        if place is None or place.files.facts(place.node).kind is not FileKind.LINK:
            raise Unreadable(path, f"there is no link {path}")
        return place.files.target(place.node)

    def open(self, path: str) -> BinaryIO:
        """Open a file, links followed; raises `Unreadable`."""
        place = self._place(path, follow=True)
        if place is None or place.files.facts(place.node).kind is not FileKind.FILE:
            raise Unreadable(path, f"there is no file {path}")
        return place.files.open(place.node)

    def _place(self, path: str, follow: bool) -> Place | None:
        if len(path) > MOST_PATH:
            raise Unreadable(path[:200], f"the path is longer than {MOST_PATH:,} characters")
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts:
            return self._root()
        if follow or ".." in parts:
            return self._walk(parts, follow)
        parent = "/".join(parts[:-1])
        if parent not in self._folders:
            self._folders[parent] = self._walk(parts[:-1], follow=True)
            if len(self._folders) > FOLDERS_KEPT:
                self._folders.popitem(last=False)
        found = self._folders[parent]
        return self._child(found, parts[-1]) if found else None

    def _walk(self, parts: list[str], follow: bool) -> Place | None:
        """Go from the root along names, through links; the last one is followed only if asked."""
        left, here, links = parts[::-1], [self._root()], 0
        while left:
            part = left.pop()
            if part == "..":
                del here[max(1, len(here) - 1) :]
                continue
            found = self._child(here[-1], part)
            if found is None:
                return None
            is_link = (left or follow) and found.files.facts(found.node).kind is FileKind.LINK
            if not is_link:
                here.append(found)
                continue
            links += 1
            if links > MAX_LINKS:
                raise Unreadable("/" + "/".join(parts), f"more than {MAX_LINKS} links")
            target = found.files.target(found.node)
            if target.startswith("/"):
                here = here[:1]
            left += [name for name in reversed(target.split("/")) if name not in ("", ".")]
        return here[-1]

    def _root(self) -> Place:
        files = self.mounts[""]
        return Place(files, files.root(), "")

    def _child(self, folder: Place, name: str) -> Place | None:
        path = f"{folder.path}/{name}"
        mounted = self.mounts.get(path)
        if mounted is not None:
            return Place(mounted, mounted.root(), path)
        if path.count("/") > MOST_DEPTH:
            raise Unreadable(path[:200], f"deeper than {MOST_DEPTH} folders")
        if folder.files.facts(folder.node).kind is not FileKind.FOLDER:
            return None
        node = folder.files.child(folder.node, name)
        return None if node is None else Place(folder.files, node, path)

    def _require_one_place(self, folder: Place) -> None:
        key = (id(folder.files), folder.files.identity(folder.node))
        first = self._first_seen.setdefault(key, folder.path)
        if first.casefold() != folder.path.casefold():
            raise Unreadable(folder.path, f"the folder is also {first or '/'}: the file system is damaged")
