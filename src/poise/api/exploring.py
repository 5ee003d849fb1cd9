"""The API of the explorer: queries as JSON or text, counts, ways, ready questions, saved queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from poise.api.answers import Asked, listed, whole
from poise.api.description import many, one
from poise.api.writing import require_own, sent
from poise.app import exploring, saved_queries
from poise.app.graph import GraphCache
from poise.graph.explorer import forms
from poise.model.errors import PoiseError
from poise.model.graph import EdgeKind
from poise.model.query import Query as Asking
from poise.model.saved_query import Watch

router = APIRouter(prefix="/query", tags=["explorer"])
AnAsked = Annotated[Asked, Depends(Asked)]
ACTOR = "api"
"""Who is named in the audit log, as there are no accounts."""
LONGEST = 2048
End = Annotated[str, Query(min_length=1, max_length=LONGEST)]
Kinds = Annotated[Sequence[EdgeKind], Query(max_length=len(EdgeKind), description="Kinds of edges; all if none")]
SAVED_COLUMNS = ("name", "title", "by", "is_shared", "text")


class Posed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query: either `text` or `query`."""

    text: str = ""
    """The text form, or the name of a ready question or saved query."""
    query: Any = None
    """The JSON form."""
    offset: int = 0
    """Rows to leave out at the beginning."""


class Keeping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A query that is to be kept."""

    text: str = ""
    query: Any = None
    title: str = ""
    is_shared: bool = False


@router.post("", **one("Run a query: its rows, with the query in its JSON and text forms."))
def run(asked: AnAsked, posed: Annotated[Posed, sent(Posed)]) -> Response:
    """Run a query."""
    if not 0 <= posed.offset <= 10_000_000:
        raise HTTPException(422, "The offset is out of range.")
    found = exploring.explore(asked.workspace, _query(asked, posed), posed.offset, _graphs(asked.request))
    return whole(asked, exploring.found_json(found))


@router.post("/counts", **one("How many nodes each block of a query finds, in the order in which they are written."))
def counts(asked: AnAsked, body: Annotated[Posed, sent(Posed)]) -> Response:
    """Count the blocks of a query; 10,001 stands for more than 10,000."""
    query = _query(asked, body)
    found = exploring.counts(asked.workspace, query, _graphs(asked.request))
    return whole(asked, {"text": forms.to_text(query), "counts": list(found)})


@router.get("/ways", **one("The shortest ways from one asset to another, at most ten."))
def ways(
    asked: AnAsked,
    source: Annotated[End, Query(alias="from")],
    target: Annotated[End, Query(alias="to")],
    edge: Kinds = (),
) -> Response:
    """Find ways."""
    return whole(asked, exploring.ways(asked.workspace, (source, target), edge, _graphs(asked.request)))


@router.get("/templates", **many("Ready questions, by theme.", {"theme": "Only those of a theme"}))
def templates(asked: AnAsked) -> Response:
    """List the ready questions."""
    rows = [msgspec.to_builtins(each) for each in exploring.ready(asked.reading.word("theme"))]
    return listed(asked, rows, None, ("id", "theme", "title", "text"))


@router.get("/saved", **many("Saved queries.", {}))
def saved(asked: AnAsked) -> Response:
    """List the saved queries."""
    rows = [saved_queries.saved_json(each) for each in saved_queries.saved(asked.workspace)]
    return listed(asked, rows, None, SAVED_COLUMNS)


@router.put("/saved/{name}", **one("Keep a query under a name, in place of the one of that name."))
def keep(name: str, asked: AnAsked, wanted: Annotated[Keeping, sent(Keeping)]) -> Response:
    """Save a query."""
    query = _query(asked, Posed(text=wanted.text, query=wanted.query))
    made = saved_queries.save(asked.workspace, name, query, ACTOR, wanted.title, is_shared=wanted.is_shared)
    return whole(asked, saved_queries.saved_json(made))


@router.delete("/saved/{name}", **one("Remove a saved query, and its check."))
def forget(name: str, asked: AnAsked) -> Response:
    """Remove a saved query."""
    require_own(asked.request)
    asked.find(saved_queries.get, name)
    return whole(asked, saved_queries.saved_json(saved_queries.remove(asked.workspace, name, ACTOR)))


@router.put("/saved/{name}/watch", **one("Make a check of a saved query; it judges from the next scan on."))
def watch(name: str, asked: AnAsked, wanted: Annotated[Watch, sent(Watch)]) -> Response:
    """Watch a saved query."""
    asked.find(saved_queries.get, name)
    return whole(asked, saved_queries.saved_json(saved_queries.watch(asked.workspace, name, wanted, ACTOR)))


@router.delete("/saved/{name}/watch", **one("Make a saved query no check any more."))
def unwatch(name: str, asked: AnAsked) -> Response:
    """Watch a saved query no longer."""
    require_own(asked.request)
    asked.find(saved_queries.get, name)
    return whole(asked, saved_queries.saved_json(saved_queries.watch(asked.workspace, name, None, ACTOR)))


def _graphs(request: Request) -> GraphCache:
    found: GraphCache = request.app.state.graphs
    return found


def _query(asked: Asked, posed: Posed) -> Asking:
    """Return the query of a request; files are read by the command line only."""
    if bool(posed.text) == (posed.query is not None):
        raise HTTPException(422, "Give either `text` or `query`.")
    try:
        if posed.text:
            return exploring.read_posed(asked.workspace, posed.text)
        return forms.from_json(msgspec.json.encode(posed.query))
    except PoiseError as wrong:
        raise HTTPException(422, f"{wrong.what} {wrong.do}".strip()) from wrong
