"""Runs command lines in this process, in an environment of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from poise.cli.main import run
from poise.model import Asset, replace
from poise.model.asset import to_json
from poise.model.samples.aws import AWS_ACCOUNT, S3_BUCKET

FORMULA = "=cmd|' /C calc'!A0"
REVERSED = "safe\u202egpj.exe"
ESCAPE = "red\x1b[31m"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Poise = Callable[..., Result]


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the person's own settings, credentials and data out, and the network too."""
    import os

    for name in list(os.environ):
        if name.startswith(("POISE_", "AWS_", "AZURE_")) or name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def poise(capsys: pytest.CaptureFixture[str]) -> Poise:
    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call


def bucket(name: str, **changes: Any) -> Asset:
    """A bucket that every check finds healthy, but for what is changed."""
    best = {"mfa_delete": True, "object_lock": True}
    return replace(S3_BUCKET, id=f"arn:aws:s3:::{name}", name=name, **(best | changes))


def export(path: Path, *assets: Asset) -> Path:
    """Write assets in the form of `poise list assets -o json`."""
    path.write_text(json.dumps([{"format_version": 1, **to_json(asset)} for asset in assets]))
    return path


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """A good bucket, a bad one, one with an unread fact, and some that hostile people named."""
    return export(
        tmp_path / "estate.json",
        AWS_ACCOUNT,
        bucket("good"),
        bucket("bad", versioning=None),
        bucket("dark", unread={"versioning": "AccessDenied on s3:GetBucketVersioning"}),
        bucket(FORMULA, versioning=None),
        bucket(REVERSED, versioning=None),
        bucket(ESCAPE, versioning=None),
    )


@pytest.fixture
def scanned(poise: Poise, estate: Path) -> Poise:
    """A command line over a store that holds the estate."""
    assert poise("scan", "files", estate, "-q").code == 0
    return poise
