"""The layers of an image as one tree, read from their tar archives without unpacking.

Source: the OCI image specification, layer.md: later layers win; a file `.wh.NAME` removes NAME of the layers below, and
`.wh..wh..opq` everything below in its folder. Links stay inside the image: paths are resolved by the tree's own rules.
"""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO, cast

import msgspec
import zstandard

from poise.disk.stretch import Stretch
from poise.disk.tree import FileFacts, FileKind, Unreadable, resolve
from poise.model.errors import BadInput

WHITEOUT, OPAQUE = ".wh.", ".wh..wh..opq"
MEDIA_FAILURES = (
    tarfile.TarError,
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    ValueError,
    OverflowError,
)
IN_MEMORY = 64 << 20
CHUNK = 1 << 20


class ImageLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds of one image."""

    layers: int = 256
    """Layers."""
    members: int = 3_000_000
    """Files, folders and links of all layers."""
    layer_bytes: int = 16 << 30
    """Of all layers, unpacked."""
    document_bytes: int = 8 << 20
    """Of one manifest or configuration."""


class _Node(msgspec.Struct):
    """A path of the image."""

    facts: FileFacts
    layer: int
    target: str = ""
    offset: int = -1


class LayerTree:
    """The merged files of an image. Use it as a context: it holds unpacked layers in temporary files."""

    def __init__(self, limits: ImageLimits | None = None) -> None:
        self._limits = limits or ImageLimits()
        self._layers: list[BinaryIO] = []
        root = FileFacts(kind=FileKind.FOLDER, size_bytes=0, mode=0o755, uid=0, gid=0, modified=0)
        self._nodes: dict[str, _Node] = {"/": _Node(root, -1)}
        self._names: dict[str, set[str]] = {"/": set()}
        self._bytes = 0

    def __enter__(self) -> LayerTree:
        return self

    def __exit__(self, *_: object) -> None:
        for layer in self._layers:
            layer.close()

    def add(self, blob: BinaryIO, place: str) -> None:
        """Lay one layer over those before; raises :class:`BadInput` if it is not sound or a limit is reached."""
        if len(self._layers) == self._limits.layers:
            raise BadInput(f"{place}: more than {self._limits.layers} layers")
        layer = self._unpacked(blob, place)
        self._layers.append(layer)
        try:
            with tarfile.open(fileobj=layer, mode="r:") as archive:
                self._take(archive, place)
        except MEDIA_FAILURES as problem:
            raise BadInput(f"{place} is no sound layer: {problem}") from problem

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names, or None if there is nothing."""
        node = self._node(path)
        return node.facts if node else None

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, sorted."""
        real = resolve(self, path)
        if real is None or real not in self._names:
            raise Unreadable(path, "no such folder")
        return sorted(self._names[real])

    def target(self, path: str) -> str:
        """Return the text of a link."""
        node = self._node(path)
        if node is None or node.facts.kind is not FileKind.LINK:
            raise Unreadable(path, "no such link")
        return node.target

    def open(self, path: str) -> BinaryIO:
        """Open a file; links are followed inside the image."""
        real = resolve(self, path)
        node = self._nodes.get(real) if real else None
        if node is None or node.facts.kind is not FileKind.FILE:
            raise Unreadable(path, "no such file")
        raw = Stretch(self._layers[node.layer], node.offset, node.facts.size_bytes)
        return io.BufferedReader(raw)

    def _node(self, path: str) -> _Node | None:
        plain = "/" + path.strip("/")
        if plain in self._nodes:
            return self._nodes[plain]
        folder, _, name = plain.rpartition("/")
        if not folder or name in ("", ".", ".."):
            return None
        real = resolve(self, folder)
        return self._nodes.get(f"{real.rstrip('/')}/{name}") if real else None

    def _unpacked(self, blob: BinaryIO, place: str) -> BinaryIO:
        kept = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
        try:
            stream = _inflated(blob)
            while data := stream.read(CHUNK):
                self._bytes += len(data)
                if self._bytes > self._limits.layer_bytes:
                    raise BadInput(f"{place}: the layers unpack to more than {self._limits.layer_bytes} bytes")
                kept.write(data)
        except MEDIA_FAILURES as problem:
            raise BadInput(f"{place} cannot be unpacked: {problem}") from problem
        kept.seek(0)
        return kept

    def _take(self, archive: tarfile.TarFile, place: str) -> None:
        """Apply the members of a layer; what it removes is what lies below it, never its own files."""
        number = len(self._layers) - 1
        for member in archive:
            path = _plain(member.name)
            if path is None:
                continue
            folder, _, name = path.rpartition("/")
            if name == OPAQUE:
                self._remove_inside(folder or "/", number)
            elif name.startswith(WHITEOUT):
                self._remove(f"{folder}/{name.removeprefix(WHITEOUT)}", number)
            else:
                self._put(path, member, number)
            if len(self._nodes) > self._limits.members:
                raise BadInput(f"{place}: more than {self._limits.members} files")

    def _put(self, path: str, member: tarfile.TarInfo, number: int) -> None:
        node = self._to_node(member, number)
        if node is None:
            return
        here = self._nodes.get(path)
        if here and here.facts.kind is FileKind.FOLDER and node.facts.kind is not FileKind.FOLDER and path != "/":
            self._remove(path, number + 1)
        if path != "/":
            self._name(path)
        self._nodes[path] = node
        if node.facts.kind is FileKind.FOLDER:
            self._names.setdefault(path, set())

    def _name(self, path: str) -> None:
        """Enter a path in its folder; a folder that no member states is made."""
        while path != "/":
            folder, _, name = path.rpartition("/")
            folder = folder or "/"
            if name in self._names.get(folder, ()):
                return
            self._names.setdefault(folder, set()).add(name)
            if folder not in self._nodes:
                self._nodes[folder] = _Node(self._nodes["/"].facts, -1)
            path = folder

    def _to_node(self, member: tarfile.TarInfo, number: int) -> _Node | None:
        if member.islnk():
            return self._nodes.get(_plain(member.linkname) or "")
        kinds = ((member.isreg(), FileKind.FILE), (member.isdir(), FileKind.FOLDER), (member.issym(), FileKind.LINK))
        facts = FileFacts(
            kind=next((kind for fits, kind in kinds if fits), FileKind.OTHER),
            size_bytes=member.size if member.isreg() else 0,
            mode=member.mode & 0o7777,
            uid=member.uid,
            gid=member.gid,
            modified=int(member.mtime),
        )
        return _Node(facts, number, member.linkname if member.issym() else "", member.offset_data)

    def _remove(self, path: str, before: int) -> None:
        """Remove a path and what is inside, of layers before a number."""
        node = self._nodes.get(path)
        if node is None or path == "/":
            return
        self._remove_inside(path, before)
        if node.layer < before and not self._names.get(path):
            del self._nodes[path]
            self._names.pop(path, None)
            folder, _, name = path.rpartition("/")
            self._names.get(folder or "/", set()).discard(name)

    def _remove_inside(self, folder: str, before: int) -> None:
        for path in sorted(self._below(folder), key=len, reverse=True):
            node = self._nodes[path]
            if node.layer < before and not self._names.get(path):
                del self._nodes[path]
                self._names.pop(path, None)
                above, _, name = path.rpartition("/")
                self._names[above or "/"].discard(name)

    def _below(self, folder: str) -> Iterator[str]:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            for name in self._names.get(here, ()):
                path = f"{here.rstrip('/')}/{name}"
                yield path
                waiting.append(path)


def _plain(name: str) -> str | None:
    """Return the path of a member, or None if it leaves the image."""
    parts: Sequence[str] = [part for part in name.split("/") if part not in ("", ".")]
    return None if ".." in parts else "/" + "/".join(parts)


def _inflated(blob: BinaryIO) -> BinaryIO:
    head = blob.read(6)
    blob.seek(0)
    if head[:2] == b"\x1f\x8b":
        return cast("BinaryIO", gzip.GzipFile(fileobj=blob, mode="rb"))
    if head[:4] == b"\x28\xb5\x2f\xfd":
        return cast("BinaryIO", zstandard.ZstdDecompressor().stream_reader(blob, read_across_frames=True))
    return cast("BinaryIO", lzma.LZMAFile(blob)) if head[:6] == b"\xfd7zXZ\0" else blob
