"""The web application: pages, the API and the built assets behind one door."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware

import poise
from poise.api import (
    compliance,
    custom_checks,
    deciding,
    entitlements,
    exploring,
    fixing,
    governance,
    groups,
    marking,
    past,
    paths,
    scoring,
)
from poise.api import routes as api
from poise.api.description import Described
from poise.app import queries
from poise.app.graph import GraphCache
from poise.app.path_what_if import EstateCache
from poise.app.workspace import Workspace
from poise.web import bundle, problems
from poise.web.headers import Guarded
from poise.web.kept import Kept
from poise.web.kept_answers import KeptAnswers
from poise.web.limited import ForLimited
from poise.web.own import OwnOnly
from poise.web.pages import routers

GRAPH_WAIT_S = 20.0
"""How long a request waits for the graph to be read or built, before it says that it is not ready."""
COVERAGE_KEPT_S = 5.0
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


def create_app(workspace: Workspace, hosts: Sequence[str] = LOOPBACK) -> FastAPI:
    """Make the application over a workspace.

    ``hosts`` are the names by which browsers may call the server; any other name is refused, so that no foreign
    page can reach it by pointing its own name here. Without built assets the API works and each page says what
    to do: see :func:`poise.web.bundle.missing_assets`.
    """
    app = Described(
        title="Poise",
        version=poise.__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.workspace = workspace
    app.state.estate = EstateCache()
    app.state.simulations = KeptAnswers()
    app.state.graphs = GraphCache(GRAPH_WAIT_S)
    app.state.coverage = Kept(lambda: queries.coverage(workspace), COVERAGE_KEPT_S)
    writing = (
        governance.router,
        compliance.router,
        custom_checks.router,
        deciding.router,
        exploring.router,
        groups.router,
        marking.router,
        scoring.router,
    )
    for each in (past.router, api.router, fixing.router, entitlements.router, paths.router, *writing):
        app.include_router(each, prefix=api.PREFIX)
    if bundle.missing_assets():
        app.include_router(problems.unbuilt)
    else:
        app.mount("/static", bundle.BuiltFiles(directory=bundle.STATIC))
        for router in routers():
            app.include_router(router, include_in_schema=False)
    problems.handle(app)
    if workspace.viewer is not None:
        app.add_middleware(ForLimited, answer=problems.answer)
    app.add_middleware(OwnOnly, answer=problems.answer)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*hosts])
    app.add_middleware(Guarded)
    return app
