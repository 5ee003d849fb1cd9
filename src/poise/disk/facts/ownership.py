"""Which files belong to packages of the distribution, and which of those packages have lost all their files.

A language package whose file a distribution package installed is the distribution's: its advisories alone count,
since the distribution mends flaws without changing the language package's version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

import msgspec

from poise.disk.facts.packages.apk import apk_files
from poise.disk.facts.packages.rpm import rpm_files
from poise.disk.facts.reading import Reading
from poise.disk.tree import FileKind, Unreadable
from poise.model.errors import BadInput

DPKG_FOLDERS = ("/var/lib/dpkg/info", "/var/lib/dpkg/status.d")
MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
MOST_LOOKED_AT = 30
UNIMPORTANT = re.compile(
    r"/usr/share/(?:doc|man|locale|info|lintian|bug|doc-base|licenses|help|gtk-doc)/|/usr/lib/\.build-id/"
)
"""Files that small images leave out: a package without them is whole."""


class Ownership(msgspec.Struct, frozen=True):
    """What the file lists of distribution packages say."""

    owned: frozenset[str]
    """Those of the paths asked for that belong to a package."""
    empty: frozenset[tuple[str, str]]
    """Ecosystem and name of packages none of whose files is on disk."""


def read_ownership(reading: Reading, paths: Set[str], files: Set[str]) -> Ownership:
    """Return what the file lists say; ``paths`` are asked for, ``files`` are on disk."""
    merged = {path: f"/usr{path}" for path in MERGED if _is_merged(reading, path)}
    owned: set[str] = set()
    empty: set[tuple[str, str]] = set()
    for ecosystem, name, listed in _lists(reading):
        seen = looked_at = 0
        for path in _leaves(_merged(raw, merged) for raw in listed):
            if path in paths:
                owned.add(path)
            if not seen and looked_at < MOST_LOOKED_AT and not UNIMPORTANT.match(path):
                looked_at += 1
                seen += path in files or _is_there(reading, path)
        if looked_at and not seen:
            empty.add((ecosystem, name))
    return Ownership(frozenset(owned), frozenset(empty))


def _lists(reading: Reading) -> Iterator[tuple[str, str, Iterator[str]]]:
    for ecosystem, lists in (("deb", _dpkg_files), ("rpm", rpm_files), ("apk", apk_files)):
        try:
            for name, paths in lists(reading):
                yield ecosystem, name, paths
        except (Unreadable, BadInput) as problem:
            reading.miss(f"file lists of {ecosystem}", str(problem))


def _dpkg_files(reading: Reading) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield package and files of each list; a list of checksums serves where there is no other."""
    for folder in DPKG_FOLDERS:
        names = reading.folder(folder)
        listed = {name.removesuffix(".list") for name in names if name.endswith(".list")}
        for name in names:
            stem, _, kind = name.rpartition(".")
            if kind == "list":
                yield stem.partition(":")[0], _lines(reading, f"{folder}/{name}", 0)
            elif kind == "md5sums" and stem not in listed:
                yield stem.partition(":")[0], _lines(reading, f"{folder}/{name}", 34)


def _lines(reading: Reading, path: str, start: int) -> Iterator[str]:
    for line in (reading.attempt(path) or "").split("\n"):
        if len(line) > start:
            yield "/" + line[start:].lstrip("/")


def _is_merged(reading: Reading, path: str) -> bool:
    found = reading.tree.facts(path)
    return found is not None and found.kind is FileKind.LINK


def _merged(path: str, merged: dict[str, str]) -> str:
    """Return a path as it is found where `/lib` and its like are links into `/usr`."""
    top = path[: path.find("/", 1)] if path.count("/") > 1 else path
    return merged[top] + path[len(top) :] if top in merged else path


def _leaves(paths: Iterator[str]) -> Iterator[str]:
    """Yield the paths of a list without the folders that hold the next one."""
    last = ""
    for path in paths:
        if last and not path.startswith(last.rstrip("/.") + "/"):
            yield last
        last = path
    if last:
        yield last


def _is_there(reading: Reading, path: str) -> bool:
    """Whether something is at a path: a link or folder, or below a folder that the walk does not enter."""
    try:
        return reading.tree.facts(path) is not None
    except Unreadable:
        return True
