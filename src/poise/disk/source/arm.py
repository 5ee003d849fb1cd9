"""Calls of Azure Resource Manager that change something, long operations waited for.

Source: Azure Resource Manager documentation, "Track asynchronous Azure operations" and "Throttling Resource Manager
requests".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from poise.disk.source.block import BlockUnread

DONE, FAILED = frozenset({"succeeded"}), frozenset({"failed", "canceled"})
BUSY = frozenset({429, 503})
MOST_POLLS, MOST_TRIES = 720, 6
MOST_WAIT_S = 300.0
"""Longest pause that an answer may ask for."""


@dataclass(frozen=True)
class ArmCalls:
    """Makes calls with a token that is asked for each time."""

    client: httpx.Client
    base_url: str
    token: Callable[[], str]
    sleep: Callable[[float], None]
    step_s: float = 5.0
    """Seconds between two looks at a long operation, where Azure names none."""

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Make a call and wait until it is done; raises `BlockUnread`."""
        address = path if path.startswith(("https://", "http://")) else f"{self.base_url}{path}"
        answer = self._send(method, address, body)
        status, location = answer.headers.get("azure-asyncoperation"), answer.headers.get("location")
        if answer.status_code in (201, 202) and (status or location):
            self._pause(answer)
            return self._operation(status) if status else self._location(str(location))
        found = _object(answer)
        return self._provisioned(address, answer, found) if method == "PUT" else found

    def _operation(self, status: str) -> Mapping[str, Any]:
        for _ in range(MOST_POLLS):
            answer = self._send("GET", status, None)
            found = _object(answer)
            if _is_done(found.get("status"), found.get("error")):
                return found
            self._pause(answer)
        raise BlockUnread("azure", "an operation of Azure did not end")

    def _location(self, location: str) -> Mapping[str, Any]:
        for _ in range(MOST_POLLS):
            answer = self._send("GET", location, None)
            if answer.status_code != httpx.codes.ACCEPTED:
                return _object(answer)
            self._pause(answer)
        raise BlockUnread("azure", "an operation of Azure did not end")

    def _provisioned(self, address: str, answer: httpx.Response, found: Mapping[str, Any]) -> Mapping[str, Any]:
        """Look at what was made until it is there, where no operation tells of it."""
        for _ in range(MOST_POLLS):
            state = (found.get("properties") or {}).get("provisioningState", "succeeded")
            if _is_done(state, None):
                return found
            self._pause(answer)
            answer = self._send("GET", address, None)
            found = _object(answer)
        raise BlockUnread("azure", "an operation of Azure did not end")

    def _send(self, method: str, address: str, body: Mapping[str, Any] | None) -> httpx.Response:
        place, home = urlsplit(address), urlsplit(self.base_url)
        if (place.scheme, place.netloc) != (home.scheme, home.netloc):
            raise BlockUnread("azure", f"Azure leads to {place.netloc}, and the token stays with {home.netloc}")
        about = f"{method} {place.path}"
        answer = self._asked(method, address, body, about)
        for _ in range(MOST_TRIES - 1):
            if answer.status_code not in BUSY:
                break
            self._pause(answer)
            answer = self._asked(method, address, body, about)
        if answer.status_code >= httpx.codes.MULTIPLE_CHOICES:
            raise BlockUnread("azure", f"{about}: status {answer.status_code}, {_code(answer)}")
        return answer

    def _asked(self, method: str, address: str, body: Mapping[str, Any] | None, about: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token()}"}
        try:
            return self.client.request(method, address, headers=headers, json=body, follow_redirects=False)
        except httpx.HTTPError as problem:
            raise BlockUnread("azure", f"{about} was not answered: {type(problem).__name__}") from None

    def _pause(self, answer: httpx.Response) -> None:
        wanted = answer.headers.get("retry-after", "")
        self.sleep(min(float(wanted), MOST_WAIT_S) if wanted.isdecimal() else self.step_s)


def _is_done(state: object, error: object) -> bool:
    """Return whether an operation is done; raises `BlockUnread` if it failed."""
    word = str(state).lower()
    if word in FAILED:
        raise BlockUnread("azure", f"an operation of Azure ended as {word}: {_error(error)}")
    return word in DONE


def _error(error: object) -> str:
    return str(error.get("code")) if isinstance(error, Mapping) and error.get("code") else "no reason given"


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
