"""The pages over a small estate, made once."""

import pytest

from tests.web.estate import empty_estate, estate
from tests.web.visitor import visitor_of


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("estate")) as opened:
        yield opened


@pytest.fixture
def visitor(workspace):
    """A visitor of the workspace, also where a module has one of its own."""
    return visitor_of(workspace)


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory):
    """A visitor of a store where nothing was read."""
    with empty_estate(tmp_path_factory.mktemp("empty")) as opened:
        yield visitor_of(opened)
