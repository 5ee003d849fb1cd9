"""Places that a store cannot be in, and disks that are full."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poise.model.errors import BadInput, StoreError
from poise.model.listings import AssetFilter
from poise.store import Store, database
from tests.store.estate import OTHER, bucket, collected, key, write


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may look into."""
    made = Path(tempfile.mkdtemp(prefix="poise-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Work as a user without rights: root may write into read-only folders."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_is_said_with_its_place_and_what_to_do(folder: Path):
    folder.chmod(0o555)
    with as_nobody(), pytest.raises(StoreError) as caught:
        Store.open(folder / "poise.db")
    assert f"{folder}/poise.db" in caught.value.what
    assert "--db" in caught.value.do


def test_a_read_only_file_is_said_and_left_as_it_is(folder: Path):
    path = folder / "poise.db"
    Store.open(path).close()
    path.chmod(0o444)
    before = path.read_bytes()
    with as_nobody(), pytest.raises(StoreError, match="cannot be written"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_folder_in_the_place_of_the_file_is_said(folder: Path):
    with pytest.raises(StoreError, match="cannot be written"):
        Store.open(folder)


def test_a_full_disk_loses_nothing_that_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "poise.db"
    with Store.open(path) as store:
        write(store, collected([bucket("old")]))
        pages = path.stat().st_size // 8192 + 60
    monkeypatch.setattr(database, "PRAGMAS", [*database.PRAGMAS, f"PRAGMA max_page_count = {pages}"])
    with Store.open(path) as store:
        policy = {"Sid": os.urandom(2_000_000).hex()}
        with pytest.raises(StoreError, match="disk is full"):
            write(store, collected([bucket("old"), bucket("huge", policy=policy)]))
        assert [asset.name for asset in store.assets.load("aws")] == ["old"]
        assert store.recount()


def test_an_asset_of_another_scope_is_refused(store: Store):
    with pytest.raises(BadInput, match=OTHER):
        write(store, collected([bucket("a", scope=OTHER)]))
    assert store.assets.count(None, AssetFilter()) == 0


def test_names_that_databases_dislike_are_stored(store: Store):
    names = ["nul\0byte", "\u202eright-to-left", "<script>", "x" * 300, "'; DROP TABLE asset; --", "\U0001f480"]
    assets = [bucket(name) for name in names]
    write(store, collected(assets))
    assert {asset.name for asset in store.assets.load("aws")} == set(names)
    assert {row.asset.name for row in store.assets.page(None, AssetFilter()).rows} == {
        name.replace("\0", "\ufffd") for name in names
    }


def test_a_document_of_many_megabytes_is_stored(store: Store):
    asset = bucket("a", policy={"Sid": "s" * 50_000_000})
    write(store, collected([asset]))
    assert list(store.assets.load("aws")) == [asset]


def test_one_partition_never_touches_another(store: Store):
    write(store, collected([bucket("a")], key(region="r1")))
    write(store, collected([bucket("b")], key(region="r2")))
    write(store, collected([bucket("c")], key(region="r1", source="files:export")))
    write(store, collected([], key(region="r2")))
    assert [asset.name for asset in store.assets.load("aws")] == ["a"]
    assert [asset.name for asset in store.assets.load("files:export")] == ["c"]
