"""Recommendations: three views, filters in the address, files of the filtered set, one recommendation."""

import csv
import io
import json

from bs4 import BeautifulSoup

from poise.app import queries
from poise.model import State
from poise.model.listings import FindingFilter, Standing
from tests.web.estate import HOSTILE, KEY, LAB, OPEN, POLICY, ROOT, SHOP, VERSIONS
from tests.web.visitor import HTMX, count, total, words


def titles(page):
    return [words(a) for a in page.select("tbody .cell-title a")]


def test_the_riskiest_comes_first_and_what_is_only_unknown_last(visitor):
    assert titles(visitor.page("/recommendations")) == [
        "S3 buckets should not be open to everyone",
        "The root user should have no access keys",
        "S3 buckets should be encrypted with a KMS key",
        "S3 buckets should keep earlier versions of objects",
        "Bucket policies should name who they grant",
    ]


def test_each_number_of_a_row_is_the_total_of_its_page(visitor):
    links = visitor.page("/recommendations").select("td.number a")
    assert len(links) > 5
    for link in links:
        assert count(link) == total(visitor.page(link["href"])), link["href"]


def test_the_flat_view_lists_each_finding_once(visitor, workspace):
    page = visitor.page("/recommendations?view=flat&per_page=200")
    found = list(queries.all_findings(workspace, FindingFilter()))
    assert total(page) == len(found) == len(page.select("tbody tr"))


def test_the_asset_view_lists_each_asset_with_a_finding_once(visitor, workspace):
    page = visitor.page("/recommendations?view=asset&per_page=200")
    assets = {finding.asset.id for finding in queries.all_findings(workspace, FindingFilter())}
    assert total(page) == len(assets) == len(page.select("tbody tr"))


def test_filters_act_on_every_view(visitor, workspace):
    chosen = FindingFilter(states=frozenset({State.UNHEALTHY}), checks=frozenset({OPEN}))
    findings = list(queries.all_findings(workspace, chosen))
    address = f"verdict=unhealthy&check={OPEN}"
    assert total(visitor.page(f"/recommendations?{address}")) == 1
    assert total(visitor.page(f"/recommendations?view=flat&{address}")) == len(findings)
    assert total(visitor.page(f"/recommendations?view=asset&{address}")) == len({f.asset.id for f in findings})


def test_a_narrowed_list_says_whose_numbers_it_shows(visitor):
    said = "Their numbers are of all assets in scope"
    assert said in words(visitor.page("/recommendations?region=us-east-1").main)
    assert said not in words(visitor.page(f"/recommendations?scope={SHOP}").main)


def test_a_mended_bucket_is_under_fixed(visitor, workspace):
    fixed = list(queries.all_findings(workspace, FindingFilter(standing=Standing.FIXED)))
    assert [finding.asset.name for finding in fixed] == ["shop-data-04"]
    page = visitor.page("/recommendations?view=flat&status=fixed")
    assert total(page) == 1
    assert "shop-data-04" in words(page.main)
    assert titles(visitor.page("/recommendations?status=fixed")) == ["S3 buckets should not be open to everyone"]


def test_a_category_has_a_tab_that_filters(visitor):
    page = visitor.page("/recommendations")
    tab = next(a for a in page.select(".tabs a") if words(a) == "Entitlements")
    assert titles(visitor.page(tab["href"])) == ["The root user should have no access keys"]


def test_a_chip_lifts_its_own_filter_and_keeps_the_rest(visitor):
    page = visitor.page("/recommendations?view=flat&risk=critical&risk=high&provider=aws&sort=name")
    chips = {words(chip.select_one("span")): chip.a["href"] for chip in page.select(".chip")}
    assert set(chips) == {"Risk: Critical", "Risk: High", "Cloud: AWS"}
    assert chips["Risk: High"] == "/recommendations?view=flat&risk=critical&provider=aws&sort=name"
    assert page.select_one(".chips > a")["href"] == "/recommendations?view=flat&sort=name"


