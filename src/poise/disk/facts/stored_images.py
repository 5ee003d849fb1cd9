"""The software of container images in Docker's store, read from the layers on the machine's own disk.

Source: Docker's storage page and moby's layer store: `layerdb/sha256/<chain id>/cache-id` names the folder of a
layer in `overlay2`; the chain id of a layer is the SHA-256 of the one below and its own digest. A removed file is a
device node there. A folder that hides those below it is marked by an attribute that no tree shows: such a folder is
read as merged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from poise.disk.facts.engines import DOCKER, read_container_images
from poise.disk.facts.reading import Reading
from poise.disk.tree import FileFacts, FileKind, Tree, Unreadable, resolve
from poise.model.errors import BadInput
from poise.model.host.engines import ContainerImage

DRIVER = "overlay2"
MOST_IMAGES = 200


class OverlayTree:
    """Folders of a tree laid over each other, the lowest first; nothing outside of them is reached."""

    def __init__(self, tree: Tree, layers: list[str]) -> None:
        self._tree = tree
        self._layers = layers[::-1]
        self._folders: dict[tuple[str, str], bool] = {}
        self._parents: dict[str, str | None] = {"": ""}

    def facts(self, path: str) -> FileFacts | None:
        """Return what a path names, or None if there is nothing."""
        found = self._found(path)
        return found[1] if found else None

    def names(self, path: str) -> list[str]:
        """Return the names in a folder, sorted."""
        real = resolve(self, path)
        found = self.facts(real) if real else None
        if real is None or found is None or found.kind is not FileKind.FOLDER:
            raise Unreadable(path, "no such folder")
        folder = real.rstrip("/")
        inside = [layer for layer in self._layers if self._is_folder(layer, folder)]
        names = {name for layer in inside for name in self._tree.names(f"{layer}{folder}")}
        return sorted(name for name in names if self.facts(f"{folder}/{name}"))

    def target(self, path: str) -> str:
        """Return the text of a link."""
        found = self._found(path)
        if found is None:
            raise Unreadable(path, "no such link")
        return self._tree.target(found[0])

    def open(self, path: str) -> BinaryIO:
        """Open a file; links are followed inside the image."""
        real = resolve(self, path)
        found = self._found(real) if real else None
        if found is None or found[1].kind is not FileKind.FILE:
            raise Unreadable(path, "no such file")
        return self._tree.open(found[0])

    def _found(self, path: str) -> tuple[str, FileFacts] | None:
        """Return the place of a path on the machine and what it names, from the highest layer that says something."""
        folder, _, name = path.rstrip("/").rpartition("/")
        if name in ("", ".", ".."):
            return self._layers[0], self._root()
        parent = self._parent(folder)
        for layer in self._layers if parent is not None else ():
            if self._is_folder(layer, parent or ""):
                place = f"{layer}{parent}/{name}"
                found = self._tree.facts(place)
                if found:
                    return None if found.kind is FileKind.OTHER else (place, found)
        return None

    def _parent(self, folder: str) -> str | None:
        if folder not in self._parents:
            real = resolve(self, folder)
            self._parents[folder] = real.rstrip("/") if real else None
        return self._parents[folder]

    def _is_folder(self, layer: str, folder: str) -> bool:
        """Whether a folder is one in a layer, and so is each on the way: a link there would lead out of the image."""
        if (layer, folder) not in self._folders:
            above = folder.rpartition("/")[0]
            found = self._tree.facts(f"{layer}{folder}") if not folder or self._is_folder(layer, above) else None
            self._folders[layer, folder] = found is not None and found.kind is FileKind.FOLDER
        return self._folders[layer, folder]

    def _root(self) -> FileFacts:
        return FileFacts(kind=FileKind.FOLDER, size_bytes=0, mode=0o755, uid=0, gid=0, modified=0)


def stored_images(reading: Reading) -> Iterator[tuple[ContainerImage, OverlayTree]]:
    """Yield each image of the store with its files; one whose layers are not all there is noted and left out."""
    try:
        images = reading.once(read_container_images)
    except (Unreadable, BadInput) as problem:
        reading.miss(DOCKER, str(problem))
        return
    if len(images) > MOST_IMAGES:
        reading.miss(DOCKER, f"more than {MOST_IMAGES} images: the software of the rest is not read")
    for image in images[:MOST_IMAGES]:
        layers = _layers(reading, image)
        if layers:
            yield image, OverlayTree(reading.tree, layers)
        else:
            reading.miss(image.id, "its layers are not all in the store: its software is not read")


def _layers(reading: Reading, image: ContainerImage) -> list[str]:
    """Return the folders of the layers, the lowest first; none if one is missing."""
    found, chain = [], ""
    for digest in image.layers:
        chain = digest if not chain else f"sha256:{hashlib.sha256(f'{chain} {digest}'.encode()).hexdigest()}"
        path = f"{DOCKER}/image/{DRIVER}/layerdb/{chain.replace(':', '/')}/cache-id"
        name = (reading.attempt(path) or "").strip() if "/" not in chain else ""
        folder = f"{DOCKER}/{DRIVER}/{name}/diff"
        if not name.isalnum() or not reading.is_folder(folder):
            return []
        found.append(folder)
    return found
