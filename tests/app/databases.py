"""A workspace on SQLite and on PostgreSQL in turn: import ``workspace`` and ``postgres_server`` into a test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from poise.app.workspace import Workspace, open_workspace
from tests.postgres import Server, postgres_server

__all__ = ["postgres_server", "workspace"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def workspace(request: pytest.FixtureRequest, tmp_path, clock) -> Iterator[Workspace]:
    if request.param == "sqlite":
        with open_workspace(tmp_path / "poise.db", clock=clock) as opened:
            yield opened
        return
    server: Server = request.getfixturevalue("postgres_server")
    url = server.new_store()
    with open_workspace(url, clock=clock) as opened:
        yield opened
    server.drop_database(url)
