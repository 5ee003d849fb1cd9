"""A publisher of feeds on loopback, over TLS, with entity tags and ranges (RFC 9110), that fails as it is told."""

from __future__ import annotations

import hashlib
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PUBLISHED = "Sun, 16 Aug 2026 06:00:00 GMT"


@dataclass
class Publisher:
    """What is published, what goes wrong, and what was asked."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """Path -> content."""
    troubles: dict[str, list[object]] = field(default_factory=dict)
    """Path -> what goes wrong with each request: a status, an address to lead to, or (bytes to stop after,)."""
    has_tags: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0
    """Bytes of bodies."""

    def tag(self, path: str) -> str:
        return f'"{hashlib.sha256(self.files[path]).hexdigest()[:16]}"'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def do_GET(self) -> None:
        trouble = self.noted()
        if isinstance(trouble, int):
            self.empty(trouble)
        elif isinstance(trouble, str):
            self.empty(302, Location=trouble)
        elif self.path not in self.publisher.files:
            self.empty(404)
        else:
            self.answer(trouble)

    def noted(self) -> object:
        publisher, headers = self.publisher, {name.lower(): text for name, text in self.headers.items()}
        publisher.asked.append((self.path, headers))
        waiting = publisher.troubles.get(self.path) or []
        return waiting.pop(0) if waiting else None

    def answer(self, trouble: object) -> None:
        publisher, headers = self.publisher, self.publisher.asked[-1][1]
        tag = publisher.tag(self.path)
        if publisher.has_tags and headers.get("if-none-match") == tag:
            self.empty(304, ETag=tag)
            return
        whole = publisher.files[self.path]
        place = re.fullmatch(r"bytes=(\d+)-", headers.get("range", ""))
        begin = int(place[1]) if place and headers.get("if-range", tag) == tag else 0
        if begin >= len(whole) > 0:
            self.empty(416)
        else:
            self.content(whole, begin, tag, trouble)

    def content(self, whole: bytes, begin: int, tag: str, trouble: object) -> None:
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(whole) - 1}/{len(whole)}")
        sent = {"ETag": tag, "Last-Modified": PUBLISHED} if self.publisher.has_tags else {}
        for name, text in (sent | self.publisher.headers).items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(whole) - begin))
        self.end_headers()
        body = whole[begin:]
        if isinstance(trouble, tuple):
            body, self.close_connection = body[: trouble[0]], True
        self.publisher.sent += len(body)
        self.wfile.write(body)

    def empty(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


class Quiet(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        return


@contextmanager
def serving(certificate: tuple[str, str] | None) -> Iterator[Publisher]:
    """Serve over TLS with a certificate and its key, in the clear without."""
    publisher = Publisher()
    server = Quiet(("127.0.0.1", 0), type("Own", (Handler,), {"publisher": publisher}))
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    publisher.url = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
    try:
        yield publisher
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
