"""What may change something: requests of this server's pages and of programs, and no more of them than is needed.

Every request that is not a mere question passes here, so that no operation can be forgotten. Browsers say from where a
request comes, in `Origin` and `Sec-Fetch-Site`, and no page can change that; programs say nothing.

Sources: fetch.spec.whatwg.org, "Origin header"; w3.org, "Fetch Metadata Request Headers"; OWASP, Cross-Site Request
Forgery Prevention Cheat Sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUESTIONS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
"""Values of `Sec-Fetch-Site`: a page of this server, or what a person typed."""
MOST_BYTES = 2_000_000
"""Longest body of a request."""
Answer = Callable[[Request, int, str, str], Response]
"""Request, status, title and text -> an answer in the form of its door."""


class OwnOnly:
    """Refuses writes that a page of another site sends, and bodies that are too long."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["method"] in QUESTIONS:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if is_foreign(headers):
            answer = self._answer(Request(scope, receive), 403, "This was sent by a page of another site.", "")
            await answer(scope, receive, send)
            return
        await self.app(scope, _limited(receive), send)


def is_foreign(headers: Headers) -> bool:
    """Whether a page of another site sent a request."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    is_elsewhere = origin is not None and urlsplit(origin).netloc != headers.get("host")
    return is_elsewhere or (site is not None and site not in OWN_SITES)


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > MOST_BYTES:
            raise HTTPException(413, f"At most {MOST_BYTES:,} bytes are taken.")
        return message

    return receive_some
