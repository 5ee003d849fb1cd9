"""How the risk-based score and risks are computed: looked at, tried and saved by the API, or refused."""

from __future__ import annotations

import pytest

from poise.score.cloud import CloudRules
from poise.web.server import create_app
from tests.web.estate import estate
from tests.web.visitor import Visitor

HERE = "/api/v1/score/settings"


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    with estate(tmp_path_factory.mktemp("scoring")) as workspace:
        yield workspace


@pytest.fixture
def program(opened):
    return Visitor(create_app(opened))


def test_settings_are_tried_and_saved(program, opened):
    assert program.get(HERE).json()["bases"] == {"critical": 0.1, "high": 0.5, "medium": 0.9, "low": 0.99}
    tried = program.send("POST", f"{HERE}/preview", {"json": {"reading": "a"}}).json()
    assert tried["is_fixed"] is False
    assert tried["before"] == program.get("/api/v1/score/risk").json()
    assert program.get(HERE).json()["rules"]["reading"] == "b"
    body = {"reading": "a", "bases": {"low": 0.2}, "weights": {"high": 9}}
    assert program.send("PUT", HERE, {"json": body}).status_code == 200
    kept = program.get(HERE).json()
    assert kept["bases"] == {"critical": 0.99, "high": 0.9, "medium": 0.5, "low": 0.2}
    assert (kept["rules"]["weights"]["high"], kept["is_fixed"]) == (9, False)
    (row,) = opened.store.audit.page().rows
    assert (row.actor, row.detail["after"]) == ("api", body)
    assert program.send("PUT", HERE, {"json": {}}).status_code == 200
    assert program.get(HERE).json()["bases"]["low"] == 0.99


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"reading": "z"}, "reading"),
        ({"bases": {"low": 2}}, "bases.low"),
        ({"weights": {"low": 9, "high": 1}}, "weights falls"),
        ({"threshold": 1}, "threshold"),
    ],
)
def test_settings_that_cannot_be_are_refused_with_the_place(program, opened, body, says):
    for method, address in (("PUT", HERE), ("POST", f"{HERE}/preview")):
        answer = program.send(method, address, {"json": body})
        assert answer.status_code in (400, 422)
        assert says in answer.text


def test_settings_of_the_file_are_told_and_not_written_over(program, opened, monkeypatch):
    fixed = type(opened.choices)(cloud=CloudRules())
    monkeypatch.setattr(opened, "choices", fixed)
    assert program.get(HERE).json()["is_fixed"]
    assert program.send("PUT", HERE, {"json": {"reading": "a"}}).status_code == 400


def test_a_page_of_another_site_saves_nothing(program):
    sent = program.send("PUT", HERE, {"json": {"reading": "a"}}, Origin="https://evil.example")
    assert sent.status_code == 403


RISKS = "/api/v1/risk/settings"


def test_other_rules_of_risk_are_tried_and_nothing_is_set(program, opened):
    held = program.get(RISKS).json()
    assert held["levels"] == {"medium": 25, "high": 50, "critical": 75}
    listed = program.get("/api/v1/findings").json()

    body = {"levels": {"medium": 0, "high": 0, "critical": 0}}
    tried = program.send("POST", f"{RISKS}/preview", {"json": body}).json()

    assert tried["before"]["critical"] < tried["after"]["critical"] == sum(tried["before"].values()) == listed["total"]
    assert tried["score_before"] == program.get("/api/v1/score/risk").json()
    assert tried["score_after"]["percentage"] < tried["score_before"]["percentage"]
    assert {row["after"] for row in tried["moved"]} == {"critical"}
    assert program.get(RISKS).json() == held
    assert program.get("/api/v1/findings").json()["rows"] == listed["rows"]
    assert program.send("POST", f"{RISKS}/preview", {"json": {}}).json()["turns"] == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"levels": {"medium": 60}}, "risk.levels falls"),
        ({"levels": {"high": 1.5}}, "risk.levels.high"),
        ({"points": {"exposure": {"wide": -1}}}, "risk.points.exposure.wide"),
        ({"points": {"weather": 1}}, "weather"),
        ({"weather": 1}, "weather"),
        ([], "object"),
    ],
)
def test_rules_of_risk_that_cannot_be_are_refused(program, body, says):
    answer = program.send("POST", f"{RISKS}/preview", {"json": body})
    assert answer.status_code in (400, 422)
    assert says in answer.text


def test_rules_of_risk_are_not_tried_by_another_site(program):
    answer = program.send("POST", f"{RISKS}/preview", {"json": {}}, Origin="https://evil.example")
    assert answer.status_code == 403
