"""The pages over a small estate, made once."""

import pytest

from poise.web import bundle
from poise.web.server import create_app
from tests.web.estate import empty_estate, estate
from tests.web.visitor import Visitor


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("estate")) as opened:
        yield opened


@pytest.fixture(scope="session")
def visitor(workspace):
    if bundle.missing_assets():
        pytest.skip(bundle.missing_assets())
    return Visitor(create_app(workspace))


@pytest.fixture(scope="session")
def newcomer(tmp_path_factory):
    """A visitor of a store where nothing was read."""
    if bundle.missing_assets():
        pytest.skip(bundle.missing_assets())
    with empty_estate(tmp_path_factory.mktemp("empty")) as opened:
        yield Visitor(create_app(opened))
