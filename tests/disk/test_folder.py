"""A folder as a tree: its links never lead out."""

import os

import pytest

from poise.disk.folder import FolderTree
from poise.disk.tree import FileKind, Unreadable, read, resolve
from tests.disk.roots import link, put


def test_links_are_followed_inside_the_folder_alone(tmp_path):
    root = tmp_path / "root"
    put(tmp_path, "secret", "outside")
    put(root, "/secret", "inside")
    link(root, "/a/up", "../../../secret")
    link(root, "/absolute", "/secret")
    link(root, "/folder", "/a")
    tree = FolderTree(root)
    assert read(tree, "/a/up") == b"inside"
    assert read(tree, "/absolute") == b"inside"
    assert read(tree, "/folder/up") == b"inside"
    assert read(tree, "/../secret") == b"inside"
    assert tree.names("/folder") == ["up"]
    found = tree.facts("/folder/up")
    assert found is not None
    assert (found.kind, tree.target("/folder/up")) == (FileKind.LINK, "../../../secret")


def test_loops_and_missing_paths_are_told_apart(tmp_path):
    link(tmp_path, "/loop", "loop")
    tree = FolderTree(tmp_path)
    assert tree.facts("/nothing/at/all") is None
    assert resolve(tree, "/nothing") is None
    with pytest.raises(Unreadable, match="links"):
        resolve(tree, "/loop")
    with pytest.raises(Unreadable):
        tree.open("/loop")
    with pytest.raises(Unreadable):
        tree.names("/nothing")


def test_a_pipe_is_neither_file_nor_folder_and_is_never_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    tree = FolderTree(tmp_path)
    found = tree.facts("/pipe")
    assert found is not None
    assert found.kind is FileKind.OTHER
    assert read(tree, "/pipe") is None
    with pytest.raises(Unreadable):
        tree.open("/pipe")
