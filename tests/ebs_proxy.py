"""A door to moto that serves the EBS direct APIs of snapshots that EC2 made, which moto alone does not.

Calls about a snapshot that was never started through EBS are led to one that was; all others pass as they are.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from poise.disk.source.block import BLOCK_BYTES

SNAPSHOT = re.compile(r"snap-[0-9a-f]+")


class EbsDoor:
    """What is led where, and what was asked."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.url = ""
        self.stands_for: dict[str, str] = {}
        """Snapshot of EC2 -> snapshot of EBS."""
        self.default = ""
        """Snapshot of EBS for those that nobody named."""
        self.calls: list[str] = []

    def led(self, path: str) -> str:
        if not path.startswith("/snapshots/"):
            return path
        self.calls.append(path)
        return SNAPSHOT.sub(lambda found: self.stands_for.get(found[0], self.default or found[0]), path)


def prepared(ebs, content: bytes) -> str:
    """Write an image into a new EBS snapshot of 1 GiB."""
    snapshot: str = ebs.start_snapshot(VolumeSize=1)["SnapshotId"]
    for index, start in enumerate(range(0, len(content), BLOCK_BYTES)):
        data = content[start : start + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")
        if any(data):
            checksum = base64.b64encode(hashlib.sha256(data).digest()).decode()
            ebs.put_snapshot_block(
                SnapshotId=snapshot, BlockIndex=index, BlockData=data, DataLength=len(data),
                Checksum=checksum, ChecksumAlgorithm="SHA256",
            )  # fmt: skip
    ebs.complete_snapshot(SnapshotId=snapshot, ChangedBlocksCount=1)
    return snapshot


def handler(door: EbsDoor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def lead(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            connection = HTTPConnection(urlsplit(door.target).netloc, timeout=30)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request(self.command, door.led(self.path), body, headers)
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection", "date", "server"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        def log_message(self, format: str, *args: object) -> None:
            return

        do_GET = do_POST = do_PUT = lead  # noqa: N815 - named by http.server

    return Handler


@contextmanager
def opened(moto_url: str) -> Iterator[EbsDoor]:
    door = EbsDoor(moto_url)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(door))
    door.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
