"""What a viewer of a group is shown: every address of the pages and of the API, asked for with everything in it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup

from poise.app import groups
from poise.app.graph import graph_of
from poise.cli.serving import only
from poise.model.errors import UsageError
from poise.model.group import Group, GroupKind, Wanted
from poise.model.listings import FindingFilter
from poise.web.limited import is_refused
from poise.web.server import create_app
from tests.web.estate import KEY, estate
from tests.web.places import addresses
from tests.web.visitor import visitor_of

MINE = "shop-data-05"
PLACES = (
    *("{}", "{}?per_page=200", "{}?q=shop", "{}?scope=111122223333", "{}?scope=444455556666", "{}?scope=group:rest"),
    *("{}?format=csv", "{}?days=7"),
)


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A visitor who may see one bucket, and the workspace of somebody who sees everything."""
    with estate(tmp_path_factory.mktemp("limited")) as opened:
        for name, text in (("mine", MINE), ("rest", "shop-data-1")):
            one = Group(name=name, kind=GroupKind.TEAM, wanted=Wanted(text=text), changed_by="ann")
            groups.put(opened, one)
        graph_of(opened)
        yield visitor_of(replace(opened, viewer=frozenset({"group:mine"}))), opened


def hidden(workspace):
    """Return the names and ids of everything else, those that are words of their own."""
    rows = workspace.store.assets.all(None, groups.Wanted().filter())
    words = {word for row, _ in rows for word in (row.asset.name, row.asset.id)}
    mine = {MINE, f"arn:aws:s3:::{MINE}", "111122223333", "444455556666"}
    return {word for word in words - mine if len(word) > 7 and word.isascii()}


def api(workspace):
    """List the addresses of the API that take no value."""
    described = create_app(workspace).openapi()["paths"]
    return [path for path, methods in described.items() if "get" in methods and "{" not in path]


def with_values(workspace):
    """List addresses of single things that the test before does not make up."""
    rows = workspace.store.findings.all(None, FindingFilter())
    found = [f"/api/v1/findings/{row.id}" for row in rows if row.asset.name == "shop-data-06"]
    assert found
    reports = [f"/api/v1/standards/cis_aws_6.0/report/{form}" for form in ("json", "csv", "oscal", "html")]
    asking = "action=s3:GetObject&asset=arn:aws:s3:::shop-data-05"
    return [
        *found,
        *reports,
        "/api/v1/groups/rest",
        "/api/v1/standards/cis_aws_6.0",
        "/api/v1/standards/cis_aws_6.0/compare/nist_800_53_r5",
        "/api/v1/moments/2026-11-21T12:00:00Z",
        "/api/v1/assets/arn%3Aaws%3As3%3A%3A%3Ashop-data-06",
        f"/api/v1/permissions/who-can?{asking}",
        f"/api/v1/permissions/can?{asking}&principal=x",
        "/api/v1/difference?from=2026-11-20&to=2026-11-30",
        "/api/v1/score/change?from=2026-11-20",
        "/api/v1/query/ways?from=internet&to=arn%3Aaws%3As3%3A%3A%3Ashop-data-06",
    ]


def told(text, words):
    return sorted(word for word in words if word in text or quote(word, safe="") in text)


def test_no_address_names_what_is_hidden(limited):
    visitor, workspace = limited
    words = hidden(workspace)
    assert len(words) > 60
    places = [
        *addresses(workspace),
        *with_values(workspace),
        *(form.format(path) for path in api(workspace) for form in PLACES),
    ]
    leaks = {}
    for address in places:
        asked = told(address, words)
        response = visitor.get(address)
        assert response.status_code < 500, address
        found = [word for word in told(response.text, words) if word not in asked]
        if found:
            leaks[address] = found[:5]
    assert not leaks


def test_a_hidden_asset_is_not_there(limited):
    visitor, _ = limited
    for name in ("shop-data-06", "shop-data-11"):
        for form in ("/inventory/{}", "/inventory/{}?tab=raw", "/inventory/{}?tab=graph", "/api/v1/assets/{}"):
            assert visitor.get(form.format(quote(f"arn:aws:s3:::{name}", safe=""))).status_code == 404
    assert visitor.get(f"/inventory/{quote(f'arn:aws:s3:::{MINE}', safe='')}").status_code == 200


def test_numbers_are_those_of_the_group(limited):
    visitor, workspace = limited
    assert visitor.get("/api/v1/assets").json()["total"] == 1
    everything = visitor_of(workspace)
    for path in ("findings", "recommendations", "score", "score/risk", "standards"):
        mine, theirs = visitor.get(f"/api/v1/{path}"), everything.get(f"/api/v1/{path}?scope=group:mine")
        assert mine.json() == theirs.json(), path
        assert mine.status_code == theirs.status_code == 200


def test_nothing_can_be_changed(limited):
    visitor, workspace = limited
    described = create_app(workspace).openapi()["paths"]
    for path, methods in described.items():
        for method in methods.keys() - {"get"}:
            if path != "/api/v1/query":
                answer = visitor.send(method.upper(), path, {"json": {}})
                assert answer.status_code == 403, (method, path)
    assert visitor.get("/api/v1/score/settings").status_code == 403
    for path in ("/governance/rules", "/governance/groups", "/settings/notifications", "/act"):
        assert visitor.post(path, {"name": "x"}).status_code == 403


def test_a_server_is_limited_by_words_that_there_are(limited):
    _, workspace = limited
    assert only(workspace, ()) is None
    assert only(workspace, ("group:mine", "111122223333")) == frozenset({"group:mine", "111122223333"})
    for word in ("group:none", "mine", "999999999999"):
        with pytest.raises(UsageError):
            only(workspace, (word,))


def test_lists_and_findings_offer_nothing_that_is_refused(limited):
    visitor, workspace = limited
    mine = next(row.id for row in workspace.store.findings.all(None, FindingFilter()) if row.asset.name == MINE)
    offered = set()
    for address in (
        "/recommendations?view=flat",
        f"/findings/{mine}",
        f"/recommendations/{KEY}",
        "/inventory",
        "/scans",
    ):
        response = visitor.get(address)
        if response.status_code == 200 and "text/html" in response.headers["content-type"]:
            page = BeautifulSoup(response.text, "html.parser")
            links = {(address, "GET", a["href"].partition("?")[0]) for a in page.select("a[href^='/']")}
            forms = {(address, f["method"].upper(), f.get("action", address)) for f in page.select("form[method=post]")}
            offered |= {one for one in links | forms if is_refused(*one[1:])}
    assert {tuple(rest) for _, *rest in offered} == set()
