"""The page shows every control and lets nothing that others named run."""

from __future__ import annotations

from bs4 import BeautifulSoup

from poise.export.compliance import get, html, names
from tests.export.compliance.material import CONTROLS, FINDINGS, MARKUP, report


def page() -> BeautifulSoup:
    return BeautifulSoup("".join(html.render(report())), "html.parser")


def test_every_control_is_on_the_page():
    cells = {cell.get_text().strip() for cell in page().select("tbody td:first-child")}
    assert {control.control for control in CONTROLS} <= cells


def test_sections_are_headings_inside_one_another():
    headings = [(h.name, h.get_text()) for h in page().find_all(["h2", "h3"])]
    assert ("h2", "1 Storage") in headings
    assert ("h3", "1.1 Buckets") in headings


def test_nothing_runs_and_nothing_is_fetched():
    found = page()
    assert found.find("script") is None
    assert found.find("img") is None
    assert MARKUP in found.get_text()


def test_a_page_cuts_long_lists_and_says_so(monkeypatch):
    monkeypatch.setattr(html, "MOST_FINDINGS", 2)
    found = page()
    assert "There are more than 2; the CSV report has all." in found.get_text()
    assert len(FINDINGS) == len(found.select("section.group"))


def test_formats_are_found_by_their_files():
    assert names() == ("csv", "html", "oscal", "pdf")
    assert [get(name).NAME for name in names()] == list(names())
