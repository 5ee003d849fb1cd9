"""Attack paths on pages: the list, one path, what if, decisions, and the page that simulates."""

import json
import re

import pytest

from poise.app import path_lists
from poise.app import paths as attack_paths
from poise.app.path_lists import PathFilter
from tests.web.estate import HOSTILE
from tests.web.path_estate import BUCKET, path_estate, records
from tests.web.visitor import HTMX, total, visitor_of, words


@pytest.fixture(scope="module")
def paths_workspace(tmp_path_factory):
    with path_estate(tmp_path_factory.mktemp("paths")) as opened:
        yield opened


@pytest.fixture(scope="module")
def guest(paths_workspace):
    return visitor_of(paths_workspace)


@pytest.fixture(scope="module")
def row(paths_workspace):
    (found,) = path_lists.listed(paths_workspace, PathFilter())
    return found


def test_the_list_tells_the_way_and_how_much_was_analysed(guest, row):
    page = guest.page("/attack-paths")
    head = words(page.select_one(".lead"))

    assert total(page) == 1
    assert re.match(r"1 path · [\d,]+ assets and [\d,]+ steps analysed · ", head)
    assert words(page.select_one("#results .way")).startswith("the internet → then ")
    assert page.select_one(f'#results a[href="/attack-paths/{row["id"]}"]')


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("risk=critical", 1),
        ("risk=low", 0),
        ("entry=internet&target=sensitive+data", 1),
        ("entry=anyone", 0),
        ("category=vulnerability", 1),
        ("category=supply+chain", 0),
        ("provider=aws", 1),
        ("provider=azure", 0),
        ("length=4", 1),
        ("length=3", 0),
        (f"asset={BUCKET}", 1),
        ("asset=arn:aws:s3:::other", 0),
        ("status=fixed", 0),
        ("since=2026-11-19", 1),
        ("since=2026-12-01", 0),
        ("q=CVE-2026-1111", 1),
        ("q=nothing-says-this", 0),
        ("scope=111122223333", 1),
        ("scope=999", 0),
    ],
)
def test_a_filter_gives_the_same_on_pages_and_through_the_api(guest, query, count):
    assert total(guest.page(f"/attack-paths?{query}")) == count
    answer = guest.get(f"/api/v1/paths?{query}").json()
    assert (answer["total"], len(answer["rows"])) == (count, count)


def test_a_check_is_on_a_path_only_where_a_step_rests_on_what_it_finds(guest, paths_workspace, row):
    found = path_lists.paths_by_check(paths_workspace)

    assert "aws.s3.versioning_off" not in found
    assert all(total(guest.page(f"/attack-paths?check={check}")) == count for check, count in found.items())


def test_the_values_of_a_filter_are_counted(guest):
    fragment = guest.get("/attack-paths/filters/category").text

    assert re.search(r"Vulnerability</span><span class=\"count\">1<", fragment)
    assert re.search(r"Supply chain</span><span class=\"count\">0<", fragment)


def test_the_list_is_given_as_a_file(guest, row):
    assert guest.get("/attack-paths?format=csv").text.splitlines()[1].startswith(row["id"])
    assert guest.get("/attack-paths?format=json").json()[0]["id"] == row["id"]


def test_choke_points_name_the_machine_and_the_role(guest, row):
    text = words(guest.page("/attack-paths?view=points").select_one("#results"))

    assert all(one["name"] in text for one in row["choke_points"])
    assert "1 of 1" in text


def test_the_top_fixes_are_proven(guest):
    text = words(guest.page("/attack-paths/top-fixes").select_one("#proofs"))

    assert "Proven" in text
    assert "1 of 1 path gone" in text


def test_steps_and_picture_of_a_path_hold_the_same_places(guest, row):
    page = guest.page(f"/attack-paths/{row['id']}")
    data = json.loads(page.select_one("[data-graph-data]").get_text())
    steps = page.select(".path-steps > li")

    assert len(steps) == len(row["steps"]) == 4
    assert data["path"] == list(dict.fromkeys([row["steps"][0]["from"], *(step["to"] for step in row["steps"])]))
    assert {node["id"] for node in data["nodes"]} >= set(data["path"])
    assert [button["data-graph-edge"] for button in page.select(".path-step")] == ["0", "1", "2", "3"]
    assert all("ATT&CK" in words(step) for step in steps)
    assert all(step.select(".proof li") for step in steps)
    assert page.select_one(f'[data-panel-for="{BUCKET}"]')


def test_a_hostile_name_is_text_on_every_page_of_a_path(guest, row):
    for tab in ("", "?tab=fixes", "?tab=history"):
        page = guest.page(f"/attack-paths/{row['id']}{tab}")
        assert not page.select("main img")
        assert HOSTILE[0] in page.select_one("main").get_text()


def test_fixes_carry_their_steps_and_what_they_do(guest, row):
    page = guest.page(f"/attack-paths/{row['id']}?tab=fixes")
    text = words(page.select_one("#fixes"))

    assert "Proven: no way is left" in text
    assert "In the console" in text
    assert "On the command line" in text
    assert "In Terraform" in text
    assert "Ways: 1 before, 0 after" in text


