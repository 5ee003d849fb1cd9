"""How to call the API: made from its own description, without anything from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from poise.web.visit import AVisit

router = APIRouter()


@router.get("/api/v1/docs")
def docs(visit: AVisit) -> Response:
    """Show every operation with its parameters."""
    described = visit.request.app.openapi()
    operations = [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    host = f"{visit.request.url.scheme}://{visit.request.url.netloc}"
    return visit.page("api.html", operations=operations, host=host)
