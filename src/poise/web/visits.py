"""When this browser was here before: kept in a cookie of the browser, so that a page can say what is new to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fastapi import Request
from starlette.responses import Response

COOKIE = "poise_visits"
PAUSE = timedelta(minutes=30)
"""After so long without a page, coming back is another visit."""
KEPT_S = 400 * 86_400
MIDDLE = "."


def last_visit(request: Request) -> datetime | None:
    """Return when the visit before this one ended; None if there was none."""
    before, seen = _read(request)
    return seen if seen and _is_over(seen) else before


def remember(request: Request, response: Response) -> None:
    """Note in the browser that it is here now."""
    now = datetime.now(UTC)
    before, seen = _read(request)
    if seen and _is_over(seen):
        before = seen
    value = MIDDLE.join(str(int(when.timestamp())) if when else "" for when in (before, now))
    response.set_cookie(COOKIE, value, max_age=KEPT_S, httponly=True, samesite="strict")


def _is_over(seen: datetime) -> bool:
    return datetime.now(UTC) - seen > PAUSE


def _read(request: Request) -> tuple[datetime | None, datetime | None]:
    words = request.cookies.get(COOKIE, "").split(MIDDLE)
    if len(words) != len(("before", "seen")):
        return None, None
    before, seen = (_moment(word) for word in words)
    return before, seen


def _moment(word: str) -> datetime | None:
    if not word.isdecimal() or len(word) > len("1000000000"):
        return None
    return datetime.fromtimestamp(int(word), UTC)
