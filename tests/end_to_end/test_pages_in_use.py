"""What people do with the pages: filter, walk by keyboard, open beside the list, switch the theme, print."""

import re

import pytest

from tests.browser import watch
from tests.web.estate import LAB, OPEN

pytestmark = pytest.mark.server
expect = pytest.importorskip("playwright.sync_api").expect


def total(page):
    return page.locator("#results [role=status]")


def test_a_filter_is_in_the_address_and_survives_reload_and_back(page):
    page.goto("/recommendations?view=flat")
    before = total(page).inner_text()
    page.locator("summary", has_text="Risk").click()
    page.get_by_role("checkbox", name="Critical").check()
    expect(page).to_have_url("/recommendations?view=flat&risk=critical")
    expect(page.locator(".chip")).to_have_text("Risk: Critical×")
    filtered = total(page).inner_text()
    assert filtered != before
    page.reload()
    assert total(page).inner_text() == filtered
    page.go_back()
    expect(total(page)).to_have_text(before)


def test_a_filter_stays_when_the_view_or_the_scope_is_changed_after_it(page):
    page.goto("/recommendations?view=flat")
    page.locator("summary", has_text="Risk").click()
    page.get_by_role("checkbox", name="Critical").check()
    expect(page).to_have_url("/recommendations?view=flat&risk=critical")
    page.get_by_role("link", name="By asset").click()
    expect(page).to_have_url("/recommendations?risk=critical&view=asset")
    page.locator("summary", has_text="Risk").click()
    page.get_by_role("checkbox", name="Low").check()
    expect(page.locator(".chip")).to_have_count(2)
    page.locator(".top summary").click()
    page.get_by_role("checkbox", name="lab <b>").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(f"/recommendations?view=asset&risk=critical&risk=low&scope={LAB}")


def test_an_opened_menu_counts_its_values(page):
    page.goto("/recommendations?view=flat")
    page.locator("summary", has_text="Type").click()
    expect(page.get_by_role("checkbox", name=re.compile("^S3 bucket"))).to_be_visible()
    expect(page.locator("details[open] .count").first).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(page.locator("details[data-menu][open]")).to_have_count(0)


def test_typing_filters_after_a_moment_and_keeps_the_focus(page):
    page.goto("/inventory")
    page.locator("main input[type=search]").press_sequentially("data-1")
    expect(page).to_have_url("/inventory?q=data-1")
    expect(total(page)).to_have_text("10 assets")
    assert page.evaluate("document.activeElement.name") == "q"


def test_lifting_a_chip_unchecks_its_value(page):
    page.goto("/recommendations?view=flat&risk=critical&risk=high")
    page.get_by_role("link", name="Remove filter Risk: High").click()
    expect(page).to_have_url("/recommendations?view=flat&risk=critical")
    page.locator("summary", has_text="Risk").click()
    expect(page.get_by_role("checkbox", name="High")).not_to_be_checked()


def test_the_scope_is_chosen_once_for_all_pages(page):
    page.goto("/")
    page.locator(".top summary").click()
    page.get_by_role("checkbox", name="lab <b>").check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(f"/?scope={LAB}")
    page.get_by_role("link", name="Inventory", exact=True).first.click()
    expect(total(page)).to_have_text("1 asset")


def test_keys_lead_through_the_pages(page):
    page.goto("/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/recommendations")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "root user" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("k")
    assert "open to everyone" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Shift+Enter")
    page.wait_for_url(f"**/recommendations/{OPEN}")
    page.keyboard.press("/")
    page.keyboard.type("shop-data-07")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=shop-data-07")


def test_enter_opens_a_row_beside_the_list_and_escape_returns_to_it(page):
    page.goto("/recommendations")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_role("heading", level=1)).to_have_text("S3 buckets should not be open to everyone")
    expect(drawer.get_by_role("link", name="Open as page")).to_have_attribute(
        "href", re.compile(f"/recommendations/{OPEN}$")
    )
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('[data-row]')")
    expect(page).to_have_url("/recommendations")


def test_brackets_turn_the_pages_of_a_list(page):
    page.goto("/inventory?per_page=25")
    page.keyboard.press("]")
    expect(page).to_have_url("/inventory?per_page=25&page=2")
    page.keyboard.press("[")
    expect(page).to_have_url("/inventory?per_page=25&page=1")


def test_keys_are_off_while_typing_and_can_be_switched_off(page):
    page.goto("/inventory")
    page.locator("main input[type=search]").press_sequentially("gr?t")
    expect(page.locator("#drawer")).not_to_be_visible()
    page.goto("/help")
    page.get_by_role("checkbox", name="Single-letter keys").uncheck()
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#drawer")).not_to_be_visible()


def test_the_question_mark_shows_the_keys(page):
    page.goto("/scans")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog").get_by_role("heading", level=1)).to_have_text("Keys and words")


def test_the_theme_is_kept_and_never_flashes(page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("t")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    page.goto("/inventory")
    blocking = page.locator("script:not([type=module])")
    assert blocking.count() == 1
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_trend_is_read_with_the_arrow_keys(page):
    page.goto("/")
    chart = page.locator("[data-chart] svg")
    chart.focus()
    chart.press("ArrowLeft")
    expect(page.locator("[data-reading]")).to_contain_text("24 Nov 2026")


def test_a_text_is_copied(page, context, site):
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    page.goto(f"/recommendations/{OPEN}?tab=action")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.locator("#toast")).to_have_text("Copied")
    assert "put-public-access-block" in page.evaluate("navigator.clipboard.readText()")


def test_a_narrow_window_has_the_navigation_behind_a_button(page):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/")
    link = page.locator(".side").get_by_role("link", name="Scans")
    expect(link).not_to_be_visible()
    page.get_by_role("button", name="Menu").click()
    link.click()
    page.wait_for_url("**/scans")


def test_every_control_is_reached_by_tab(page):
    page.goto("/recommendations")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden])')]
        .filter(e => e.checkVisibility() && e.tabIndex >= 0).length"""
    )
    seen = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        seen.add(
            page.evaluate(
                "[...document.querySelectorAll('a[href], button, summary, input')].indexOf(document.activeElement)"
            )
        )
    assert len(seen - {-1}) >= wanted


def test_an_answer_that_fails_leaves_the_page_and_says_so(context, site):
    page = context.new_page()
    page.goto("/inventory")
    page.route("**/inventory?*", lambda route: route.fulfill(status=500, body="broken"))
    page.locator("main input[type=search]").press_sequentially("x")
    expect(page.get_by_role("alert")).to_contain_text("The server answered 500")
    expect(page.locator("tbody tr").first).to_be_visible()


def test_pages_work_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False, base_url=site)
    page = context.new_page()
    bad = []
    watch(page, site, bad)
    page.goto("/recommendations?view=flat&per_page=25")
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url("/recommendations?view=flat&per_page=25&page=2")
    page.locator("main input[type=search]").fill("root")
    page.get_by_role("button", name="Apply").last.click()
    expect(total(page)).to_have_text("1 finding")
    context.close()
    assert not bad


def test_a_list_prints_with_its_filters_and_without_the_frame(page, tmp_path):
    page.goto("/recommendations?view=flat&risk=critical")
    page.emulate_media(media="print")
    expect(page.locator(".print-note")).to_have_text("Risk: Critical")
    expect(page.locator(".side")).not_to_be_visible()
    expect(page.locator(".filters")).not_to_be_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.pdf(path=tmp_path / "list.pdf", format="A4", landscape=True)[:5] == b"%PDF-"
