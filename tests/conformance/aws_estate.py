"""The AWS estate with known findings, on a real moto server of its own, read by the product through real boto3."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BEDS = Path(__file__).parents[3] / "shared" / "beds"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "x",
    "AWS_DEFAULT_REGION": "eu-west-1",
}


def need(path: Path) -> Path:
    """Return a path of the shared data, or skip with the reason."""
    if not path.exists():
        pytest.skip(f"needs {path.name} of the shared data, which is not beside this project")
    return path


@contextmanager
def running_estate(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Run moto with the estate in a process of its own; yield its address and the names of its things."""
    script = need(BEDS / "aws_estate.py")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([sys.executable, script, "serve", "--dir", folder], stdout=log, stderr=log)
        try:
            _wait_for(folder / "moto.url", process, folder / "log")
            yield (folder / "moto.url").read_text().strip(), json.loads((folder / "facts.json").read_text())
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(file: Path, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 90
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"the estate did not start: {log.read_text()[-2000:]}")
        time.sleep(0.1)


@contextmanager
def s3_control_on_loopback() -> Iterator[None]:
    """Lead names such as 123456789012.127.0.0.1 to 127.0.0.1: S3 Control puts the account before the host."""
    real = socket.getaddrinfo

    def resolve(host, *rest, **more):
        return real("127.0.0.1" if str(host).endswith(".127.0.0.1") else host, *rest, **more)

    socket.getaddrinfo = resolve
    try:
        yield
    finally:
        socket.getaddrinfo = real


@contextmanager
def credentials() -> Iterator[None]:
    """Set made-up AWS credentials for a while."""
    before = {name: os.environ.get(name) for name in CREDENTIALS}
    os.environ.update(CREDENTIALS)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
