"""The store that `poise demo` makes: made once in a run of the tests, whoever asks first, and copied for the others."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from poise.cli.main import run


@pytest.fixture(scope="module")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file of its own, in a folder of its own, in which `poise demo` kept what it found."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "sample-estate" / "demo.db"
    with (shared / "sample-estate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # workers of one run share the folder above theirs
        if not made.exists():
            _make(made)
    copied = tmp_path_factory.mktemp("sample") / made.name
    shutil.copy(made, copied)
    return copied


def _make(file: Path) -> None:
    """Run `poise demo` from nothing; the file has its name only when it is whole."""
    folder = file.with_name("making")
    folder.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.chdir(folder)
        assert run(["demo", "--no-serve", "-q", "--data-dir", str(folder)]) == 0
    assert not list(folder.glob("*-wal")), "the store was not closed"
    (folder / file.name).rename(file)
