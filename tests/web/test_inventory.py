"""Inventory, scans, search, checks."""

import json

from poise.app import queries
from tests.web.estate import CHECKS, LAB, OPEN, SHOP
from tests.web.visitor import count, total, words


def test_every_asset_is_listed_healthy_ones_too(visitor):
    page = visitor.page("/inventory?per_page=200")
    assert total(page) == 74 == len(page.select("tbody tr"))


def test_the_totals_follow_the_filters(visitor):
    page = visitor.page("/inventory?region=us-east-1")
    for tile in page.select(".tiles a"):
        assert count(tile.b) == total(visitor.page(tile["href"])), tile["href"]
    assert count(page.select_one(".tiles a b")) == total(page)


def test_the_numbers_of_an_asset_lead_to_as_many_findings(visitor):
    for list_of_assets in ("/inventory?q=shop-data-2", "/recommendations?view=asset&q=shop-data-2"):
        links = visitor.page(list_of_assets).select("tbody .levels a, tbody td.number a")
        assert links
        for link in links:
            assert count(link) == total(visitor.page(link["href"])), link["href"]


def test_filters_leave_what_they_say(visitor):
    assert total(visitor.page("/inventory?unread=yes")) == 12
    assert total(visitor.page(f"/inventory?scope={LAB}")) == 1
    assert total(visitor.page("/inventory?q=DATA-1")) == 10
    assert total(visitor.page("/inventory?tag=team=moved")) == 1
    assert total(visitor.page("/inventory?kind=AWS::::Account")) == 2


def test_a_menu_counts_the_kinds(visitor):
    page = visitor.page("/inventory/filters/kind")
    assert {words(box.parent) for box in page.select("input")} == {
        "S3 bucket 70",
        "AWS account 2",
        "Storage account 1",
        "Azure subscription 1",
    }
    unread = visitor.page("/inventory/filters/unread")
    assert [words(box.parent) for box in unread.select("input")] == ["With unread facts 12", "Fully read 62"]


def test_the_file_can_be_read_back_by_a_scan(visitor):
    rows = json.loads(visitor.get(f"/inventory?scope={SHOP}&format=json").text)
    assert len(rows) == 71
    assert {"id", "kind", "record", "unread", "format_version"} <= set(rows[0])


def test_the_scans_page_groups_gaps_by_the_permission_to_grant(visitor):
    page = visitor.page("/scans")
    rows = [words(row) for row in page.select("[aria-labelledby=h-gaps] tbody tr")]
    assert len(rows) == 2
    assert rows[0].startswith("s3:GetBucketPolicy 12 shop")
    assert page.select_one("#grants").get_text().split() == ["s3:GetBucketPolicy", "s3:ListAllMyBuckets"]


def test_what_a_region_does_not_offer_is_not_counted_as_missing(visitor):
    page = visitor.page("/scans")
    assert "1 thing not there to be read" in words(page.main)


def test_each_scope_stands_with_its_state(visitor):
    rows = [words(row) for row in visitor.page("/scans").select("[aria-labelledby=h-coverage] tbody tr")]
    assert len(rows) == 3
    assert any("shop" in row and "Partial" in row for row in rows)


def test_a_scan_shows_how_it_went(visitor, workspace):
    last = queries.scans(workspace).rows[0]
    page = visitor.page(f"/scans/{last.id}")
    assert "poise scan aws --org" in words(page.main)
    assert page.select("[aria-labelledby=h-coverage] tbody tr")


def test_search_finds_checks_assets_and_findings(visitor):
    page = visitor.page("/search?q=shop-data-1")
    assert "10" in words(page.select_one("#h-assets"))
    assert page.select_one("#h-findings")
    assert visitor.page("/search?q=buckets+encrypted").select_one("#h-checks")
    assert "Nothing found" in words(visitor.page("/search?q=nothing-bears-this-name").main)


def test_an_exact_id_leads_straight_to_its_page(visitor, workspace):
    finding = queries.findings(workspace, queries.FindingFilter()).rows[0]
    leads = {
        OPEN: f"/recommendations/{OPEN}",
        finding.id: f"/findings/{finding.id}",
        "arn:aws:s3:::shop-data-00": "/inventory/arn%3Aaws%3As3%3A%3A%3Ashop-data-00",
    }
    for text, address in leads.items():
        response = visitor.get(f"/search?q={text}")
        assert (response.status_code, response.headers.get("location")) == (303, address)


def test_the_checks_page_lists_what_is_looked_at(visitor):
    page = visitor.page("/checks")
    assert total(page) == len(CHECKS)
    for link in page.select("td.number a"):
        assert count(link) == total(visitor.page(link["href"])), link["href"]
    assert total(visitor.page("/checks?severity=high")) == 2
    assert total(visitor.page("/checks?q=versions")) == 1


def test_help_lists_every_key_that_leads_somewhere(visitor):
    page = visitor.page("/help")
    keys = [words(key) for key in page.select("[aria-labelledby=h-keys] dt")]
    for link in page.select(".side [data-go]"):
        assert f"g {link['data-go']}" in keys
