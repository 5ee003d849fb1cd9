"""Errors of the API as problem documents (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


def problem(request: Request, status: int, title: str, detail: str = "") -> JSONResponse:
    """Make a problem document."""
    content = {
        "type": "about:blank",
        "title": title or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "request": request.state.request_id,
    }
    return JSONResponse(content, status, media_type=MEDIA_TYPE)


def invalid(request: Request, problem_found: RequestValidationError) -> JSONResponse:
    """Say which parameters are wrong, and why."""
    wrong = [f"{'.'.join(str(p) for p in e['loc'][1:])}: {e['msg']}" for e in problem_found.errors()]
    return problem(request, 422, "A parameter is wrong", "; ".join(wrong))
