"""Ctrl-C in the middle of a scan, for real: calls hang, the process ends, and what was read is kept."""

import os
import signal
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import poise as product

HANGS_FOR_S = 60
"""Far longer than the process may need to end."""
IDENTITY = b"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/reader</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
SCRIPT = "from poise.cli.main import main; main()"


@pytest.fixture
def hanging_cloud():
    """Say who asks, refuse the alias, and let every other call hang; tell when one does."""
    hangs, ended = threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if b"GetCallerIdentity" in body:
                self._answer(200, IDENTITY)
            elif b"ListAccountAliases" in body:
                self._answer(403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
            else:
                hangs.set()
                ended.wait(HANGS_FOR_S)

        do_GET = do_POST  # noqa: N815 - named by the library

        def _answer(self, status, body):
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", hangs
    ended.set()
    server.shutdown()
    server.server_close()


@pytest.mark.server
def test_ctrl_c_ends_a_scan_whose_calls_hang(hanging_cloud, tmp_path, poise):
    address, hangs = hanging_cloud
    source = str(Path(product.__file__).parents[1])
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}  # of no account
    command = ["scan", "aws", "--endpoint-url", address, "--region", "eu-west-1", "--db", str(tmp_path / "one.db")]
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *command],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **keys, "PYTHONPATH": source},
    ) as running:
        assert hangs.wait(HANGS_FOR_S)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=HANGS_FOR_S / 2)

    assert running.returncode == 130, said
    assert "Interrupted" in said
    assert "Traceback" not in said
    (scan,) = poise("list", "scans", "--db", tmp_path / "one.db", "-o", "json").json
    assert scan["state"] == "partial"
    assert scan["finished"]
