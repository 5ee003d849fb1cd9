"""Every test here that asks for a store runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import create_engine

from poise.store import Store, schema
from tests.postgres import Server, postgres_server
from tests.store.estate import SCORING, Clock

__all__ = ["postgres_server"]
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


@pytest.fixture(scope="session")
def used_database(postgres_server: Server) -> str:
    """One database for all tests, emptied after each: faster than a new one."""
    return postgres_server.new_store()


@pytest.fixture(params=DATABASES)
def store_url(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    """The URL of a store without content."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'poise.db'}"
        return
    url = request.getfixturevalue("used_database")
    yield url
    empty(url)


def empty(url: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for table in reversed(schema.metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()


@pytest.fixture(params=DATABASES)
def empty_url(request: pytest.FixtureRequest, tmp_path) -> Iterator[str]:
    """The URL of a database without tables."""
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
