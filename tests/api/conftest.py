"""The API over the small estate of the pages."""

import pytest

from poise.web.server import create_app
from tests.web.estate import estate
from tests.web.visitor import Visitor


@pytest.fixture(scope="session")
def workspace(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("estate")) as opened:
        yield opened


@pytest.fixture(scope="session")
def caller(workspace):
    return Visitor(create_app(workspace))
