"""Forms that change something: only from pages of this server, and with the words that people typed."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import HTTPException, Request

PAGES = "pages"
"""Who is named in the audit log, as there are no accounts."""


def require_own_page(request: Request) -> None:
    """Refuse a form that another site sent: browsers say from where a form comes."""
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This form was not sent by a page of this server.")


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a form."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}
