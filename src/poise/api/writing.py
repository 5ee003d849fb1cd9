"""What writes of the API share: JSON bodies, and refusing what pages of other sites send."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError

from poise.model.moment import end_of

T = TypeVar("T")
ACTOR = "api"
"""Who is named in the audit log, as there are no accounts."""
MOST_BYTES = 1_000_000


def sent(kind: type[T]) -> Any:
    """Return the dependency that reads the JSON of a request.

    What answers is then a plain function, which runs in a thread of its own: a slow one holds up no other request.
    """

    async def body(request: Request) -> T:
        return await body_of(request, kind)

    return Depends(body)


async def body_of(request: Request, kind: type[T]) -> T:
    """Return the JSON of a request. A form of another site cannot send any."""
    require_own(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send application/json.")
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise HTTPException(413, f"At most {MOST_BYTES:,} bytes are taken.")
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise wrong("body", str(problem)) from problem


def require_own(request: Request) -> None:
    """Refuse what a page of another site sends: browsers say from where it comes, programs say nothing."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This was sent by a page of another site.")


def ending(text: str | None) -> datetime | None:
    """Return when something ends: after the whole of a day, or at a moment; None for never."""
    try:
        return None if text is None else end_of(text)
    except ValueError as problem:
        raise wrong("until", f"{text!r} is no day such as 2027-06-30") from problem


def wrong(name: str, text: str) -> RequestValidationError:
    """Return the error of a request that holds something wrong."""
    found: list[dict[str, Any]] = [{"loc": ("body", name), "msg": text}]
    return RequestValidationError(found)
