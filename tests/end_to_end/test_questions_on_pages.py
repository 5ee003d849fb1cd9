"""The tabs of assets, and the lists of machines and software, of the sample estate in a real browser."""

from urllib.parse import quote

import pytest

from poise.app.workspace import open_workspace
from poise.web import bundle
from poise.web.server import create_app
from tests.browser import axe, serving, skip_or_fail

pytestmark = pytest.mark.server

HERE = "arn:aws:ec2:eu-west-1:111122223333"
SCREENS = {
    "who reads a bucket": ("arn:aws:s3:::nordwind-customer-uploads", "tab=entitlements"),
    "what a role may do": ("arn:aws:iam::111122223333:role/shop-web-legacy", "tab=entitlements"),
    "who may take a role": ("arn:aws:iam::111122223333:role/vendor-backup", "tab=entitlements&ask=who"),
    "an open bucket": ("arn:aws:s3:::nordwind-press-kit", "tab=exposure"),
    "an open machine": (f"{HERE}:instance/i-0ab3451f78397d7e8", "tab=exposure"),
    "software of a machine": (f"{HERE}:instance/i-0ab3451f78397d7e8", "tab=software"),
    "scan of a machine": (f"{HERE}:instance/i-0ab3451f78397d7e8", "tab=scan"),
    "record of a machine": (f"host://{HERE}:instance/i-0ab3451f78397d7e8", "tab=software"),
    "machine without flaws": ("host://berlin-erp", "tab=scan"),
}


@pytest.fixture(scope="module")
def site(sample_store):
    if bundle.missing_assets():
        skip_or_fail(bundle.missing_assets())
    with open_workspace(str(sample_store)) as workspace, serving(create_app(workspace)) as address:
        yield address


@pytest.mark.parametrize("name", SCREENS)
def test_a_tab_is_accessible_in_both_themes_and_fits_a_narrow_window(page, name):
    id, query = SCREENS[name]
    assert_holds(page, f"/inventory/{quote(id, safe='')}?{query}")


@pytest.mark.parametrize("path", ["/scans/machines", "/inventory/software", "/inventory/software?q=nginx"])
def test_a_list_of_machines_is_accessible_in_both_themes_and_fits_a_narrow_window(page, path):
    assert_holds(page, path)


def assert_holds(page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    for details in page.locator("details.example > summary").all()[:5]:
        details.click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert axe(page) == [], scheme
    page.set_viewport_size({"width": 360, "height": 780})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide"


def test_another_action_is_another_address(page):
    page.goto(f"/inventory/{quote('arn:aws:s3:::nordwind-payroll-exports', safe='')}?tab=entitlements")
    page.get_by_role("link", name="Write objects").click()
    page.wait_for_url("**action=s3%3APutObject")
    assert "s3:PutObject" in page.get_by_role("heading", level=2).first.inner_text()
    page.go_back()
    assert "s3:GetObject" in page.get_by_role("heading", level=2).first.inner_text()
