"""A real Azurite for tests: an Azure blob service that answers on loopback.

It is a Node program: set POISE_AZURITE to its `azurite-blob` script, or have that in the path.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The emulator's published development key."""
START_TIMEOUT_S = 30


@pytest.fixture(scope="session")
def azurite_url(tmp_path_factory) -> Iterator[str]:
    """Start an empty Azurite; the address of its account."""
    program = os.environ.get("POISE_AZURITE") or shutil.which("azurite-blob")
    if program is None:
        pytest.skip("optional oracle: azurite-blob is not installed (npm package azurite)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("azurite")
    options = ("--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", folder)
    child = subprocess.Popen(
        [program, *options, "--silent", "--skipApiVersionCheck", "--disableTelemetry"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(child, port)
        yield f"http://127.0.0.1:{port}/{ACCOUNT}"
    finally:
        child.terminate()
        child.wait(10)


def _wait(child: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if child.poll() is not None or time.monotonic() > end:
                pytest.fail("azurite did not start")
            time.sleep(0.05)
