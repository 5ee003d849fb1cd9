"""Images in the store of a container engine on the machine."""

import hashlib
import json
import os

import pytest

from poise.disk.facts import read_machine
from poise.disk.facts.engines import UNREAD_STORES
from poise.disk.facts.stored_images import OverlayTree
from poise.disk.folder import FolderTree
from poise.disk.tree import Unreadable, read
from tests.disk.roots import ABOUT, link, put

DOCKER = "/var/lib/docker"
IMAGE = "1" * 64
LAYERS = ["sha256:" + "a" * 64, "sha256:" + "b" * 64]


def store(root, *, complete: bool = True) -> None:
    """Write an image of two layers as Docker keeps it: the upper one replaces the package database."""
    config = {"architecture": "amd64", "rootfs": {"diff_ids": LAYERS}}
    put(root, f"{DOCKER}/image/overlay2/imagedb/content/sha256/{IMAGE}", json.dumps(config))
    names = {"Repositories": {"app": {"app:1": f"sha256:{IMAGE}"}}}
    put(root, f"{DOCKER}/image/overlay2/repositories.json", json.dumps(names))
    upper = hashlib.sha256(" ".join(LAYERS).encode()).hexdigest()
    put(root, f"{DOCKER}/image/overlay2/layerdb/sha256/{'a' * 64}/cache-id", "lower")
    put(root, f"{DOCKER}/overlay2/lower/diff/etc/os-release", "ID=alpine\nVERSION_ID=3.19\n")
    put(root, f"{DOCKER}/overlay2/lower/diff/lib/apk/db/installed", "P:musl\nV:1.0-r0\n\n")
    put(root, f"{DOCKER}/overlay2/lower/diff/opt/requirements.txt", "x==1\n")
    if complete:
        put(root, f"{DOCKER}/image/overlay2/layerdb/sha256/{upper}/cache-id", "upper")
    put(root, f"{DOCKER}/overlay2/upper/diff/lib/apk/db/installed", "P:musl\nV:1.2-r0\n\n")
    (root / f"{DOCKER}/overlay2/upper/diff/opt".lstrip("/")).mkdir()
    os.mkfifo(root / f"{DOCKER}/overlay2/upper/diff/opt/requirements.txt".lstrip("/"))


def test_the_software_of_stored_images_is_read_and_is_not_the_machine_s(tmp_path):
    store(tmp_path)
    facts = read_machine(FolderTree(tmp_path), ABOUT)
    assert facts.software.packages == ()
    (image,) = facts.images
    assert (image.id, image.name, image.machine) == (f"host://test#image/sha256:{IMAGE}", "app:1", "host://test")
    assert image.os.id == "alpine"
    assert [(p.name, p.version) for p in image.packages] == [("musl", "1.2-r0")]


def test_an_image_whose_layers_are_not_all_there_is_a_gap(tmp_path):
    store(tmp_path, complete=False)
    facts = read_machine(FolderTree(tmp_path), ABOUT)
    assert facts.images == ()
    assert [gap.place for gap in facts.machine.gaps] == [f"sha256:{IMAGE}"]


@pytest.mark.parametrize("folder", UNREAD_STORES)
def test_a_store_that_no_reader_opens_is_a_gap(tmp_path, folder):
    put(tmp_path, f"{folder}/something", "x")
    facts = read_machine(FolderTree(tmp_path), ABOUT)
    assert [gap.place for gap in facts.machine.gaps] == [folder]
    assert [gap.place for gap in facts.software.gaps] == [folder]


def test_links_in_a_layer_stay_inside_the_image(tmp_path):
    put(tmp_path, "/etc/secret", "the machine's")
    put(tmp_path, "/layers/a/etc/other", "the image's")
    link(tmp_path, "/layers/a/out", "/etc/secret")
    link(tmp_path, "/layers/b/etc", "/etc")
    tree = OverlayTree(FolderTree(tmp_path), ["/layers/b", "/layers/a"])
    assert read(tree, "/out") is None
    assert read(tree, "/etc/other") == b"the image's"
    assert read(tree, "/etc/secret") is None
    assert tree.names("/") == ["etc", "out"]
    with pytest.raises(Unreadable):
        tree.names("/nothing")
