"""Rows of findings say who is to fix them, by when, by which rule, and what was decided about them.

What a page must show follows from the rule and the exemption that this file sets.
"""

from urllib.parse import quote

import pytest

from poise.app import exemptions, governing
from poise.app.exemption_words import exemption_of
from poise.model.governance import OwnerSource, Place, Rule
from tests.web.estate import KEY, OPEN, estate
from tests.web.visitor import visitor_of, words

ARN = "arn:aws:s3:::shop-data-09"
PAGE = f"/inventory/{quote(ARN, safe='')}"


@pytest.fixture(scope="module")
def governed(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("governed")) as opened:
        address = OwnerSource(address="ann@example.org")
        rule = Rule(name="shop-team", priority=1, scope=Place(assets=(ARN,)), owner=address, days=7, is_grace=True)
        governing.add(opened, rule, "ann")
        fields = {"name": "old-key", "checks": KEY, "assets": ARN, "reason": "r", "approver": "ann"}
        exemptions.add(opened, exemption_of({**fields, "until": "2099-12-31"}), "ann")
        yield visitor_of(opened), opened


def rows_of(page):
    return {
        row.select_one(".cell-title").get_text(): words(row) for row in page.select("[aria-label=Verdicts] tbody tr")
    }


def test_the_page_of_an_asset_says_who_owns_its_findings(governed):
    visitor, workspace = governed
    rows = rows_of(visitor.page(PAGE))
    told = rows[workspace.checks[OPEN].title]
    assert "ann@example.org rule shop-team" in told
    assert "until" in told


def test_the_api_says_the_same(governed):
    visitor, _ = governed
    found = visitor.get(f"/api/v1/findings?q={quote(ARN)}").json()["rows"]
    by_check = {row["check"]: row for row in found}
    row = by_check[OPEN]
    assert (row["owner"], row["effect"], row["rule"]) == ("ann@example.org", "grace", "shop-team")
    assert row["effect_until"] is not None
    assert row["due"] is not None
    assert by_check[KEY]["exemption"] == "old-key"
    assert by_check[KEY]["effect_until"].startswith(("2099-12-31", "2100-01-01"))


def test_an_exempted_finding_names_its_exemption(governed):
    visitor, workspace = governed
    told = rows_of(visitor.page(PAGE))[workspace.checks[KEY].title]
    assert "by old-key until" in told
