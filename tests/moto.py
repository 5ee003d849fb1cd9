"""A real moto server for tests: an AWS that answers on loopback, started once a test process.

Use the fixture :func:`moto_url` (``from tests.moto import moto_url``) for its address, and :func:`reset` to throw its
state away. Under pytest-xdist each worker is a process and has a server of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config

START_TIMEOUT_S = 60
ACCOUNT = "123456789012"
"""The account of moto, whoever asks."""
REGION = "eu-west-1"
IMAGE = "ami-0123456789abcdef0"
"""The image of machines: of none that the server has, which it does not mind."""
KEYS = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "x" * 40}
"""Credentials of nobody."""
SERVE = """
import sys, threading
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%d" % server.get_host_and_port(), flush=True)
sys.stdin.read()
server.stop()
"""
"""The child: serves on a port that the system picks, says where, and ends when its parent does."""


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """Start an empty moto server; its address."""
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=os.environ | {"MOTO_EC2_LOAD_DEFAULT_AMIS": "false"},  # thousands, for each account and region
        )
        try:
            assert child.stdout is not None
            url = child.stdout.readline().strip()
            if not url:
                child.wait(START_TIMEOUT_S)
                log.seek(0)
                pytest.fail(f"moto did not start:\n{log.read()[-2000:]}")
            _wait_until_it_answers(url)
            yield url
        finally:
            child.terminate()
            child.wait(10)


def reset(url: str) -> None:
    """Throw away everything in the server."""
    request = urllib.request.Request(f"{url}/moto-api/reset", method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status == 200


def client(url: str, service: str, region: str = REGION):
    """Make a boto3 client of the server."""
    config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    return boto3.client(service, region_name=region, endpoint_url=url, config=config, **KEYS)


def _wait_until_it_answers(url: str) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            urllib.request.urlopen(f"{url}/moto-api/", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
