"""Errors as pages: not found, wrong input, and what nobody expected. The API's errors are in `poise.api.problems`."""

from __future__ import annotations

import traceback

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from poise.api import problems as api
from poise.model.errors import PoiseError, UsageError
from poise.web import bundle
from poise.web.headers import HEADERS
from poise.web.visit import Visit

log = structlog.get_logger()

NOT_FOUND = (
    "There is nothing at this address",
    "It may have been removed from your cloud since the link was made, or the address is misspelt.",
)
BROKEN = (
    "This page could not be made",
    "Something went wrong that nobody foresaw. Nothing stored was changed. The server's log has the details "
    "under the number of the request.",
)

unbuilt = APIRouter(include_in_schema=False)


@unbuilt.get("/{path:path}")
def say_what_is_missing(path: str) -> Response:
    """Answer every page while the assets are missing."""
    return PlainTextResponse(f"{bundle.missing_assets()}\nThe API works: /api/v1/openapi.json\n", 503)


def handle(app: FastAPI) -> None:
    """Answer errors as a page, or for the API as a problem document."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(PoiseError, _expected)
    app.add_exception_handler(Exception, _unexpected)


async def _http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, HTTPException)
    title, text = NOT_FOUND if problem.status_code == 404 else (str(problem.detail), "")
    return answer(request, problem.status_code, title, text)


async def _invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    if request.url.path.startswith("/api/"):
        return api.invalid(request, problem)
    return answer(request, 404, *NOT_FOUND)  # part of the path is no number, say: nothing can be there


async def _expected(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, PoiseError)
    return answer(request, 400 if isinstance(problem, UsageError) else 503, problem.what, problem.do)


async def _unexpected(request: Request, problem: Exception) -> Response:
    request_id = request.state.request_id
    where = "".join(traceback.format_tb(problem.__traceback__))  # neither message nor values: they may be secret
    log.error("page failed", path=request.url.path, request=request_id, error=type(problem).__name__, where=where)
    response = answer(request, 500, *BROKEN)
    response.headers.update(HEADERS | {"X-Request-Id": request_id})  # this answer passes no middleware
    return response


def answer(request: Request, status: int, title: str, text: str) -> Response:
    """Answer in the form of the door: a page, a problem document for the API, or plain text without assets."""
    if request.url.path.startswith("/api/"):
        return api.problem(request, status, title, text)
    if bundle.missing_assets():
        return PlainTextResponse(f"{title}. {text}\n", status)
    request_id = request.state.request_id if status >= 500 else ""
    try:
        return Visit(request).page("problem.html", status, title=title, text=text, request_id=request_id)
    except PoiseError:  # the store itself is out of reach, so there is no frame to show
        return PlainTextResponse(f"{title}. {text}\n{request_id}\n", status)
