"""The API: the lists of the pages, paged by links, as JSON or CSV, with problem documents."""

import csv
import io
import json

import jsonschema
import pytest

from poise.app import queries
from poise.app.parameters import ASSET_PARAMETERS, FINDING_PARAMETERS
from poise.app.scores import secure_score
from poise.model.listings import FindingFilter
from tests.web.estate import CHECKS, HOSTILE, LAB, OPEN, SHOP

LISTS = ("findings", "recommendations", "assets", "checks", "scans")


def test_each_list_says_how_many_rows_it_has(caller):
    for name in LISTS:
        answer = caller.get(f"/api/v1/{name}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["total"] == int(answer.headers["x-total-count"]) > 0, name


def test_following_the_links_gives_every_row_once(caller, workspace):
    seen = []
    address = "/api/v1/findings?per_page=7&verdict=unhealthy"
    while address:
        answer = caller.get(address)
        seen += [row["id"] for row in answer.json()["rows"]]
        link = answer.headers.get("link")
        assert (link is None) == (answer.json()["next"] is None)
        address = link.split(">")[0].lstrip("<") if link else ""
    assert len(seen) == len(set(seen)) == answer.json()["total"]


def test_the_same_parameters_give_the_same_total_as_the_pages(caller):
    for query in ("risk=critical", "verdict=unknown", f"scope={LAB}", f"check={OPEN}", "q=shop-data-1", "status=any"):
        page = caller.page(f"/recommendations?view=flat&{query}")
        shown = page.select_one("[role=status] strong")
        assert caller.get(f"/api/v1/findings?{query}").json()["total"] == int(shown.get_text()), query


def test_recommendations_are_those_of_the_page(caller):
    for query in ("", "?verdict=unhealthy", "?q=nothing-bears-this-name", "?status=fixed"):
        rows = caller.page(f"/recommendations{query}").select("#results tbody tr")
        assert caller.get(f"/api/v1/recommendations{query}").json()["total"] == len(rows), query


def test_a_finding_has_the_shape_that_scripts_rely_on(caller):
    row = caller.get(f"/api/v1/findings?check={OPEN}&verdict=unhealthy").json()["rows"][0]
    assert {"id", "check", "title", "severity", "risk", "verdict", "reason", "evidence", "read_at", "source"} <= set(
        row
    )
    assert set(row["asset"]) == {"id", "kind", "name", "provider", "scope", "region"}
    assert caller.get(f"/api/v1/findings/{row['id']}").json() == row


def test_an_asset_has_its_record_its_gaps_and_its_verdicts(caller):
    asset = caller.get("/api/v1/assets/arn:aws:s3:::shop-data-00").json()
    assert asset["unread"] == {"policy": "AccessDenied on s3:GetBucketPolicy"}
    assert "policy" not in asset["record"]
    assert asset["record"]["public_access_block"]["block_public_policy"] is True
    assert len(asset["verdicts"]) == 4


def test_the_score_is_the_one_of_the_pages(caller, workspace):
    answer = caller.get("/api/v1/score").json()
    assert answer["overall"]["percentage"] == secure_score(workspace).overall.percentage
    assert [scope["scope"] for scope in caller.get(f"/api/v1/score?scope={SHOP}").json()["scopes"]] == [SHOP]


def test_coverage_lists_what_could_not_be_read(caller):
    answer = caller.get("/api/v1/coverage").json()
    assert answer["complete"] is False
    assert {gap["permission"] for gap in answer["gaps"] if not gap["expected"]} == {
        "s3:GetBucketPolicy",
        "s3:ListAllMyBuckets",
    }


def test_a_scan_has_its_coverage(caller):
    last = caller.get("/api/v1/scans").json()["rows"][0]
    assert caller.get(f"/api/v1/scans/{last['id']}").json()["coverage"]["scopes"]


def test_lists_are_csv_when_asked(caller):
    for name in LISTS:
        answer = caller.get(f"/api/v1/{name}?per_page=200", Accept="text/csv")
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert len(rows) - 1 == int(answer.headers["x-total-count"]), name


def test_csv_holds_no_formula(caller):
    answer = caller.get("/api/v1/assets?per_page=200", Accept="text/csv")
    names = {row["name"] for row in csv.DictReader(io.StringIO(answer.text))}
    assert f"'{HOSTILE[5]}" in names


def test_hostile_names_come_back_as_they_are(caller):
    rows = caller.get("/api/v1/assets?per_page=200").json()["rows"]
    assert set(HOSTILE) <= {row["name"] for row in rows}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/findings?risk=terrible", 422),
        ("/api/v1/findings?cursor=nonsense", 400),
        ("/api/v1/findings/nope", 404),
        ("/api/v1/assets/nope", 404),
        ("/api/v1/scans/99", 404),
        ("/api/v1/scans/x", 422),
        ("/api/v1/nope", 404),
    ],
)
def test_errors_are_problem_documents(caller, path, status):
    answer = caller.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["instance"] == path.partition("?")[0]


