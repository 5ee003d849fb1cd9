"""HTTP calls to places that people name: guarded, without redirects or proxies, with little time and small answers."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec

from poise.notify.delivery import NotDelivered
from poise.notify.guard import Resolver, pinned, resolve

TIMEOUT_S = 15.0
MOST_BYTES = 1_000_000
"""What is read of an answer."""
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which trying again may help."""
MOST_WAIT_S = 6 * 3600.0
ONE_CALL_EACH = httpx.Limits(max_keepalive_connections=0)
"""Connections are known by their address: one that was proven to be a host's would serve another host there."""


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        """Return what it says as JSON. Raises :class:`NotDelivered` for anything else."""
        try:
            return msgspec.json.decode(self.content)
        except (msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise NotDelivered(f"The answer with the code {self.status} is no JSON.") from problem


@dataclass(frozen=True)
class Caller:
    """Makes calls."""

    allowed: tuple[str, ...] = ()
    resolver: Resolver = resolve
    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            trust_env=False, follow_redirects=False, timeout=TIMEOUT_S, limits=ONE_CALL_EACH
        )
    )

    def call(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None = None) -> Answer:
        """Call, and return the answer, of any code. Raises :class:`NotDelivered` if there is none."""
        place = pinned(url, self.allowed, self.resolver)
        request = self.client.build_request(
            method,
            place.url,
            headers={**headers, "Host": place.host_header, "User-Agent": "poise"},
            content=content,
            extensions={"sni_hostname": place.host} if place.scheme == "https" else {},
        )
        begun = time.monotonic()
        try:
            response = self.client.send(request, stream=True)
            try:
                return Answer(response.status_code, _some(response, begun), dict(response.headers))
            finally:
                response.close()
        except httpx.HTTPError as problem:
            # Only the kind of fault: its words may hold the address, and an address may hold a secret.
            raise NotDelivered(f"{place.host} could not be reached: {type(problem).__name__}.") from problem


def _some(response: httpx.Response, begun: float) -> bytes:
    found = bytearray()
    for piece in response.iter_raw():
        found += piece
        if len(found) > MOST_BYTES or time.monotonic() - begun > TIMEOUT_S:
            raise NotDelivered("The answer is too long.")
    return bytes(found)


def require_taken(answer: Answer, whose: str) -> None:
    """Raise :class:`NotDelivered` unless the other side took what was sent."""
    if 200 <= answer.status < 300:
        return
    if 300 <= answer.status < 400:
        raise NotDelivered(f"{whose} answers with a redirect, which is not followed.", is_final=True)
    raise NotDelivered(
        f"{whose} answers with the code {answer.status}.", is_final=answer.status not in AGAIN, wait_s=_wait_s(answer)
    )


def _wait_s(answer: Answer) -> float | None:
    """Return how long the other side asks to wait, in seconds or until a date by its own clock.

    Source: RFC 9110, sections 10.2.3 and 6.6.1.
    """
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdecimal():
        return min(float(asked), MOST_WAIT_S)
    try:
        until, now = (parsedate_to_datetime(text) for text in (asked, answer.headers.get("date", "")))
        return min(max((until - now).total_seconds(), 0.0), MOST_WAIT_S)
    except (ValueError, TypeError):  # no date, or one of the two without a zone
        return None
