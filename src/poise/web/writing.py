"""Forms that change something: only from pages of this server, and with the words that people typed."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData

PAGES = "pages"
"""Who is named in the audit log, as there are no accounts."""


def require_own_page(request: Request) -> None:
    """Refuse a form that another site sent: browsers say from where a form comes."""
    origin = request.headers.get("origin")
    if origin is None or urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This form was not sent by a page of this server.")


async def own_form(request: Request) -> FormData:
    """Return a form that a page of this server sent."""
    require_own_page(request)
    return await request.form()


def fields_of(form: FormData) -> dict[str, str]:
    """Return the fields of a form, without its files; of fields of one name the last."""
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _own_fields(request: Request) -> dict[str, str]:
    return fields_of(await own_form(request))


OwnForm = Annotated[FormData, Depends(own_form)]
"""The form, read before a page function begins: that is then a plain one, and runs in a thread of its own."""
OwnFields = Annotated[dict[str, str], Depends(_own_fields)]
"""The texts of the form."""
