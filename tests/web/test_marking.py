"""Marks by hand and switched-off checks, on the page of an asset and through the API: they hold at once."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from poise.app import queries
from poise.model.listings import AssetFilter, FindingFilter, Paging
from tests.web.estate import OPEN, estate
from tests.web.visitor import words


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("marking")) as opened:
        yield opened


@pytest.fixture
def asset(workspace):
    """A bucket with an open finding."""
    wanted = FindingFilter(checks=frozenset({OPEN}), kinds=frozenset({"AWS::S3::Bucket"}))
    return next(iter(queries.all_findings(workspace, wanted))).asset


def criticality(workspace, asset):
    every = queries.all_findings(workspace, FindingFilter(checks=frozenset({OPEN})))
    (found,) = [one for one in every if one.asset == asset]
    return {factor.name: factor.points for factor in found.risk.factors}["criticality"]


def test_an_asset_is_marked_on_its_page_and_the_mark_is_taken_away(visitor, workspace, asset):
    page = visitor.page(f"/inventory/{quote(asset.id)}")
    form = page.select_one("form[action='/marks']")
    fields = {"asset": form.select_one("[name=asset]")["value"], "topic": "criticality"}
    before = criticality(workspace, asset)
    answer = visitor.post("/marks", fields | {"degree": "high", "reason": "it pays us"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/inventory/{quote(asset.id)}")
    assert criticality(workspace, asset) > before
    assert "High, marked by pages: it pays us" in words(visitor.page(f"/inventory/{quote(asset.id)}").main)
    visitor.post("/marks", fields | {"degree": ""})
    assert criticality(workspace, asset) == before


@pytest.mark.parametrize(
    "fields", [{"topic": "pretty"}, {"degree": "very"}, {"reason": " "}, {"asset": "nowhere"}, {"asset": ""}]
)
def test_a_mark_that_is_none_is_refused(visitor, workspace, asset, fields):
    good = {"asset": asset.id, "topic": "sensitivity", "degree": "low", "reason": "names"}
    assert visitor.post("/marks", good | fields).status_code == 422
    assert visitor.post("/marks", good, Origin="https://evil.example").status_code == 403
    assert workspace.store.marks.all() == {}


def test_the_api_marks_an_asset_and_lists_the_marks(visitor, workspace, asset):
    address = f"/api/v1/marks/sensitivity/{quote(asset.id)}"
    body = {"json": {"degree": "medium", "reason": "names of customers"}}
    assert visitor.send("PUT", address, body).status_code == 200
    (row,) = visitor.get("/api/v1/marks").json()["rows"]
    assert (row["asset_id"], row["topic"], row["degree"], row["by"]) == (asset.id, "sensitivity", "medium", "api")
    assert visitor.send("PUT", address, {"json": {"degree": "very", "reason": "x"}}).status_code == 422
    assert visitor.send("PUT", "/api/v1/marks/sensitivity/nowhere", body).status_code == 400
    assert visitor.send("DELETE", address, {}, Origin="https://evil.example").status_code == 403
    assert visitor.send("DELETE", address, {}).status_code == 200
    assert visitor.send("DELETE", address, {}).status_code == 404


def test_the_api_switches_a_check_off_and_on(visitor, workspace):
    scope = queries.assets(workspace, AssetFilter(), Paging(limit=1)).rows[0].asset.scope
    address = f"/api/v1/switches/{OPEN}"
    off = {"json": {"scope": scope, "reason": "caches"}}
    assert visitor.send("PUT", address, off).json() == {"check": OPEN, "scope": scope}
    assert [(row.check, row.scope) for row in workspace.store.effects.switches()] == [(OPEN, scope)]
    (told,) = [row for row in visitor.get("/api/v1/exemptions").json()["rows"] if row["kind"] == "disabled"]
    assert (told["name"], told["reason"]) == (OPEN, "caches")
    a_day = {"json": {"reason": "caches", "until": "2999-06-30"}}
    assert visitor.send("PUT", address, a_day).status_code == 200
    assert {row.until for row in workspace.store.effects.switches()} == {None, datetime(2999, 7, 1, tzinfo=UTC)}
    for until in ("soon", "2020-01-01"):
        off["json"]["until"] = until
        assert visitor.send("PUT", address, off).status_code in (400, 422)
    assert visitor.send("DELETE", address, {}).status_code == 200
    assert visitor.send("DELETE", f"{address}?scope={scope}", {}).status_code == 200
    assert visitor.send("PUT", "/api/v1/switches/no.check", off).status_code == 400
    assert {row.action for row in workspace.store.audit.page().rows} >= {"check disabled", "check enabled"}
