"""What holds for every page: structure, escaping, headers, the states of an empty store."""

from collections import defaultdict
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from poise.model.errors import StoreError
from poise.web.headers import HEADERS
from poise.web.server import create_app
from tests.web.estate import HOSTILE
from tests.web.places import addresses
from tests.web.visitor import Visitor, visitor_of, words

CHOICES = {"tab", "view", "state", "sort", "group"}
"""Parameters with few values, each of which is a page of its own kind."""


@pytest.fixture(scope="module")
def pages(workspace):
    visitor = visitor_of(workspace)
    return {address: visitor.page(address) for address in addresses(workspace)}


def test_a_page_has_one_heading_a_title_and_a_language(pages):
    for address, page in pages.items():
        assert len(page.select("h1")) == 1, address
        assert page.html["lang"] == "en"
        assert page.title.get_text().endswith("· Poise"), address


def test_ids_are_unique(pages):
    for address, page in pages.items():
        ids = [element["id"] for element in page.select("[id]")]
        assert sorted(ids) == sorted(set(ids)), address


def test_no_page_holds_what_the_policy_forbids(pages):
    for address, page in pages.items():
        assert not page.select("style, [style]"), address
        assert not [script for script in page.select("script") if not script.get("src")], address
        handlers = [name for element in page.select("*") for name in element.attrs if name.startswith("on")]
        assert not handlers, address


def test_everything_that_a_page_loads_is_its_own(pages):
    for address, page in pages.items():
        loaded = [e.get("src") or e.get("href") for e in page.select("script, img, link, iframe, source")]
        assert all(each.startswith("/static/") for each in loaded), address


def test_every_link_leads_to_a_page(pages, visitor):
    links = {a["href"] for page in pages.values() for a in page.select("main a[href], nav a[href]")}
    by_form = defaultdict(list)
    for link in sorted(link for link in links if link.startswith("/") and "format=" not in link):
        by_form[form(link)].append(link)
    assert by_form
    some = [link for alike in by_form.values() for link in {*alike[:2], alike[-1]}]
    broken = [link for link in some if visitor.get(link).status_code not in (200, 303)]
    assert not broken


def form(link: str) -> tuple[str, ...]:
    """Return what a link has in common with those that differ in ids and words alone."""
    asked = urlsplit(link)
    folder, _, last = asked.path[1:].partition("/")
    chosen = [f"{name}={value if name in CHOICES else ''}" for name, value in parse_qsl(asked.query)]
    return (folder, str(last.count("/") if last else -1), *chosen)


def test_links_to_elsewhere_are_https(pages):
    links = {a["href"] for page in pages.values() for a in page.select("a[href]")}
    assert all(link.startswith(("/", "https://", "#")) for link in links)


def test_hostile_names_are_text_and_nothing_else(pages):
    for address, page in pages.items():
        assert not page.select("main img, main script, main b[onerror]"), address
    text = words(pages["/recommendations?view=flat"].main)
    assert '"><img src=x onerror=alert(1)>' in text


def test_each_hostile_asset_has_its_page(visitor):
    listed = visitor.page("/inventory?per_page=200").select("main a[href^='/inventory/']")
    by_name = {link.get_text(strip=True): link["href"] for link in listed}
    for name in HOSTILE:
        page = visitor.page(by_name[name])
        assert page.h1.get_text() == name
        assert unquote(by_name[name]).endswith(name)


def test_the_headers_are_on_every_answer(visitor):
    for address in ("/", "/nope", "/static/nope.js", "/api/v1/findings", "/api/v1/nope", "/recommendations?format=csv"):
        response = visitor.get(address)
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS, address
        assert response.headers["x-request-id"]


def test_pages_are_not_cached_and_assets_are_for_ever(visitor):
    page = visitor.get("/")
    assert page.headers["cache-control"] == "no-store"
    style = visitor.page("/").select_one("link[rel=stylesheet]")["href"]
    asset = visitor.get(style, Accept_Encoding="gzip")
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-encoding"] == "gzip"
    assert "--accent" in asset.text


def test_another_host_name_is_refused(visitor):
    assert Visitor(visitor.app, host="attacker.example").get("/").status_code == 400


def test_what_is_not_there_is_said_inside_the_frame(visitor):
    for address in ("/nope", "/findings/nope", "/recommendations/nope", "/inventory/nope", "/scans/99", "/scans/x"):
        response = visitor.get(address)
        assert response.status_code == 404, address
        assert "There is nothing at this address" in response.text
        assert "Recommendations" in response.text


def test_a_page_that_fails_says_so_without_its_secrets(workspace, capsys):
    app = create_app(workspace)
    password = "hunter2"

    @app.get("/broken")
    def broken():
        raise RuntimeError(password)

    response = Visitor(app).get("/broken")
    assert response.status_code == 500
    assert "hunter2" not in response.text
    assert response.headers["x-request-id"] in response.text
    assert "hunter2" not in capsys.readouterr().out
    assert response.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]


def test_a_store_that_cannot_be_used_says_what_to_do(workspace):
    app = create_app(workspace)

    @app.get("/busy")
    def busy():
        raise StoreError("Another process holds the database.", "Wait until it has ended.")

    response = Visitor(app).get("/busy")
    assert response.status_code == 503
    assert "Wait until it has ended." in response.text


@pytest.mark.parametrize("address", ["/", "/recommendations", "/inventory", "/scans", "/recommendations?view=flat"])
def test_an_empty_store_says_what_to_do_next(newcomer, address):
    page = newcomer.page(address)
    assert "Nothing was read" in words(page.main)
    assert page.main.select("a, pre")


def test_the_other_pages_stand_an_empty_store(newcomer):
    for address in ("/score", "/checks", "/search?q=x", "/help", "/recommendations?view=asset", "/api/v1/docs"):
        newcomer.page(address)


def test_no_asset_is_served_from_outside_of_the_folder(visitor):
    for address in ("/static/../server.py", "/static/%2e%2e/server.py", "/static/.stamp/../../server.py"):
        assert visitor.get(address).status_code == 404
