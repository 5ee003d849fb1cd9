"""How the API answers: JSON or CSV by what is accepted, paging by links, an ETag on single things."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from poise.api import tables
from poise.app.parameters import Reading, paging
from poise.app.workspace import Workspace, learn
from poise.model.errors import UsageError
from poise.model.listings import Page, Paging

T = TypeVar("T")
Id = TypeVar("Id", str, int)


class Asked:
    """What a program asked for. A parameter that makes no sense is an error, not a guess."""

    def __init__(self, request: Request) -> None:
        texts: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            texts.setdefault(name, []).append(value)
        self.request = request
        self.workspace: Workspace = request.app.state.workspace
        learn(self.workspace)
        self.reading = Reading(texts)

    def paging(self) -> Paging:
        """Return the part of the list that is wanted."""
        return paging(self.reading)

    def find(self, query: Callable[[Workspace, Id], T], id: Id) -> T:
        """Ask for one thing by its id; where there is none, say so."""
        try:
            return query(self.workspace, id)
        except UsageError as nothing:
            raise HTTPException(404) from nothing

    def refuse_nonsense(self) -> None:
        """Raise the error of a wrong request if anything was not understood."""
        if self.reading.notes:
            raise RequestValidationError([{"loc": ("query",), "msg": note} for note in self.reading.notes])

    def wants(self, media_type: str) -> bool:
        """Whether the caller asks for this form of the answer."""
        return media_type in self.request.headers.get("accept", "")


def listed(asked: Asked, rows: Sequence[tables.Row], page: Page[Any] | None, columns: Sequence[str]) -> Response:
    """Answer with a list; ``page`` says how many rows there are and where the next part begins."""
    asked.refuse_nonsense()
    total = page.total if page else len(rows)
    headers = {"X-Total-Count": str(total), "Vary": "Accept"}
    if page and page.cursor:
        following = asked.request.url.include_query_params(cursor=page.cursor)
        headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
    if asked.wants("text/csv"):
        return Response("".join(tables.to_csv(rows, columns)), headers=headers, media_type="text/csv")
    content = {"total": total, "rows": rows, "next": page.cursor if page else None}
    return Response(msgspec.json.encode(content), headers=headers, media_type="application/json")


def whole(asked: Asked, thing: Mapping[str, Any]) -> Response:
    """Answer with one thing; a caller that has it already is told so."""
    asked.refuse_nonsense()
    content = msgspec.json.encode(thing)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    if asked.request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return Response(content, headers={"ETag": etag}, media_type="application/json")
