"""`poise serve`, for real: it says where, answers there, refuses foreign names, and stops on Ctrl-C."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

import poise as product

SCRIPT = "from poise.cli.main import main; main()"
PATIENCE_S = 60


@pytest.fixture
def served(scanned):
    """A server over the estate; gives the process and its address."""
    environment = {**os.environ, "PYTHONPATH": str(Path(product.__file__).parents[1])}
    command = [sys.executable, "-c", SCRIPT, "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as running:
        line = running.stderr.readline()
        yield running, re.search(r"http://\S+/", line)[0]
        running.kill()


def ask(address: str, **headers: str):
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=PATIENCE_S)


@pytest.mark.server
def test_it_answers_where_it_says_and_stops_on_ctrl_c(served, scanned):
    running, address = served
    total = json.load(ask(f"{address}api/v1/findings"))["total"]
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(f"{address}api/v1/findings", Host="evil.example")
    running.send_signal(signal.SIGINT)
    said = running.stderr.read()

    assert total == len(scanned("list", "findings", "-o", "json").json)
    assert refused.value.code == 400
    assert running.wait(PATIENCE_S) == 0
    assert "Traceback" not in said


def test_a_port_that_is_in_use_is_said(poise):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = poise("serve", "--port", taken.getsockname()[1])

    assert result.code == 2
    assert "the port is in use" in result.err
    assert "--port" in result.err
