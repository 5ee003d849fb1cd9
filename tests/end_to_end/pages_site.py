"""The pages of the small estate, served for a browser."""

from __future__ import annotations

import pytest

from poise.web import bundle
from poise.web.server import create_app
from tests.browser import serving, skip_or_fail
from tests.web.estate import estate


@pytest.fixture(scope="session")
def pages_workspace(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("estate")) as opened:
        yield opened


@pytest.fixture(scope="session")
def site(pages_workspace):
    if bundle.missing_assets():
        skip_or_fail(bundle.missing_assets())
    with serving(create_app(pages_workspace)) as address:
        yield address
