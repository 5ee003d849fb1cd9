"""Calls an application as a browser or a program would, without a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from bs4 import BeautifulSoup

from poise.app.workspace import Workspace
from poise.web import bundle
from poise.web.server import create_app

HTMX = {"HX-Request": "true"}


@dataclass
class Visitor:
    """Sends requests to an application in the same process."""

    app: Any
    host: str = "localhost"

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a path; header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with start_blocking_portal() as portal:  # a loop of its own: the browser's may be running in this thread
            return portal.call(self._get, path, named)

    def post(self, path: str, fields: dict[str, object], **headers: str) -> httpx.Response:
        """Send a form as a page of this server does; header names are written with underscores."""
        return self.send("POST", path, {"data": fields}, **{"Origin": f"http://{self.host}", **headers})

    def send(self, method: str, path: str, content: dict[str, object], **headers: str) -> httpx.Response:
        """Send anything."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with start_blocking_portal() as portal:
            return portal.call(self._send, method, path, content, named)

    async def _send(self, method: str, path: str, content: Any, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{self.host}") as client:
            return await client.request(method, path, headers=headers, **content)

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{self.host}") as client:
            return await client.get(path, headers=headers)

    def page(self, path: str) -> BeautifulSoup:
        """Ask for a page that must be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code, response.text[:300])
        return BeautifulSoup(response.text, "html.parser")


def visitor_of(workspace: Workspace) -> Visitor:
    """Return a visitor of the pages over a workspace; the test is skipped if the pages were not built."""
    if bundle.missing_assets():
        pytest.skip(bundle.missing_assets())
    return Visitor(create_app(workspace))


def words(element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join(element.get_text(" ").split())


def total(page: BeautifulSoup) -> int:
    """Return the number of rows that a list says it has."""
    said = page.select_one("#results [role=status] strong, .list-head [role=status] strong")
    return int(said.get_text().replace(",", "").rstrip("+")) if said else 0


def count(element) -> int:
    """Return the number that an element shows."""
    return int(element.get_text().split()[0].replace(",", "").rstrip("+"))