def test_what_if_answers_with_its_part_alone(guest, row):
    where = f"/attack-paths/{row['id']}?tab=fixes&fix=1"
    part = guest.get(where, **HTMX, HX_Target="what-if").text
    page = words(guest.page(where).select_one("#what-if"))

    assert part.lstrip().startswith("<section")
    assert "1 before, 0 after" in page
    assert guest.page(where).select_one('#fixes input[name="fix"][value="1"]').has_attr("checked")


def test_the_api_says_what_fixes_do_together_and_describes_it(guest, row):
    found = guest.get(f"/api/v1/paths/{row['id']}/what-if?fix=1").json()
    described = guest.get("/api/v1/openapi.json").json()["paths"]

    assert (found["verdict"], found["everywhere"]["findings_after"]) == ("verified", 0)
    assert {"category", "target", "length"} <= {one["name"] for one in described["/api/v1/paths"]["get"]["parameters"]}
    assert guest.get("/api/v1/paths/00000000000000000000/what-if?fix=1").status_code == 404


def test_numbers_of_fixes_that_there_are_not_are_ignored(guest, row):
    assert guest.get(f"/attack-paths/{row['id']}?tab=fixes&fix=99&fix=x").status_code == 200


def test_a_path_that_there_is_not_is_not_found(guest):
    assert guest.get("/attack-paths/00000000000000000000").status_code == 404


def test_a_decision_of_another_site_is_refused(guest, row):
    refused = guest.post(f"/attack-paths/{row['id']}/exempt", {"reason": "x"}, Origin="http://evil.example")

    assert refused.status_code == 403


def test_an_exempt_path_counts_nowhere_until_it_counts_again(guest, row, paths_workspace):
    where = f"/attack-paths/{row['id']}"
    assert guest.post(f"{where}/exempt", {"reason": ""}).status_code == 422
    assert guest.post(f"{where}/exempt", {"reason": "x", "until": "soon"}).status_code == 422
    done = guest.post(f"{where}/exempt", {"reason": "a test bed", "until": "2027-06-30", "by": "ann@example.org"})
    try:
        assert done.status_code == 303
        assert "a test bed" in words(guest.page(where).select_one("main"))
        assert path_lists.standing(paths_workspace) == []
        assert total(guest.page("/attack-paths?status=exempt")) == 1
    finally:
        guest.post(f"{where}/count", {})
    assert len(path_lists.standing(paths_workspace)) == 1


def test_a_target_is_marked_as_critical_with_a_reason(guest, row, paths_workspace):
    where = f"/attack-paths/{row['id']}"
    assert guest.post(f"{where}/critical", {"reason": ""}).status_code == 422
    assert guest.post(f"{where}/critical", {"reason": "all customers"}).status_code == 303
    assert [one.reason for one in paths_workspace.store.marks.all().values()] == ["all customers"]
    assert len(attack_paths.paths(paths_workspace)) == 1


def test_overview_counts_paths_and_links_to_them(guest):
    page = guest.page("/")
    tile = next(one for one in page.select(".tile") if "Attack paths" in one.get_text())

    assert tile.select_one("b").get_text() == "1"
    assert total(guest.page(tile["href"])) == 1
    badges = {link["href"]: int(link.get_text().split()[-1]) for link in page.select(".path-badge")}
    assert badges
    assert all(total(guest.page(href)) == count for href, count in badges.items())


def test_an_asset_and_its_findings_name_the_paths_through_them(guest, row):
    assert guest.page(f"/inventory/{BUCKET}").select_one(".path-badge")
    links = [a["href"] for a in guest.page(f"/inventory/{BUCKET}").select('a[href^="/findings/"]')]
    text = words(guest.page(links[0]).select_one("main"))
    assert "Attack paths through this asset" in text
    assert row["title"].split(" in ")[0] in text


def test_an_empty_page_says_why(visitor, newcomer):
    text = words(visitor.page("/attack-paths").select_one("main"))
    assert "No attack path in" in text
    assert re.search(r"followed from \d+ exposed entr(y|ies) towards \d+ target", text)
    assert "Nothing was searched yet" in words(newcomer.page("/attack-paths").select_one("main"))


def test_a_named_fix_is_simulated_at_an_address_that_can_be_shared(guest, row):
    page = guest.page(f"/simulate?change=fix:{row['id']}")
    text = words(page.select_one("main"))

    assert "1 attack path would close" in text
    assert "1 → 0 Attack paths" in text
    assert guest.get(f"/simulate?change=fix:{row['id']}&format=json").json()["findings_after"] == 0


def test_an_address_names_no_files_of_the_server(guest, tmp_path):
    file = tmp_path / "assets.json"
    file.write_text(json.dumps(records()))

    assert "1 change ignored" in words(guest.page(f"/simulate?change={file}").select_one("main"))


def test_records_that_are_sent_are_simulated_and_keep_an_address(guest):
    rows = records()
    bucket = next(row for row in rows if row["id"] == BUCKET)
    bucket["tags"] = {}
    sent = guest.post("/simulate", {"records": json.dumps([bucket])})

    assert sent.status_code == 303
    assert "Result" in words(guest.page(sent.headers["location"]).select_one("main"))


@pytest.mark.parametrize("text", ["", "not json", "[1]", '{"terraform_version": "1"}'])
def test_records_that_are_none_get_a_clear_answer(guest, text):
    assert guest.post("/simulate", {"records": text}).status_code == 422


def test_a_simulation_that_is_not_kept_says_so(guest):
    assert "no longer kept" in words(guest.page("/simulate?records=abc").select_one("main"))
