"""The files of a host behind SSH as a tree.

One walk of the host tells what every path is. The files that readers of facts are known to want come in one archive;
any other is fetched when it is opened. What a layer of a container image holds is walked when it is first asked for.
"""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from poise.collect.host.listing import Entry, entries
from poise.collect.host.remote_mounts import unwalked
from poise.disk.tree import FileFacts, FileKind, Unreadable, resolve
from poise.model.errors import BadInput

PACKED_BYTES = 256 << 20
"""Most bytes that the archive holds when unpacked."""
LARGEST_PACKED = 8 << 20
"""Files above this size are fetched one by one; package databases apart."""
MOST_PATHS = 4_000_000
"""Paths of one host."""
_WANTED = re.compile(
    r"/etc/.*|/(usr/)?lib/os-release|/usr/lib/(sysctl\.d|pam\.d|systemd/system|sysusers\.d)/.*"
    r"|/(usr/)?lib/apk/db/.*|/var/lib/dpkg/(status|status\.d/.*|info/[^/]+\.(list|md5sums)|arch)"
    r"|/boot/(efi/EFI/[^/]+/)?(grub2?/(grub\.cfg|grubenv|user\.cfg)|loader/entries/[^/]+|loader/loader\.conf)"
    r"|(/root|/home/[^/]+)/(\.ssh/.*|\.bashrc|\.profile|\.bash_profile)|/var/spool/cron/.*"
    r"|/run/sysctl\.d/.*|/usr/local/lib/sysctl\.d/.*|/var/lib/kubelet/config\.yaml"
    r"|.*\.(dist-info|egg-info)/(METADATA|PKG-INFO|RECORD|direct_url\.json)|.*\.egg-info"
    r"|.*/(package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|Pipfile\.lock|uv\.lock|composer\.lock"
    r"|Cargo\.lock|installed\.json|packages\.lock\.json|[^/]+\.deps\.json|[^/]+\.gemspec)"
    r"|.*/node_modules/(@[^/]+/)?[^/]+/package\.json",
    re.DOTALL,
)
_LAYER = re.compile(r"/var/lib/docker/overlay2/[A-Za-z0-9]+/diff(?=/|$)")
"""A folder whose content the first walk leaves out."""
_DATABASES = re.compile(r"/(var/lib|usr/lib/sysimage)/rpm/(Packages|Packages\.db|rpmdb\.sqlite(-wal|-shm)?)")


class Host(Protocol):
    """What the tree asks of a session."""

    def who(self) -> str:
        """Return number of the user, numbers of its groups, system and machine, a line each."""
        ...

    def mounts(self) -> str:
        """Return what is mounted where, as `/proc/mounts` has it."""
        ...

    def walk(self, path: str) -> bytes:
        """Return the listing of a folder and all below it, compressed; that of `/` without the layers of images."""
        ...

    def pack(self, paths: list[str]) -> bytes:
        """Return an archive of some paths, compressed."""
        ...

    def read(self, path: str) -> bytes | None:
        """Return the content of a file, or None."""
        ...

    def link(self, path: str) -> str | None:
        """Return where a link leads, or None."""
        ...


