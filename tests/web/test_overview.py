"""Overview and score: every number is the total of the page that it leads to."""

from datetime import timedelta

from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.model.samples.azure_subscription import SUBSCRIPTION
from poise.standards.library import control_of, score_controls
from poise.web.server import create_app
from tests.web.estate import CHECKS, LAB, SHOP, Cloud, bucket, empty_estate
from tests.web.visitor import Visitor, count, total, words


def test_each_tile_is_the_total_of_its_page(visitor):
    tiles = visitor.page("/").select(".tiles a")
    assert len(tiles) == 6
    for tile in tiles:
        assert count(tile.b) == total(visitor.page(tile["href"])), tile["href"]


def test_each_number_of_do_first_is_the_total_of_its_page(visitor):
    links = visitor.page("/").select("[aria-labelledby=h-first] td.number a")
    assert links
    for link in links:
        assert count(link) == total(visitor.page(link["href"])), link["href"]


def test_each_number_of_the_estate_is_the_total_of_its_page(visitor):
    links = visitor.page("/").select("[aria-labelledby=h-estate] td.number a")
    assert links
    for link in links:
        assert count(link) == total(visitor.page(link["href"])), link["href"]


def test_the_numbers_hold_in_one_scope_too(visitor):
    tiles = visitor.page(f"/?scope={LAB}").select(".tiles a")
    for tile in tiles:
        assert f"scope={LAB}" in tile["href"]
        assert count(tile.b) == total(visitor.page(tile["href"])), tile["href"]


def test_do_first_names_the_riskiest_and_leaves_out_what_is_only_unknown(visitor):
    rows = visitor.page("/").select("[aria-labelledby=h-first] tbody tr")
    assert "S3 buckets should not be open to everyone" in words(rows[0])
    assert not any("Bucket policies" in words(row) for row in rows)


def test_the_score_stands_with_its_range_and_what_is_unknown(visitor, workspace):
    score = secure_score(workspace).overall
    card = words(visitor.page("/").select_one("[aria-labelledby=h-score]"))
    assert f"{score.percentage * 100:.0f} of 100" in card
    assert f"{score.range.low * 100:.0f} %" in card
    assert f"{score.range.high * 100:.0f} %" in card
    assert f"{score.unknown} unknown in its controls" in card


def test_what_could_not_be_read_is_named_with_the_permission(visitor):
    card = words(visitor.page("/").select_one("[aria-labelledby=h-coverage]"))
    assert "Grant s3:GetBucketPolicy" in card
    assert "Grant s3:ListAllMyBuckets" in card


def test_the_trend_can_be_read_as_a_table(visitor):
    rows = visitor.page("/").select("[data-chart] table tbody tr")
    assert len(rows) == 6
    assert words(rows[0]).startswith("25 Nov 2026")


def test_a_trend_of_two_scopes_together_is_not_made_up(visitor):
    page = visitor.page(f"/?scope={LAB}&scope={SHOP}")
    assert not page.select("[data-chart]")


def test_the_frame_says_how_old_and_how_complete_the_reading_is(visitor):
    assert words(visitor.page("/").select_one(".fresh")) == "Read 12 min ago · 2 scopes not fully readable"


def test_where_nothing_was_judged_there_is_no_score_and_no_all_clear(visitor):
    for scope in (LAB, SUBSCRIPTION):
        assert "Nothing to do" not in words(visitor.page(f"/?scope={scope}").main)
    page = visitor.page(f"/?scope={SUBSCRIPTION}")
    assert words(page.select_one(".gauge")) == "– no score"
    assert "Nothing was judged here" in words(page.main)
    assert "Nothing was judged here" in words(visitor.page(f"/recommendations?scope={SUBSCRIPTION}").main)
    assert words(visitor.page(f"/score?scope={SUBSCRIPTION}").h1) == "Why is there no score?"


def test_what_is_unknown_is_named_beside_what_is_well(visitor):
    text = words(visitor.page(f"/?scope={LAB}").main)
    assert "Nothing unhealthy was found 1 verdict of 1 check, none unhealthy, 4 more unknown." in text


def test_an_all_clear_says_how_much_was_analysed(tmp_path):
    class Clean(Cloud):
        def scopes(self):
            return super().scopes()[:1]

        def partitions(self, scope):
            return super().partitions(scope)[1:]

    with empty_estate(tmp_path) as workspace:
        cloud = Clean(workspace.clock, buckets=[bucket("clean", 2)])
        scan(workspace, [cloud], ScanOptions(threads=1))
        visitor = Visitor(create_app(workspace))
        for address in ("/", "/recommendations"):
            text = words(visitor.page(address).main)
            assert "Nothing to do 4 verdicts of 4 checks, none unhealthy, nothing unknown." in text


def test_an_old_reading_is_said_to_be_old(visitor, workspace):
    workspace.clock.now += timedelta(days=8)
    try:
        assert "was read 8 d ago" in words(visitor.page("/inventory").select_one(".notice"))
    finally:
        workspace.clock.now -= timedelta(days=8)
    assert not visitor.page("/inventory").select(".notice")


def test_the_score_page_fills_the_formula_with_its_numbers(visitor, workspace):
    score = secure_score(workspace)
    text = words(visitor.page("/score").select_one(".formula"))
    for scope in score.scopes:
        assert not scope.max or f"{scope.percentage:.4f} × {scope.weight}" in text
    assert f"{score.overall.percentage:.4f}" in text


def test_numbers_of_controls_lead_to_as_many_assets(visitor):
    for link in visitor.page("/score").select("[aria-labelledby=h-controls] td.number a"):
        assert count(link) == total(visitor.page(link["href"])), link["href"]


def test_a_control_with_points_leads_to_the_checks_in_it(visitor):
    links = {words(a): a["href"] for a in visitor.page("/score").select("[aria-labelledby=h-controls] .cell-title a")}
    names = {control.name for control in score_controls() if control.max}
    expected = {id: name for id, name in control_of().items() if id in CHECKS and name in names}
    assert all(f"check={id}" in links[name] for id, name in expected.items())
