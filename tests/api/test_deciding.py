"""Decisions about attack paths by the API: exemptions and simulations, and what is refused."""

import json

import pytest

from poise.app.scan import ScanOptions, scan
from poise.app.workspace import open_workspace
from poise.collect.assets_file import AssetsFile
from poise.web.server import create_app
from tests.scenarios.runner import HERE, Case, write
from tests.web.visitor import Visitor

CI = "arn:aws:iam::111122223333:user/ci"


@pytest.fixture(scope="module")
def caller(tmp_path_factory):
    folder = tmp_path_factory.mktemp("deciding")
    file = write(Case(HERE / "03"), folder)
    with open_workspace(folder / "poise.db") as workspace:
        scan(workspace, [AssetsFile(file, "files", workspace.clock)], ScanOptions(command="scan files", threads=1))
        yield Visitor(create_app(workspace))


@pytest.fixture
def path(caller):
    (row,) = caller.get("/api/v1/paths").json()["rows"]
    return row


def send(caller, method, address, body, **headers):
    return caller.send(method, address, {"content": json.dumps(body)}, Content_Type="application/json", **headers)


def test_a_path_is_exempted_and_counted_again(caller, path):
    address = f"/api/v1/paths/{path['id']}/exemption"
    made = send(caller, "PUT", address, {"reason": "a lab", "until": "2999-06-30"})

    assert (made.status_code, made.json()["exemption"]) == (200, "a lab")
    assert made.json()["exempted_until"].startswith("2999-07-01T00:00")
    assert caller.send("DELETE", address, {}).json()["exemption"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": " "},
        {"reason": "x", "until": "soon"},
        {"reason": "x", "until": "2020-01-01"},
        {"reason": "x", "who": "me"},
        [],
    ],
)
def test_an_exemption_that_makes_no_sense_is_refused(caller, path, body):
    answer = send(caller, "PUT", f"/api/v1/paths/{path['id']}/exemption", body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_there_is_no_exemption_of_what_is_not_there(caller):
    assert send(caller, "PUT", "/api/v1/paths/0000/exemption", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("method", "address"),
    [("PUT", "/api/v1/paths/{}/exemption"), ("DELETE", "/api/v1/paths/{}/exemption"), ("POST", "/api/v1/simulate")],
)
def test_a_page_of_another_site_decides_nothing(caller, path, method, address):
    answer = send(caller, method, address.format(path["id"]), {"reason": "x"}, Origin="https://evil.example")

    assert answer.status_code == 403


def test_changes_and_plans_are_simulated(caller, path):
    removed = send(caller, "POST", "/api/v1/simulate", {"changes": [f"remove:{CI}"]}).json()
    fixed = send(caller, "POST", "/api/v1/simulate", {"changes": [f"fix:{path['id']}"]}).json()
    change = {"actions": ["delete"], "before": {"name": "ci", "arn": CI}, "after": None}
    plan = {"resource_changes": [{"address": "aws_iam_user.ci", "type": "aws_iam_user", "change": change}]}
    planned = send(caller, "POST", "/api/v1/simulate", {"documents": [plan]}).json()

    assert (removed["findings_after"], fixed["opened"], planned["findings_after"]) == (0, [], 0)
    assert planned["changes"][0]["change"] == "removed"


@pytest.mark.parametrize(
    "body", [{}, {"changes": ["/etc/passwd"]}, {"changes": ["remove:nothing"]}, {"documents": [{"a": 1}]}]
)
def test_a_simulation_of_nothing_known_is_refused(caller, body):
    assert send(caller, "POST", "/api/v1/simulate", body).status_code == 422