def test_a_value_that_makes_no_sense_is_left_out_with_a_note(visitor):
    page = visitor.page("/recommendations?risk=terrible")
    assert "risk=terrible was ignored" in words(page.select_one(".notice"))
    assert total(page) == 5


def test_a_page_past_the_end_is_the_last_page(visitor):
    page = visitor.page("/recommendations?view=flat&page=999&per_page=25")
    assert "Page 4 of 4" in words(page.select_one(".pager"))
    assert page.select("tbody tr")
    assert not page.select("[rel=next]")


def test_pages_hold_every_row_once(visitor):
    seen = []
    address = "/recommendations?view=flat&per_page=25"
    while address:
        page = visitor.page(address)
        seen += [a["href"] for a in page.select("tbody .cell-title a")]
        following = page.select_one("[rel=next]")
        address = following["href"] if following else ""
    assert len(seen) == len(set(seen)) == total(page)


def test_no_match_says_so_and_offers_to_clear_the_filters(visitor):
    page = visitor.page("/recommendations?q=nothing-bears-this-name&risk=low")
    assert "No recommendation matches" in words(page.main)
    assert page.select_one("#results .button.is-main")["href"] == "/recommendations"


def test_a_filter_menu_counts_what_each_value_would_leave_and_keeps_empty_ones(visitor):
    page = visitor.page("/recommendations/filters/risk?view=flat&verdict=unhealthy&risk=low")
    options = {box["value"]: words(box.parent) for box in page.select("input")}
    assert list(options) == ["critical", "high", "medium", "low"]
    critical = total(visitor.page("/recommendations?view=flat&verdict=unhealthy&risk=critical"))
    assert options["critical"] == f"Critical {critical}"
    assert page.select_one("input[value=low]").has_attr("checked")
    regions = visitor.page("/recommendations/filters/region?region=mars-1")
    assert [box["value"] for box in regions.select("input")] == ["eu-west-1", "global", "mars-1", "us-east-1"]
    assert words(regions.select_one("input[value=mars-1]").parent) == "mars-1 0"


def test_verdicts_and_standing_are_counted_too(visitor):
    verdicts = visitor.page("/recommendations/filters/verdict")
    for box in verdicts.select("input"):
        assert int(words(box.parent).split()[-1]) == total(
            visitor.page(f"/recommendations?view=flat&verdict={box['value']}")
        )


def test_htmx_gets_the_results_alone(visitor):
    part = visitor.get("/recommendations?view=flat", HX_Target="results", **HTMX)
    assert "<html" not in part.text
    assert "role=status" in part.text.replace('"', "")
    swapped = BeautifulSoup(part.text, "html.parser").select("[hx-swap-oob]")
    assert {element["id"] for element in swapped} == {"views", "tabs", "scope"}
    whole = visitor.get("/recommendations?view=flat", HX_Target="results", HX_History_Restore_Request="true", **HTMX)
    assert "<html" in whole.text
    assert whole.headers["vary"] == "HX-Request, HX-Target"


def test_the_drawer_gets_the_detail_alone(visitor):
    part = visitor.get(f"/recommendations/{OPEN}", HX_Target="drawer-body", **HTMX)
    assert "<html" not in part.text
    assert "<h1>S3 buckets should not be open to everyone</h1>" in part.text


def test_a_file_holds_the_filtered_set_and_no_formula(visitor):
    response = visitor.get(f"/recommendations?view=flat&check={OPEN}&verdict=unhealthy&format=csv")
    rows = list(csv.DictReader(io.StringIO(response.text)))
    assert len(rows) == total(visitor.page(f"/recommendations?view=flat&check={OPEN}&verdict=unhealthy"))
    assert "attachment" in response.headers["content-disposition"]
    names = {row["asset.name"] for row in rows}
    assert f"'{HOSTILE[5]}" in names
    assert HOSTILE[0] in names
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_files_of_the_other_views_hold_their_rows(visitor):
    for view in ("check", "asset", "flat"):
        rows = json.loads(visitor.get(f"/recommendations?view={view}&format=json").text)
        assert len(rows) == total(visitor.page(f"/recommendations?view={view}")), view
    assert json.loads(visitor.get("/recommendations?q=nothing-bears-this-name&format=json").text) == []


