"""The API of checks in CEL that the store keeps: try, keep, list, remove."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.api.writing import ACTOR, require_own, wrong
from poise.app import writing_checks as writing
from poise.assess.custom.definition import MAX_BYTES
from poise.model.errors import BadInput

router = APIRouter(prefix="/custom-checks", tags=["checks"])
AnAsked = Annotated[Asked, Depends(Asked)]
COLUMNS = ("name", "text")


async def _text(request: Request) -> str:
    """Return the body of a request, a definition as TOML."""
    require_own(request)
    content = await request.body()
    if len(content) > MAX_BYTES:
        raise HTTPException(413, f"A check may have {MAX_BYTES:,} bytes.")
    try:
        return content.decode()
    except UnicodeDecodeError as problem:
        raise wrong("body", f"Byte {problem.start} is not UTF-8.") from problem


AText = Annotated[str, Depends(_text)]


@router.get("", **many("The checks in CEL that the store keeps, as TOML.", {}))
def custom_checks(asked: AnAsked) -> Response:
    """List them."""
    rows = [{"name": name, "text": text} for name, text in writing.written(asked.workspace).items()]
    return listed(asked, rows, None, COLUMNS)


@router.post("/{name}/try", **one("Compile a check given as TOML and judge its examples. Nothing is kept."))
def try_out(name: str, asked: AnAsked, text: AText) -> Response:
    """Try a check."""
    try:
        return whole(asked, writing.tried_json(name, writing.try_out(asked.workspace, name, text)))
    except BadInput as problem:
        raise _told(problem) from problem


@router.put("/{name}", **one("Keep a check given as TOML; what is wrong in it is told with line and column."))
def keep(name: str, asked: AnAsked, text: AText) -> Response:
    """Keep a check; it judges from the next scan on."""
    try:
        return whole(asked, writing.tried_json(name, writing.keep(asked.workspace, name, text, ACTOR)))
    except BadInput as problem:
        raise _told(problem) from problem


@router.delete("/{name}", **one("Remove a check that the store keeps, and what it found."))
def remove(name: str, asked: AnAsked) -> Response:
    """Remove a check."""
    require_own(asked.request)
    asked.find(writing.get, name)
    writing.remove(asked.workspace, name, ACTOR)
    return whole(asked, {"removed": name})


def _told(problem: BadInput) -> Exception:
    return wrong("body", f"{problem.what} {problem.do}".strip())