def test_a_wrong_parameter_is_named_with_what_is_allowed(caller):
    detail = caller.get("/api/v1/findings?risk=terrible").json()["detail"]
    assert "risk=terrible" in detail
    assert "critical, high, medium, low" in detail


def test_who_has_a_thing_already_is_told_so(caller):
    first = caller.get("/api/v1/score")
    again = caller.get("/api/v1/score", If_None_Match=first.headers["etag"])
    assert (again.status_code, again.text) == (304, "")


def test_the_description_names_every_parameter(caller):
    described = caller.get("/api/v1/openapi.json").json()
    assert described["info"]["title"] == "Poise"
    names = {p["name"] for p in described["paths"]["/api/v1/findings"]["get"]["parameters"]}
    assert set(FINDING_PARAMETERS) <= names
    names = {p["name"] for p in described["paths"]["/api/v1/assets"]["get"]["parameters"]}
    assert set(ASSET_PARAMETERS) <= names
    assert not [path for path in described["paths"] if not path.startswith("/api/")]
    jsonschema.validate(described, {"type": "object", "required": ["openapi", "info", "paths"]})


@pytest.mark.parametrize(
    "path", ["/api/v1/findings", "/api/v1/recommendations", "/api/v1/score", "/api/v1/assets", "/api/v1/scans"]
)
def test_answers_are_as_described(caller, path):
    described = caller.get("/api/v1/openapi.json").json()
    schema = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(caller.get(path).json(), {**schema, "components": described["components"]})


def test_the_docs_page_lists_every_operation(caller):
    text = caller.page("/api/v1/docs").get_text()
    for path in caller.get("/api/v1/openapi.json").json()["paths"]:
        assert path in text


def test_checks_are_all_there(caller):
    rows = caller.get("/api/v1/checks").json()["rows"]
    assert {row["id"] for row in rows} == set(CHECKS)


WRITING = (
    *(
        f"/api/v1/{path}"
        for path in (
            "governance/",
            "assignments",
            "notifications/",
            "standards/",
            "exemptions/",
            "check-again/",
            "groups",
            "custom-checks",
            "marks",
            "score/settings",
            "risk/settings",
            "switches/",
        )
    ),
    *("/api/v1/paths/{id}/exemption", "/api/v1/simulate", "/api/v1/query"),
)


def test_the_api_of_lists_only_reads(caller, workspace):
    before = json.dumps([f.id for f in queries.all_findings(workspace, FindingFilter())])
    described = caller.get("/api/v1/openapi.json").json()
    reading = [methods for path, methods in described["paths"].items() if not path.startswith(WRITING)]
    assert {method for methods in reading for method in methods} == {"get"}
    assert json.dumps([f.id for f in queries.all_findings(workspace, FindingFilter())]) == before
