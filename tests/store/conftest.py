"""Every test here that asks for ``store_url`` or ``open_store`` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from poise.store import Store
from tests.postgres import postgres_server
from tests.store.estate import SCORING, Clock

__all__ = ["postgres_server"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def store_url(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'poise.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    url = server.new_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_store(store_url: str, clock: Clock) -> Iterator[Callable[..., Store]]:
    with ExitStack() as stack:
        yield lambda scoring=SCORING: stack.enter_context(Store.open(store_url, scoring, clock))


@pytest.fixture
def store(open_store: Callable[..., Store]) -> Store:
    return open_store()
