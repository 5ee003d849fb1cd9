"""Both doors over the same answers: a folder, and a transport that answers in the place of the network."""

from __future__ import annotations

import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from azure.core.pipeline.transport import HttpTransport

from poise.collect.azure import services
from poise.collect.azure.connector import AzureFolder
from poise.collect.azure.reading.live import ArmClient, GivenToken, LiveReader
from poise.collect.azure.reading.settings import AzureSettings
from poise.collect.connector import gather
from poise.model.listing import Collected, ListingState, PartitionKey
from tests.collect.azure.answers import HOME, SUB, TENANT
from tests.collect.azure.more_answers import answers as everything

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
BASE = "https://management.example"


class Response:
    """What the pipeline needs of an answer."""

    def __init__(self, request: Any, status: int, headers: dict[str, str], content: bytes) -> None:
        self.request, self.status_code, self.headers, self.content = request, status, headers, content

    def read(self) -> bytes:
        return self.content


class Cloud(HttpTransport[Any, Any]):
    """Answers from a mapping of path to answer; `say` puts other answers in front, one try each."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {path.lower(): answer for path, answer in answers.items()}
        self.first: dict[str, list[tuple[int, dict[str, str], bytes]]] = defaultdict(list)
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[Any] = []
        self.tokens: set[str] = set()
        self.slept: list[float] = []

    def say(self, path: str, status: int, body: Any, times: int = 1, **headers: str) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.first[path.lower()] += [(status, named, content)] * times

    def send(self, request: Any, **_: Any) -> Response:
        url = urlsplit(request.url)
        path = unquote(url.path)
        self.asked.append((request.method, f"{path}?{url.query}"))
        self.tokens.add(request.headers.get("Authorization", ""))
        if request.content:
            self.bodies.append(json.loads(request.content))
        key = f"{path}?{url.query}".lower() if f"{path}?{url.query}".lower() in self.answers else path.lower()
        if self.first[path.lower()]:
            return Response(request, *self.first[path.lower()].pop(0))
        if key not in self.answers:
            body = {"error": {"code": "ResourceNotFound", "message": "nothing here"}}
            return Response(request, 404, {}, json.dumps(body).encode())
        return Response(request, 200, {}, json.dumps(self.answers[key]).encode())

    def sleep(self, duration: float) -> None:
        self.slept.append(duration)

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass

    def __exit__(self, *_: Any) -> None:
        pass


def client(cloud: Cloud, **settings: Any) -> ArmClient:
    return ArmClient(AzureSettings(base_url=BASE, **settings), GivenToken("secret"), cloud)


def read_live(cloud: Cloud, service: str, **settings: Any) -> Collected:
    with ThreadPoolExecutor(2) as pool:
        reader = LiveReader(client(cloud, **settings), SUB, pool)
        module = services.load()[service]
        return gather(key(service), module.collect(reader), module.READS, NOW)


def read_directory(cloud: Cloud, service: str) -> Collected:
    """Read a service of the tenant through the live door."""
    with ThreadPoolExecutor(2) as pool:
        reader = LiveReader(client(cloud), TENANT, pool, home="")
        module = services.of_tenants()[service]
        named = PartitionKey("azure", "azure", TENANT, service, "global")
        return gather(named, module.collect(reader), module.READS, NOW)


def write_directory(root: Path, answers: dict[str, Any]) -> Path:
    """Write answers of Microsoft Graph as an export: below a folder of the tenant."""
    for path, answer in answers.items():
        file = root / TENANT / f"{path.strip('/')}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(answer))
    return root


def key(service: str) -> PartitionKey:
    return PartitionKey("azure", "azure", SUB, service, "global")


def write_folder(root: Path, answers: dict[str, Any]) -> Path:
    """Write answers as an export: below a folder of the subscription, each at the path of its call."""
    for path, answer in answers.items():
        if path == "/subscriptions":
            continue
        below = path.lower().removeprefix(HOME.lower()).strip("/") or "subscription"
        file = root / SUB / f"{below}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer if isinstance(answer, bytes) else json.dumps(answer).encode())
    return root


def read_folder(root: Path, service: str) -> Collected:
    folder = AzureFolder(root, f"files:{root}", lambda: NOW)
    chosen = next(k for scope in folder.scopes() for k in folder.partitions(scope) if k.service == service)
    return folder.read(chosen)


def changed(path: str, answer: Any) -> Cloud:
    """Return a cloud in which everything can be read, with one answer changed."""
    return Cloud(everything() | {path: answer})


def states(collected: Collected) -> dict[str, ListingState]:
    """Return the last word of each kind -> the state of its listing."""
    return {listing.kind.rsplit("/", 1)[-1]: listing.state for listing in collected.listings}