def test_the_command_asks_for_the_same(visitor):
    page = visitor.page(f"/recommendations?view=flat&risk=critical&q=data+blocks&scope={SHOP}&sort=name&page=2")
    assert page.select_one("#command").get_text() == (
        f"poise list findings --risk=critical --q='data blocks' --scope={SHOP}"
    )


def test_a_recommendation_shows_its_assets_by_verdict(visitor, workspace):
    page = visitor.page(f"/recommendations/{OPEN}")
    links = page.select(".head-facts a")
    assert [words(link) for link in links][:4] == ["13", "1", "57", "0"]
    for link in links[:4]:
        assert count(link) == total(visitor.page(link["href"])), link["href"]


def test_healthy_assets_are_listed_page_by_page(visitor):
    seen = []
    address = f"/recommendations/{OPEN}?verdict=healthy&per_page=25"
    while address:
        page = visitor.page(address)
        seen += [words(a) for a in page.select("tbody .cell-title a")]
        following = page.select_one("[rel=next]")
        address = following["href"] if following else ""
    assert len(seen) == len(set(seen)) == total(page) > 50


def test_a_check_without_verdicts_has_a_page_too(newcomer):
    page = newcomer.page(f"/recommendations/{VERSIONS}")
    assert "No asset here is unhealthy" in words(page.main)


def test_the_rule_names_its_facts_examples_and_parameters(visitor):
    rule = words(visitor.page(f"/recommendations/{OPEN}?tab=rule").main)
    assert "Looks at public_access_block" in rule
    assert "Healthy Blocked" in rule
    assert "unread: AccessDenied" in rule
    assert 'return healthy("public policies are blocked"' in rule
    parameters = words(visitor.page(f"/recommendations/{ROOT}?tab=rule").main)
    assert "max_age_days Days until a key is too old. Here 90 , by default 90 , at least 1, at most 365" in parameters


def test_texts_without_an_asset_show_what_to_put_in(visitor):
    text = words(visitor.page(f"/recommendations/{KEY}?tab=action").main)
    assert "--bucket <name>" in text


def test_the_scope_of_the_frame_limits_the_page_and_every_link(visitor):
    page = visitor.page(f"/recommendations?scope={LAB}")
    assert words(page.select_one(".top details summary")) == "Scope: lab <b>"
    for link in page.select(".side li a, tbody a, .views a, .tabs a"):
        assert f"scope={LAB}" in link["href"]
    assert {count(link) for link in page.select("td.number a")} == {1}
    assert POLICY in words(page.main)


def test_a_script_for_all_findings_is_given_out_and_cures_what_the_page_counts(visitor, workspace):
    page = visitor.page(f"/recommendations/{OPEN}?tab=action")
    link = page.select_one("a[download]")["href"]
    text = visitor.get(link).text
    told = visitor.get(f"/api/v1/checks/{OPEN}/script").json()
    assert told["script"] == text
    wanted = FindingFilter(checks=frozenset({OPEN}), states=frozenset({State.UNHEALTHY}))
    assert set(told["findings"]) == {one.id for one in queries.all_findings(workspace, wanted)}
    assert visitor.get(f"/recommendations/{OPEN}/script?way=console").status_code == 422
    assert visitor.get(f"/api/v1/checks/{OPEN}/script?way=console").status_code == 400
    assert visitor.get("/api/v1/checks/no.check/script").status_code == 404


def test_a_script_is_of_the_scopes_of_the_frame(visitor):
    assert "\n# 1. " not in visitor.get(f"/recommendations/{OPEN}/script?scope=999999999999").text
    assert visitor.get(f"/api/v1/checks/{OPEN}/script?scope=999999999999").json()["findings"] == []


def test_the_page_has_the_order_of_the_api(visitor):
    rows = visitor.get("/api/v1/recommendations").json()["rows"]
    assert titles(visitor.page("/recommendations")) == [row["title"] for row in rows]
