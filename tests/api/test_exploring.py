"""The API of the explorer."""

from dataclasses import replace

import pytest

from poise.app import saved_queries
from poise.graph.explorer.forms import from_text
from poise.model.saved_query import Watch
from poise.web.server import create_app
from tests.web.estate import estate
from tests.web.visitor import Visitor

QUERY = "find AWS::S3::Bucket where name exists limit 2"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("api-explorer")) as workspace:
        yield workspace


@pytest.fixture(scope="module")
def program(served):
    return Visitor(create_app(served))


def send(program, method, path, body):
    return program.send(method, f"/api/v1{path}", {"json": body})


def test_text_and_json_give_the_same_rows(program):
    text = send(program, "POST", "/query", {"text": QUERY}).json()
    again = send(program, "POST", "/query", {"query": text["query"]}).json()
    assert text["text"] == QUERY
    assert [row["1"]["id"] for row in text["rows"]] == [row["1"]["id"] for row in again["rows"]]
    assert text["has_more"]


def test_an_offset_gives_the_next_rows(program):
    first = send(program, "POST", "/query", {"text": QUERY}).json()["rows"]
    second = send(program, "POST", "/query", {"text": QUERY, "offset": 1}).json()["rows"]
    assert second[0] == first[1]


def test_each_block_is_counted(program):
    found = send(program, "POST", "/query/counts", {"text": "find AWS::S3::Bucket -[any]-> (AWS::Moon::Base)"}).json()
    assert found["counts"][0] > 0
    assert found["counts"][1] == 0


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"text": "find bucket wher x"}, "Column 13"),
        ({"query": {"find": 1}}, "This is no query"),
        ({}, "either"),
        ({"text": QUERY, "query": {}}, "either"),
        ({"text": "no_such_name"}, "no_such_name"),
        ({"text": "/etc/passwd.json"}, "Column 1"),
    ],
)
def test_a_wrong_query_is_told_with_its_place(program, body, says):
    answer = send(program, "POST", "/query", body)
    assert answer.status_code == 422
    assert says in answer.json()["detail"] + answer.json()["title"]


def test_ready_questions_are_listed_by_theme(program):
    rows = program.get("/api/v1/query/templates?theme=secrets").json()["rows"]
    assert rows
    assert {row["theme"] for row in rows} == {"secrets"}


def test_ways_lead_from_one_asset_to_another(program):
    row = send(program, "POST", "/query", {"text": "find anything -[contains]-> (AWS::S3::Bucket) limit 1"}).json()[
        "rows"
    ][0]
    found = program.get(f"/api/v1/query/ways?from={row['1']['id']}&to={row['2']['id']}").json()
    assert [edge["kind"] for edge in found["ways"][0]["edges"]] == ["contains"]
    nothing = program.get("/api/v1/query/ways?from=nowhere&to=internet")
    assert nothing.status_code == 400
    assert "nowhere" in nothing.text
    assert program.get("/api/v1/query/ways?from=a&to=b&edge=nonsense").status_code == 422


def test_a_query_is_kept_watched_and_removed(program):
    kept = send(program, "PUT", "/query/saved/two_buckets", {"text": QUERY, "is_shared": True}).json()
    assert (kept["text"], kept["is_shared"]) == (QUERY, True)
    watch = send(program, "PUT", "/query/saved/two_buckets/watch", {"title": "Buckets should be", "severity": "high"})
    assert watch.json()["watch"]["severity"] == "high"
    assert [row["name"] for row in program.get("/api/v1/query/saved").json()["rows"]] == ["two_buckets"]
    assert "custom.aws.two_buckets" in program.get("/api/v1/checks").text
    assert program.send("DELETE", "/api/v1/query/saved/two_buckets/watch", {}).json()["watch"] is None
    assert program.send("DELETE", "/api/v1/query/saved/two_buckets", {}).status_code == 200
    assert program.send("DELETE", "/api/v1/query/saved/two_buckets", {}).status_code == 404


def test_what_another_process_watches_is_a_check_here(served, program):
    """A second workspace over the store stands for a command that is run beside the server."""
    beside = replace(served)
    saved_queries.save(beside, "from_elsewhere", from_text(QUERY), "ann")
    saved_queries.watch(beside, "from_elsewhere", Watch(title="None", severity="low", fix=""), "ann")
    assert "custom.aws.from_elsewhere" in program.get("/api/v1/checks").text
    saved_queries.remove(beside, "from_elsewhere", "ann")
    assert "custom.aws.from_elsewhere" not in program.get("/api/v1/checks").text


def test_a_page_of_another_site_changes_nothing(program):
    answer = program.send("DELETE", "/api/v1/query/saved/x", {}, Origin="https://evil.example")
    assert answer.status_code == 403


def test_the_description_names_the_operations(program):
    paths = program.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/query", "/api/v1/query/counts", "/api/v1/query/ways", "/api/v1/query/saved/{name}"} <= set(paths)
