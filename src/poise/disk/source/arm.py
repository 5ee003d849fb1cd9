"""Calls of Azure Resource Manager that change something, long operations waited for.

Source: Azure Resource Manager documentation, "Track asynchronous Azure operations".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from poise.disk.source.block import BlockUnread

DONE, FAILED = frozenset({"succeeded"}), frozenset({"failed", "canceled"})
MOST_POLLS = 720


@dataclass(frozen=True)
class ArmCalls:
    """Makes calls with a token that is asked for each time."""

    client: httpx.Client
    base_url: str
    token: Callable[[], str]
    sleep: Callable[[float], None]
    step_s: float = 5.0
    """Seconds between two looks at a long operation."""

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Make a call and wait until it is done; raises `BlockUnread`."""
        answer = self._send(method, path if path.startswith("https://") else f"{self.base_url}{path}", body)
        status = answer.headers.get("azure-asyncoperation")
        location = answer.headers.get("location")
        if answer.status_code not in (201, 202) or not (status or location):
            return _object(answer)
        return self._operation(status) if status else self._location(str(location))

    def _operation(self, status: str) -> Mapping[str, Any]:
        for _ in range(MOST_POLLS):
            found = _object(self._send("GET", status, None))
            state = str(found.get("status", "")).lower()
            if state in DONE:
                return found
            if state in FAILED:
                raise BlockUnread("azure", f"an operation of Azure ended as {state}: {found.get('error', '')}")
            self.sleep(self.step_s)
        raise BlockUnread("azure", "an operation of Azure did not end")

    def _location(self, location: str) -> Mapping[str, Any]:
        for _ in range(MOST_POLLS):
            answer = self._send("GET", location, None)
            if answer.status_code != 202:
                return _object(answer)
            self.sleep(self.step_s)
        raise BlockUnread("azure", "an operation of Azure did not end")

    def _send(self, method: str, address: str, body: Mapping[str, Any] | None) -> httpx.Response:
        place, home = urlsplit(address), urlsplit(self.base_url)
        if (place.scheme, place.netloc) != (home.scheme, home.netloc):
            raise BlockUnread("azure", f"Azure leads to {place.netloc}, and the token stays with {home.netloc}")
        about = f"{method} {place.path}"
        try:
            headers = {"authorization": f"Bearer {self.token()}"}
            answer = self.client.request(method, address, headers=headers, json=body, follow_redirects=False)
        except httpx.HTTPError as problem:
            raise BlockUnread("azure", f"{about} was not answered: {type(problem).__name__}") from None
        if answer.status_code >= 300:
            raise BlockUnread("azure", f"{about}: status {answer.status_code}, {_code(answer)}")
        return answer


def _object(answer: httpx.Response) -> Mapping[str, Any]:
    try:
        found = answer.json() if answer.content else {}
    except ValueError:
        raise BlockUnread("azure", "an answer of Azure is no JSON") from None
    if not isinstance(found, dict):
        raise BlockUnread("azure", "an answer of Azure is no object")
    return found


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"
