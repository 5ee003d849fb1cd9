"""Real servers on loopback: HTTP that records, and SMTP that behaves as it is told."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Reply = tuple[int, Any]


@dataclass
class Recorder:
    """Answers by a function, and keeps what it was asked."""

    answer: Callable[[Request], Reply] = lambda request: (200, None)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    url: str = ""


@contextmanager
def http_server(answer: Callable[[Request], Reply] | None = None):
    recorder = Recorder(answer) if answer else Recorder()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, self.rfile.read(length))
            recorder.requests.append(request)
            status, value = recorder.answer(request)
            content = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            for name, text in recorder.headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            return

    for method in ("GET", "POST", "PATCH", "PUT"):
        setattr(Handler, f"do_{method}", Handler.handle_any)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    recorder.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Inbox:
    """What an SMTP server took, and what it says to receivers."""

    replies: dict[str, list[str]] = field(default_factory=dict)
    """Address -> answers to RCPT, one after the other; then 250."""
    data_reply: str = "250 OK"
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    users: dict[str, str] = field(default_factory=dict)
    port: int = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        waiting = self.replies.get(address)
        if waiting:
            return waiting.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if not self.data_reply.startswith("250"):
            return self.data_reply
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return self.data_reply

    def authenticate(self, server, session, envelope, mechanism, data):
        is_right = self.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=is_right, handled=False)


@contextmanager
def smtp_server(inbox: Inbox | None = None, **options: Any):
    inbox = inbox or Inbox()
    if inbox.users:
        options |= {"authenticator": inbox.authenticate, "auth_required": True, "auth_require_tls": False}
    with socket.socket() as free:  # the controller calls the port that it was given
        free.bind(("127.0.0.1", 0))
        inbox.port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port, ready_timeout=10, **options)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()