class RemoteTree:
    """The files of one host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._user, self._groups = _ids(host.who())
        self._entries: dict[str, Entry] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        self._content: dict[str, bytes] = {}
        self._left = PACKED_BYTES
        self._layers: dict[str, str] = {}
        self._unwalked = unwalked(host.mounts())
        self._closed = tuple(f"{place}/" for place in self._unwalked)
        self._walk("/")

    def _walk(self, folder: str) -> None:
        """Take in a folder of the host: what every path in it is, and the files that are known to be wanted."""
        most = MOST_PATHS - len(self._entries)
        found = list(entries(_inflated(self._host.walk(folder)), most))
        front = "" if folder == "/" else folder
        new = [entry for entry in found if entry.path == front or entry.path.startswith(f"{front}/")]
        new = [entry for entry in new if entry.path not in self._entries]
        for entry in new:
            if entry.path not in self._entries:
                above, _, name = entry.path.rpartition("/")
                self._names[above or "/"] += [name] if name else []
                self._entries[entry.path] = entry
        self._content |= self._packed(list(self._wanted(new, front)))

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names, or None if there is nothing."""
        entry = self._entry(path)
        if entry is not None:
            return entry.facts
        folder = self._entry(path.rpartition("/")[0] or "/")
        if folder is not None and folder.facts.kind is FileKind.FOLDER and not self._may(folder.facts, 0o1):
            raise Unreadable(path, "permission denied")
        return None

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, sorted."""
        real = resolve(self, path)
        entry = self._entry(real) if real else None
        if real is None or entry is None or entry.facts.kind is not FileKind.FOLDER:
            raise Unreadable(path, "no such folder")
        if real in self._unwalked:
            raise Unreadable(path, self._unwalked[real])
        found = self._names.get(real, [])
        if not found and not self._may(entry.facts, 0o4):
            raise Unreadable(path, "permission denied")
        return sorted(found)

    def target(self, path: str) -> str:
        """Return the text of a link."""
        entry = self._entry(path)
        if entry is None or entry.facts.kind is not FileKind.LINK:
            raise Unreadable(path, "no such link")
        if entry.target is None:
            leads_to = self._host.link(entry.path)
            if leads_to is None:
                raise Unreadable(path, "the host does not say where the link leads")
            entry = Entry(entry.path, entry.facts, leads_to)
            self._entries[entry.path] = entry
        return entry.target or ""

    def open(self, path: str) -> BinaryIO:
        """Open a file; its content is fetched whole."""
        real = resolve(self, path)
        entry = self._entry(real) if real else None
        if real is None or entry is None or entry.facts.kind is not FileKind.FILE:
            raise Unreadable(path, "no such file")
        if real not in self._content:
            if not self._may(entry.facts, 0o4):
                raise Unreadable(path, "permission denied")
            content = self._host.read(real)
            if content is None:
                raise Unreadable(path, "the host does not give it")
            return io.BytesIO(content)
        return io.BytesIO(self._content[real])

    def _entry(self, path: str) -> Entry | None:
        path = path if path == "/" else path.rstrip("/")
        if self._closed and path.startswith(self._closed):
            place = next(place for place in self._unwalked if path.startswith(f"{place}/"))
            raise Unreadable(place, self._unwalked[place])
        layer = _LAYER.match(path)
        if layer and layer[0] in self._entries:
            self._reach(layer[0])
        return self._entries.get(path)

    def _reach(self, layer: str) -> None:
        """Walk a layer of an image if it was not yet; raises :class:`Unreadable` each time if it cannot be."""
        if layer not in self._layers:
            self._layers[layer] = ""
            try:
                self._walk(layer)
            except BadInput as problem:
                self._layers[layer] = problem.what
        if self._layers[layer]:
            raise Unreadable(layer, self._layers[layer])

    def _may(self, facts: FileFacts, bit: int) -> bool:
        """Whether the user's permission bits allow reading (4) or searching (1)."""
        if self._user == 0:
            return True
        shift = 6 if facts.uid == self._user else 3 if facts.gid in self._groups else 0
        return bool(facts.mode >> shift & bit)

    def _packed(self, wanted: list[str]) -> Iterator[tuple[str, bytes]]:
        if not wanted:
            return
        archive = io.BytesIO(_inflated(self._host.pack(wanted)))
        try:
            with tarfile.open(fileobj=archive, mode="r:") as tar:
                for member in tar:
                    file = tar.extractfile(member) if member.isreg() else None
                    if file is not None:
                        yield f"/{member.name.removeprefix('./')}", file.read()
        except (tarfile.TarError, EOFError, ValueError) as problem:
            raise BadInput(f"The host's archive cannot be understood: {problem}.") from problem

    def _wanted(self, found: list[Entry], front: str) -> Iterator[str]:
        """Yield the files to fetch at once, from `./` on: `tar` takes a name that begins with a dash for an option.

        ``front`` is the root of the layer that they are in; empty for the host's own.
        """
        for entry in found:
            path, facts = entry.path, entry.facts
            if facts.kind is not FileKind.FILE or "\n" in path or not self._may(facts, 0o4):
                continue
            inner = path.removeprefix(front)
            is_small = facts.size_bytes <= LARGEST_PACKED and _WANTED.fullmatch(inner)
            if facts.size_bytes <= self._left and (is_small or _DATABASES.fullmatch(inner)):
                self._left -= facts.size_bytes
                yield f".{path}"


def _ids(text: str) -> tuple[int, frozenset[int]]:
    lines = text.split("\n")
    try:
        return int(lines[0]), frozenset(int(word) for word in lines[1].split())
    except (ValueError, IndexError) as problem:
        raise BadInput("The host does not say who signed in.") from problem


def _inflated(data: bytes) -> bytes:
    """Decompress an answer, within bounds."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            found = file.read(4 * PACKED_BYTES + 1)
    except (OSError, EOFError, zlib.error) as problem:
        raise BadInput(f"The host's answer cannot be decompressed: {problem}.") from problem
    if len(found) > 4 * PACKED_BYTES:
        raise BadInput("The host's answer is too large.")
    return found
