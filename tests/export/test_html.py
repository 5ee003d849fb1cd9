from bs4 import BeautifulSoup

from poise.export import html
from tests.export.estate import FORMULA, MARKUP, empty_report, report


def page() -> BeautifulSoup:
    return BeautifulSoup("".join(html.render(report())), "html.parser")


def test_page_has_no_script_and_fetches_nothing():
    found = page()

    assert not found.find_all(["script", "link", "img", "iframe", "object", "form"])
    assert not [
        tag for tag in found.find_all(True) for name in tag.attrs if name.startswith("on") or name in ("src", "href")
    ]
    assert "url(" not in str(found.find("style"))
    assert "@import" not in str(found.find("style"))


def test_page_carries_a_policy_that_allows_its_own_style_alone():
    policy = page().find("meta", {"http-equiv": "Content-Security-Policy"})["content"]

    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")


def test_names_are_text_and_never_markup():
    text = page().get_text()

    assert MARKUP in text
    assert FORMULA in text


def test_letters_that_turn_text_round_are_shown_as_codes():
    assert "safe\\u202egpj.exe" in page().get_text()


def test_page_says_what_was_not_read_and_what_to_grant():
    section = page().find("h2", string="What was read").parent.get_text(" ")

    assert "Not everything could be read" in section
    assert "s3:GetBucketVersioning" in section


def test_score_is_never_shown_without_its_range():
    tile = page().select_one(".tiles li").get_text(" ")

    assert "70 %" in tile
    assert "between 64 % and 73 %: 1 unknown" in tile


def test_empty_report_does_not_look_like_a_clean_estate():
    text = BeautifulSoup("".join(html.render(empty_report())), "html.parser").get_text(" ")

    assert "Nothing was read yet" in text
    assert "0 assets" in text
