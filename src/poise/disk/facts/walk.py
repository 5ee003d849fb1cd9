"""One walk over a tree: what has special permissions, and which files name packages or may hold secrets."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.disk.facts.reading import Reading, to_mode
from poise.disk.tree import FileFacts, FileKind, Unreadable
from poise.model.host.system import FileMode

NOT_ENTERED = frozenset(
    (
        "/proc", "/sys", "/dev", "/run", "/var/run", "/lost+found", "/snap",
        "/usr/share/doc", "/usr/share/man", "/usr/share/locale", "/usr/share/zoneinfo", "/usr/share/info",
        "/var/lib/docker", "/var/lib/containerd", "/var/lib/containers/storage", "/var/lib/dpkg/info",
        "/var/lib/kubelet/pods", "/Windows/WinSxS", "/Windows/servicing", "/System Volume Information",
    )
)  # fmt: skip
"""Kernel file systems, documentation, and the stores of container engines, whose files are not the machine's own."""


class Walked(msgspec.Struct):
    """What a walk saw."""

    files: list[tuple[str, FileFacts]]
    """Every file, in order."""
    special: list[FileMode]
    """Setuid and setgid files."""
    writable: list[FileMode]
    """Files and folders that everybody may write."""
    owners: dict[tuple[int, int], FileMode]
    """Owner and group -> the first thing that has them."""


def read_walk(reading: Reading) -> Walked:
    """Walk the tree from its root."""
    seen = Walked([], [], [], {})
    most = reading.limits.entries
    for path, facts in walk(reading):
        if facts.kind is FileKind.FILE:
            seen.files.append((path, facts))
            if facts.mode & 0o6000 and len(seen.special) < most:
                seen.special.append(to_mode(path, facts))
        if facts.kind in (FileKind.FILE, FileKind.FOLDER) and facts.mode & 0o002 and len(seen.writable) < most:
            seen.writable.append(to_mode(path, facts))
        if facts.has_mode and (facts.uid, facts.gid) not in seen.owners:
            seen.owners[facts.uid, facts.gid] = to_mode(path, facts)
    for name, found in (("setuid files", seen.special), ("world-writable files", seen.writable)):
        if len(found) == most:
            reading.miss(name, f"more than {most}: the rest is not listed")
    return seen


def walk(reading: Reading) -> Iterator[tuple[str, FileFacts]]:
    """Yield everything below the root with its facts, links not followed, folders before what they hold."""
    waiting = [("", 0)]
    count = 0
    while waiting:
        folder, depth = waiting.pop()
        inside: list[tuple[str, int]] = []
        for path, facts in _entries(reading, folder):
            count += 1
            if count > reading.limits.files:
                reading.miss("files", f"more than {count - 1} files: the rest is not walked")
                return
            yield path, facts
            if facts.kind is FileKind.FOLDER and path not in NOT_ENTERED:
                inside.append((path, depth + 1))
        if inside and depth == reading.limits.depth:
            reading.miss(folder, f"more than {depth} folders inside each other: not entered")
        else:
            waiting += reversed(inside)


def _entries(reading: Reading, folder: str) -> Iterator[tuple[str, FileFacts]]:
    try:
        names = reading.tree.names(folder or "/")
    except Unreadable as problem:
        reading.miss(folder or "/", problem.reason)
        return
    for name in names:
        path = f"{folder}/{name}"
        try:
            facts = reading.tree.facts(path)
        except Unreadable as problem:
            reading.miss(path, problem.reason)
            continue
        if facts:
            yield path, facts
