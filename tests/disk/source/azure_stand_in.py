"""Azure Resource Manager and the storage of its snapshots, as far as scanning disks needs them, on loopback.

Shapes: Compute REST reference, "Snapshots" (create or update, grant access, revoke access, delete); Azure Resource
Manager, "Track asynchronous Azure operations", "Throttling Resource Manager requests"; Blob service, "Get Page Ranges".
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
COMPUTE = f"{SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Compute"
MACHINE, DISK, DATA = f"{COMPUTE}/virtualMachines/web-1", f"{COMPUTE}/disks/web-1_os", f"{COMPUTE}/disks/web-1_data"
TOKEN, SIGNATURE = "arm-token", "SECRETsignature"
PAGE = 512 * 1024


class Azure:
    """What the stand-in holds and was asked."""

    def __init__(self, disks: dict[str, bytes]) -> None:
        self.disks = disks
        self.url = ""
        self.tags: dict[str, dict[str, str]] = {}
        """Of each machine and disk."""
        self.snapshots: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []
        self.denied: set[str] = set()
        """Calls that are refused: `PUT snapshots`."""
        self.throttled = 0
        """Calls that are answered with 429 first."""
        self.fails = False
        """Whether operations fail."""
        self.has_status = True
        """Whether operations are told by Azure-AsyncOperation, or by Location alone."""
        self.operations: dict[str, list[dict[str, Any]]] = {}

    def machine(self) -> dict[str, Any]:
        data = [{"lun": 0, "managedDisk": {"id": DATA}}] if DATA in self.disks else []
        profile = {"osDisk": {"osType": "Linux", "managedDisk": {"id": DISK}}, "dataDisks": data}
        return {
            "id": MACHINE,
            "name": "web-1",
            "location": "westeurope",
            "tags": self.tags.get(MACHINE, {}),
            "properties": {"storageProfile": profile},
        }

    def begin(self, output: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        """Answer a long operation: in progress once, then done or failed."""
        name = f"op{len(self.operations)}"
        done = {"status": "Succeeded", "name": name, "properties": {"output": output}}
        failed = {"status": "Failed", "name": name, "error": {"code": "DiskBusy", "message": "no"}}
        self.operations[name] = [{"status": "InProgress", "name": name}, failed if self.fails else done]
        place = f"{self.url}{SUBSCRIPTION}/providers/Microsoft.Compute/locations/westeurope"
        headers = {"Location": f"{place}/results/{name}?api-version=1", "Retry-After": "0"}
        if self.has_status:
            headers["Azure-AsyncOperation"] = f"{place}/operations/{name}?api-version=1"
        return 202, headers, {}

    def answer(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        word = f"{method} {path.rsplit('/', 1)[-1] if method == 'POST' else path.split('/')[-2]}"
        self.calls.append(word)
        if self.throttled:
            self.throttled -= 1
            return 429, {"Retry-After": "0"}, {"error": {"code": "OperationNotAllowed", "message": "slow down"}}
        if word in self.denied:
            return 403, {}, {"error": {"code": "AuthorizationFailed", "message": f"no action at {path}"}}
        if "/operations/" in path or "/results/" in path:
            return self.poll(path)
        if method == "GET" and path == MACHINE:
            return 200, {}, self.machine()
        if method == "GET" and path in self.disks:
            return 200, {}, {"id": path, "tags": self.tags.get(path, {}), "properties": {"diskSizeGB": 30}}
        if method == "GET":
            return 200, {}, {"value": list(self.snapshots.values())}
        return self.change(method, path, body)

    def change(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        if method == "PUT":
            assert body["properties"]["creationData"]["createOption"] == "Copy"
            self.snapshots[path] = {"id": path, "open": False, **body}
            return self.begin({})
        if path.endswith("/beginGetAccess"):
            assert body["access"] == "Read"
            snapshot = path.removesuffix("/beginGetAccess")
            self.snapshots[snapshot]["open"] = True
            return self.begin({"accessSAS": f"{self.url}/blob{snapshot}?sv=2021&sig={SIGNATURE}"})
        if path.endswith("/endGetAccess"):
            self.snapshots[path.removesuffix("/endGetAccess")]["open"] = False
            return self.begin({})
        assert not self.snapshots[path]["open"]
        del self.snapshots[path]
        return self.begin({})

    def poll(self, path: str) -> tuple[int, dict[str, str], Any]:
        left = self.operations[path.rsplit("/", 1)[-1]]
        state = left.pop(0) if len(left) > 1 else left[0]
        if "/operations/" in path:
            return 200, {"Retry-After": "0"}, state
        if state["status"] == "InProgress":
            return 202, {"Retry-After": "0", "Location": f"{self.url}{path}"}, {}
        return 200, {}, state["properties"]["output"]

    def blob(self, path: str) -> bytes:
        snapshot = self.snapshots[path.removeprefix("/blob")]
        assert snapshot["open"]
        return self.disks[snapshot["properties"]["creationData"]["sourceResourceId"]]


def page_list(content: bytes) -> bytes:
    starts = [at for at in range(0, len(content), PAGE) if any(content[at : at + PAGE])]
    ranges = "".join(
        f"<PageRange><Start>{at}</Start><End>{min(at + PAGE, len(content)) - 1}</End></PageRange>" for at in starts
    )
    return f'<?xml version="1.0"?><PageList>{ranges}</PageList>'.encode()


def handler(azure: Azure) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            place = urlsplit(self.path)
            if place.path.startswith("/blob/"):
                self.blob(place.path, parse_qs(place.query))
                return
            length = int(self.headers.get("content-length", 0))
            body = json.loads(self.rfile.read(length)) if length else {}
            if self.headers["authorization"] != f"Bearer {TOKEN}":
                self.send(401, {}, b'{"error": {"code": "InvalidAuthenticationToken"}}')
                return
            status, headers, found = azure.answer(self.command, place.path, body)
            self.send(status, headers, json.dumps(found).encode())

        def blob(self, path: str, asked: dict[str, list[str]]) -> None:
            assert asked["sig"] == [SIGNATURE]
            assert "authorization" not in self.headers
            content = azure.blob(path)
            if asked.get("comp") == ["pagelist"]:
                self.send(200, {}, page_list(content))
                return
            first, last = map(int, self.headers["x-ms-range"].removeprefix("bytes=").split("-"))
            self.send(206, {"Content-Range": f"bytes {first}-{last}/{len(content)}"}, content[first : last + 1])

        def send(self, status: int, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(content))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return

        do_GET = do_PUT = do_POST = do_DELETE = answer  # noqa: N815 - named by http.server

    return Handler


@contextmanager
def serving(azure: Azure, tls: tuple[Path, Path] | None = None) -> Iterator[Azure]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(azure))
    azure.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield azure
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
