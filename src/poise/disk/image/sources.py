"""Where images come from: an OCI layout (folder or tarball), a `docker save` tarball, or a registry, by digest.

Sources: OCI image-layout.md, manifest.md, image-index.md; Docker's image specification v1.2 (`manifest.json`); the OCI
distribution specification. Every blob that has a digest is held against it.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

import httpx
import msgspec

from poise.disk.facts.packages.documents import parse_json, table, tables, word
from poise.disk.image.layers import CHUNK, IN_MEMORY, MEDIA_FAILURES, ImageLimits, LayerTree
from poise.disk.tree import FileKind, Tree
from poise.model.errors import BadInput

DIGEST = re.compile(r"sha256:(?P<hex>[0-9a-f]{64})")
MANIFEST_TYPES = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
INDEX_TYPES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
REFERENCE = re.compile(
    r"(?P<host>[\w.-]+(?::\d{1,5})?)/(?P<name>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)@(?P<digest>sha256:[0-9a-f]{64})"
)
DEEPEST = 4


class Image(msgspec.Struct, frozen=True, kw_only=True):
    """An image ready to be read."""

    digest: str
    """Digest of its manifest; of its configuration for a `docker save` tarball, which has no manifest of a registry."""
    names: tuple[str, ...]
    """Names it was saved under."""
    architecture: str
    """`amd64`, `arm64` ...; empty if not stated."""
    created: str | None
    """When it was built; None if not stated."""
    user: str
    """As whom its program runs; empty for root."""
    environment: tuple[str, ...]
    """Its environment, `NAME=value`: to be searched for secrets, never stored."""
    history: tuple[str, ...]
    """Commands that built it: likewise."""
    tree: LayerTree
    """Its files; the caller closes it."""


class Blobs(Protocol):
    """Something that holds blobs by digest."""

    def document(self, digest: str) -> bytes:
        """Return a small blob; raises :class:`BadInput`."""
        ...

    def layer(self, digest: str) -> BinaryIO:
        """Return a blob as a seekable file; raises :class:`BadInput`."""
        ...


class LayoutBlobs:
    """The blobs of an OCI layout in a tree."""

    def __init__(self, tree: Tree, limits: ImageLimits) -> None:
        self._tree, self._limits = tree, limits

    def document(self, digest: str) -> bytes:
        """Return a small blob, held against its digest."""
        with self.layer(digest) as file:
            data = file.read(self._limits.document_bytes + 1)
        return checked(data, digest, self._limits)

    def layer(self, digest: str) -> BinaryIO:
        """Return a blob, held against its digest."""
        path = f"/blobs/{_safe(digest).replace(':', '/')}"
        found = self._tree.facts(path)
        if found is None or found.kind is not FileKind.FILE:
            raise BadInput(f"the blob {digest} is not there")
        file = self._tree.open(path)
        return _held_against(file, digest)


class RegistryBlobs:
    """The blobs of a repository in a registry."""

    def __init__(self, client: httpx.Client, repository: str, limits: ImageLimits) -> None:
        self._client, self._repository, self._limits = client, repository, limits

    def document(self, digest: str) -> bytes:
        """Return a manifest or configuration, held against its digest."""
        for kind in ("manifests", "blobs"):
            data = self._get(kind, digest, self._limits.document_bytes)
            if data is not None:
                with data:
                    return checked(data.read(), digest, self._limits)
        raise BadInput(f"the registry has no {digest} in {self._repository}")

    def layer(self, digest: str) -> BinaryIO:
        """Return a layer, held against its digest."""
        data = self._get("blobs", digest, self._limits.layer_bytes)
        if data is None:
            raise BadInput(f"the registry has no {digest} in {self._repository}")
        return _held_against(data, digest)

    def _get(self, kind: str, digest: str, most: int) -> BinaryIO | None:
        """Return an answer, up to a limit, or None if there is none."""
        accept = {"Accept": ", ".join((*MANIFEST_TYPES, *INDEX_TYPES))} if kind == "manifests" else {}
        kept = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))  # noqa: SIM115
        try:
            with self._client.stream("GET", f"/v2/{self._repository}/{kind}/{_safe(digest)}", headers=accept) as answer:
                if answer.status_code == httpx.codes.NOT_FOUND:
                    return None
                answer.raise_for_status()
                for data in answer.iter_bytes(CHUNK):
                    kept.write(data)
                    if kept.tell() > most:
                        raise BadInput(f"{digest} is larger than {most} bytes")
        except httpx.HTTPError as problem:
            raise BadInput(f"the registry did not give {digest}: {problem}") from problem
        kept.seek(0)
        return kept


def open_layout(tree: Tree, limits: ImageLimits | None = None) -> Iterator[Image]:
    """Yield the images of an OCI layout; raises :class:`BadInput`."""
    bounds = limits or ImageLimits()
    blobs = LayoutBlobs(tree, bounds)
    with tree.open("/index.json") as file:
        index = parse_json(file.read(bounds.document_bytes), "index.json")
    for digest, names in _manifests(blobs, index, DEEPEST):
        yield open_manifest(blobs, digest, names, bounds)


def open_registry(client: httpx.Client, reference: str, limits: ImageLimits | None = None) -> Iterator[Image]:
    """Yield the images behind `host/name@sha256:...`, one for each platform of an index; raises :class:`BadInput`.

    ``client`` is made by the caller with base address, credentials and timeouts: nothing else is spoken to.
    """
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise BadInput(f"{reference!r} names no image by digest", "Give host/name@sha256:<64 hex digits>.")
    bounds = limits or ImageLimits()
    blobs = RegistryBlobs(client, match["name"], bounds)
    descriptor = {"manifests": [{"digest": match["digest"]}]}
    for digest, _ in _manifests(blobs, descriptor, DEEPEST):
        yield open_manifest(blobs, digest, (reference,), bounds)


def open_manifest(blobs: Blobs, digest: str, names: tuple[str, ...], limits: ImageLimits) -> Image:
    """Return the image of a manifest; raises :class:`BadInput`."""
    manifest = parse_json(blobs.document(digest), digest)
    config = parse_json(blobs.document(word(table(manifest, "config"), "digest")), "configuration")
    layers = [word(layer, "digest") for layer in tables(manifest, "layers")]
    return _image(digest, names, config, [(one, partial(blobs.layer, one)) for one in layers], limits)


def open_saved(path: Path, limits: ImageLimits | None = None) -> Iterator[Image]:
    """Yield the images of a tarball: one of `docker save`, or an OCI layout; raises :class:`BadInput`."""
    bounds = limits or ImageLimits()
    with LayerTree(bounds) as tree:
        with path.open("rb") as file:
            tree.add(file, path.name)
        if tree.facts("/manifest.json") is None:
            if tree.facts("/index.json") is None:
                raise BadInput(
                    f"{path.name} holds neither manifest.json nor index.json", "Use `docker save` or an OCI layout."
                )
            yield from open_layout(tree, bounds)
            return
        with tree.open("/manifest.json") as file:
            entries = parse_json(file.read(bounds.document_bytes), "manifest.json")
        for entry in tables({"entries": entries}, "entries"):
            yield _saved(tree, entry, bounds)


def checked(data: bytes, digest: str, limits: ImageLimits) -> bytes:
    """Return a document if it fits its digest and the limit; raises :class:`BadInput`."""
    if len(data) > limits.document_bytes:
        raise BadInput(f"{digest} is larger than {limits.document_bytes} bytes")
    if f"sha256:{hashlib.sha256(data).hexdigest()}" != digest:
        raise BadInput(f"the content of {digest} does not fit its digest")
    return data


def _saved(tree: LayerTree, entry: dict[str, Any], limits: ImageLimits) -> Image:
    with tree.open("/" + word(entry, "Config")) as file:
        data = file.read(limits.document_bytes)
    names, layers = entry.get("RepoTags"), entry.get("Layers")
    ways = [(str(name), partial(tree.open, f"/{name}")) for name in layers] if isinstance(layers, list) else []
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    tags = tuple(str(name) for name in names) if isinstance(names, list) else ()
    return _image(digest, tags, parse_json(data, "configuration"), ways, limits)


def _image(
    digest: str,
    names: tuple[str, ...],
    config: Any,
    layers: Sequence[tuple[str, Callable[[], BinaryIO]]],
    limits: ImageLimits,
) -> Image:
    tree = LayerTree(limits)
    with ExitStack() as on_failure:
        on_failure.push(tree)
        for place, way in layers:
            with way() as blob:
                tree.add(blob, place)
        on_failure.pop_all()
    inner = table(config, "config")
    environment = inner.get("Env")
    return Image(
        digest=digest,
        names=names,
        architecture=word(config, "architecture"),
        created=word(config, "created") or None,
        user=word(inner, "User"),
        environment=tuple(str(one) for one in environment) if isinstance(environment, list) else (),
        history=tuple(word(step, "created_by") for step in tables(config, "history")),
        tree=tree,
    )


def _manifests(blobs: Blobs, index: Any, deepest: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield digest and names of the manifests of an index and of those inside it; attestations are no images."""
    if deepest == 0:
        raise BadInput(f"more than {DEEPEST} indexes inside each other")
    for entry in tables(index, "manifests"):
        annotations = table(entry, "annotations")
        if word(annotations, "vnd.docker.reference.type") == "attestation-manifest":
            continue
        digest = _safe(word(entry, "digest"))
        name = word(annotations, "io.containerd.image.name") or word(annotations, "org.opencontainers.image.ref.name")
        document = parse_json(blobs.document(digest), digest)
        if isinstance(document, dict) and "manifests" in document:
            yield from _manifests(blobs, document, deepest - 1)
        else:
            yield digest, (name,) if name else ()


def _safe(digest: str) -> str:
    if DIGEST.fullmatch(digest) is None:
        raise BadInput(f"{digest[:100]!r} is no SHA-256 digest")
    return digest


def _held_against(file: BinaryIO, digest: str) -> BinaryIO:
    """Return a file from its beginning if its content fits its digest; raises :class:`BadInput`."""
    found = hashlib.sha256()
    try:
        while data := file.read(CHUNK):
            found.update(data)
        file.seek(0)
    except MEDIA_FAILURES as problem:
        raise BadInput(f"{digest} cannot be read: {problem}") from problem
    if f"sha256:{found.hexdigest()}" != digest:
        raise BadInput(f"the content of {digest} does not fit its digest")
    return file
