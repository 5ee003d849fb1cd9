"""Lists whose rows are assigned to people with long addresses fit a window of 1280 pixels: no column is cut."""

import pytest

from poise.app import governing
from poise.model.governance import OwnerSource, Rule
from poise.web import bundle
from poise.web.server import create_app
from tests.browser import CUT, serving, skip_or_fail
from tests.web.estate import estate

pytestmark = pytest.mark.server

OWNER = "cloud-platform-and-security-operations@department.example.org"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if bundle.missing_assets():
        skip_or_fail(bundle.missing_assets())
    with estate(tmp_path_factory.mktemp("assigned")) as opened:
        rule = Rule(name="everything-is-theirs", priority=1, owner=OwnerSource(address=OWNER), days=1)
        governing.add(opened, rule, "ann")
        with serving(create_app(opened)) as address:
            yield address


@pytest.mark.parametrize("view", ["check", "asset", "flat"])
def test_no_column_of_assigned_rows_is_cut(page, view):
    page.goto(f"/recommendations?view={view}")
    page.wait_for_load_state("networkidle")
    assert page.get_by_text(OWNER).first.is_visible()
    assert page.evaluate(CUT) == []
