"""A slow answer holds up no other request."""

from __future__ import annotations

import inspect
import threading

import httpx
import pytest
from anyio import create_task_group, fail_after
from anyio.from_thread import start_blocking_portal
from fastapi.routing import APIRoute

from poise.api import routes
from poise.app import exemptions, exploring

PATIENCE_S = 20
OWN = {"Origin": "http://localhost"}


def routes_of(app):
    """Return every route of an application, those of included routers too."""
    found, waiting = [], list(app.routes)
    while waiting:
        route = waiting.pop()
        found += [route] if isinstance(route, APIRoute) else []
        inner = getattr(route, "original_router", None) or getattr(route, "router", None)
        waiting += getattr(inner, "routes", ())
    return found


def test_no_function_of_a_page_or_the_api_runs_where_requests_are_taken(visitor):
    # FastAPI runs plain functions in threads and `async` ones in the loop; ours read the store, which waits.
    # https://fastapi.tiangolo.com/async/#path-operation-functions
    found = routes_of(visitor.app)
    assert {"POST", "PUT", "DELETE", "GET"} <= {method for route in found for method in route.methods}
    assert len(found) > 100
    assert [route.path for route in found if inspect.iscoroutinefunction(route.endpoint)] == []


@pytest.mark.parametrize(
    ("module", "name", "request_"),
    [
        (exploring, "explore", ("POST", f"{routes.PREFIX}/query", {"json": {"text": "find bucket"}})),
        (exemptions, "remove", ("POST", "/governance/exemptions", {"data": {"what": "remove"}, "headers": OWN})),
    ],
)
def test_other_requests_are_answered_while_one_waits(visitor, monkeypatch, module, name, request_):
    begun, go_on = threading.Event(), threading.Event()

    def slow(*_arguments, **_more):
        begun.set()
        assert go_on.wait(PATIENCE_S), "nothing was answered meanwhile"
        raise RuntimeError("enough")

    monkeypatch.setattr(module, name, slow)

    async def both() -> int:
        transport = httpx.ASGITransport(visitor.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            async with create_task_group() as group:
                method, path, content = request_

                async def ask() -> None:
                    await client.request(method, path, **content)

                group.start_soon(ask)
                with fail_after(PATIENCE_S):
                    while not begun.is_set():
                        await client.get("/help")
                    status = (await client.get("/help")).status_code
                go_on.set()
            return status

    with start_blocking_portal() as portal:
        assert portal.call(both) == 200
