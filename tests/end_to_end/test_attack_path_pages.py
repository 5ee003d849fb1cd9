"""Attack paths in a real browser: both themes, a narrow window, the keyboard, the picture and its list."""

import json

import pytest

from poise.app import path_lists
from poise.app.path_lists import PathFilter
from poise.web import bundle
from poise.web.server import create_app
from tests.browser import serving, skip_or_fail
from tests.web.path_estate import BUCKET, path_estate

pytestmark = pytest.mark.server

SCREENS = {
    "list": "/attack-paths",
    "no match": "/attack-paths?q=nothing-says-this",
    "choke points": "/attack-paths?view=points",
    "top fixes": "/attack-paths?view=fixes",
    "path": "PATH",
    "fixes": "PATH?tab=fixes",
    "what if": "PATH?tab=fixes&fix=1",
    "history": "PATH?tab=history",
    "simulate": "/simulate",
    "simulated": "/simulate?change=fix:ID",
    "overview": "/",
    "recommendations": "/recommendations",
}


@pytest.fixture(scope="module")
def paths_workspace(tmp_path_factory):
    with path_estate(tmp_path_factory.mktemp("paths")) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(paths_workspace):
    if bundle.missing_assets():
        skip_or_fail(bundle.missing_assets())
    with serving(create_app(paths_workspace)) as address:
        yield address


@pytest.fixture(scope="module")
def path(paths_workspace):
    (found,) = path_lists.listed(paths_workspace, PathFilter())
    return found["id"]


def drawn(page, path, rest=""):
    """Open a path and wait until its picture is drawn."""
    page.goto(f"/attack-paths/{path}{rest}")
    page.wait_for_selector('[data-graph][data-ready="1"]')


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_accessible_in_both_themes_and_fits_a_narrow_window(reader, path, name):
    reader.assert_holds(SCREENS[name].replace("PATH", f"/attack-paths/{path}").replace("ID", path))


def test_a_step_shows_what_proves_it_and_a_place_is_in_the_address(page, path):
    drawn(page, path)
    page.locator(".path-step").nth(1).click()
    assert "CVE-2026-1111" in page.locator("[data-graph-panel]").inner_text()
    page.locator(f'[data-graph-node="{BUCKET}"]').first.click()
    assert BUCKET in page.locator("[data-graph-panel]").inner_text()
    assert "#node=" in page.url


def test_a_deep_link_selects_its_place(page, path):
    drawn(page, path, f"#node={BUCKET}")
    assert BUCKET in page.locator("[data-graph-panel]").inner_text()


def test_arrow_keys_walk_the_picture(page, path):
    drawn(page, path)
    page.locator("[data-graph-canvas]").focus()
    page.keyboard.press("ArrowRight")
    first = page.url
    page.keyboard.press("ArrowRight")
    assert "#node=" in first
    assert page.url != first
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.hasAttribute('data-graph-panel')")


def test_the_picture_is_saved_as_a_file(page, path):
    drawn(page, path)
    for form in ("svg", "json"):
        with page.expect_download() as saved:
            page.locator(f'[data-graph-do="{form}"]').click()
        content = saved.value.path().read_text(encoding="utf-8")
        assert BUCKET in content or content.startswith("<svg")
    assert BUCKET in json.loads(content)["path"]


def test_a_tick_shows_what_remains_and_stays_in_the_address(page, path):
    page.goto(f"/attack-paths/{path}?tab=fixes")
    page.locator('#fixes input[name="fix"]').first.check()
    page.wait_for_url("**fix=*")
    page.get_by_text("1 before, 0 after").first.wait_for()
    page.reload()
    assert page.locator('#fixes input[name="fix"]').first.is_checked()


def test_top_fixes_come_by_themselves(page, path):
    page.goto("/attack-paths?view=fixes")
    page.get_by_text("1 of 1 path gone").wait_for()


def test_the_key_for_attack_paths_leads_there(page, path):
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/attack-paths")
