"""Checks in CEL by the API: tried, kept, judged by the next scan, removed.

What is expected follows from the rule of each test (https://github.com/google/cel-spec) and the buckets of the estate.
"""

import pytest

from poise.app import queries
from poise.app.scan import ScanOptions, scan
from poise.app.scores import secure_score
from poise.app.workspace import open_workspace
from poise.collect.assets_file import AssetsFile
from poise.model.listings import FindingFilter
from poise.web.server import create_app
from tests.scenarios.runner import HERE, Case, write
from tests.web.visitor import Visitor

pytest.importorskip("cel_expr_python", reason="the extra `cel` is not installed")

RULE = """title = "Users should be named after people"
kind = "AWS::IAM::User"
severity = "high"
healthy_if = "asset.name.contains('.')"
unhealthy_because = "the name has no dot"

[[examples]]
name = "a person"
state = "healthy"
changes = { name = "ada.lovelace" }

[[examples]]
name = "a machine"
state = "unhealthy"
changes = { name = "ci" }
"""
ID = "custom.aws.named_users"
AT = "/api/v1/custom-checks"


@pytest.fixture
def opened(tmp_path):
    with open_workspace(tmp_path / "poise.db") as workspace:
        yield workspace


@pytest.fixture
def caller(opened):
    return Visitor(create_app(opened))


def send(caller, method, path, text="", **headers):
    return caller.send(method, f"{AT}{path}", {"content": text.encode()}, **headers)


def read_again(workspace, folder):
    """Scan the third scenario, whose only user is `ci`."""
    file = write(Case(HERE / "03"), folder)
    scan(workspace, [AssetsFile(file, "files", workspace.clock)], ScanOptions(command="scan files", threads=1))
    return queries.findings(workspace, FindingFilter(checks=frozenset({ID}))).rows


def test_a_check_that_is_kept_judges_from_the_next_scan_on_and_leaves_with_its_findings(caller, opened, tmp_path):
    assert read_again(opened, tmp_path) == ()
    before = secure_score(opened).overall.percentage
    answer = send(caller, "PUT", "/named_users", RULE)
    assert (answer.status_code, answer.json()["id"]) == (200, ID)

    (found,) = read_again(opened, tmp_path)
    assert (found.asset.name, found.verdict, found.reason) == ("ci", "unhealthy", "the name has no dot")
    assert secure_score(opened).overall.percentage == before
    assert [row["name"] for row in caller.get(AT).json()["rows"]] == ["named_users"]

    assert send(caller, "DELETE", "/named_users").status_code == 200
    assert queries.findings(opened, FindingFilter(checks=frozenset({ID}))).rows == ()
    assert ID not in opened.checks
    assert send(caller, "DELETE", "/named_users").status_code == 404


def test_another_process_finds_it_and_takes_over_what_was_changed(caller, opened, tmp_path):
    send(caller, "PUT", "/named_users", RULE)
    with open_workspace(tmp_path / "poise.db") as other:
        assert other.checks[ID].rule_text == "asset.name.contains('.')"
        send(caller, "PUT", "/named_users", RULE.replace("high", "low"))
        assert Visitor(create_app(other)).get("/api/v1/checks").status_code == 200
        assert other.checks[ID].severity == "low"


def test_trying_tells_what_each_example_gives_and_keeps_nothing(caller, opened):
    wrong = RULE.replace('state = "unhealthy"', 'state = "healthy"')
    tried = send(caller, "POST", "/named_users/try", wrong).json()
    assert [(one["name"], one["given"], one["is_right"]) for one in tried["examples"]] == [
        ("a person", "healthy", True),
        ("a machine", "unhealthy", False),
    ]
    assert send(caller, "PUT", "/named_users", wrong).status_code == 422
    assert caller.get(AT).json()["rows"] == []
    assert ID not in opened.checks


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (RULE.replace("asset.name.contains('.')", "asset.name =="), "line 1, column"),
        (RULE.replace("asset.name", "asset.shoe_size"), "shoe_size"),
        (RULE.replace("AWS::IAM::User", "AWS::Moon::Base"), "is no kind"),
        (RULE.replace('title = "', "title = "), "line 1"),
        (RULE.replace('changes = { name = "ci" }', "changes = { shoe = 1 }"), "has no fact 'shoe'"),
        ("x" * 70_000, "bytes"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(caller, text, says):
    answer = send(caller, "PUT", "/named_users", text)
    assert answer.status_code in (413, 422)
    assert says in answer.text


def test_a_name_that_is_none_or_taken_is_refused(caller, opened):
    from dataclasses import replace

    taken = replace(next(iter(opened.checks.values())), id=ID)
    opened.checks = {**opened.checks, ID: taken}
    assert send(caller, "PUT", "/Named-Users", RULE).status_code == 422
    assert "already" in send(caller, "PUT", "/named_users", RULE).text


def test_a_rule_that_never_ends_is_stopped_and_told(caller):
    """Six loops in one another over 40 tags take 40 ** 6 steps, more than any machine does in two seconds."""
    loops = "asset.tags.all(a0, " + "".join(f"asset.tags.all(a{n}, " for n in range(1, 6)) + "true" + ")" * 6
    tags = ", ".join(f"t{n} = '1'" for n in range(40))
    text = f"""title = "Users should be"
kind = "AWS::IAM::User"
healthy_if = "{loops}"

[[examples]]
name = "slow"
state = "healthy"
changes = {{ tags = {{ {tags} }} }}
"""
    answer = send(caller, "PUT", "/slow", text)
    assert answer.status_code == 422
    assert "is unknown, not healthy" in answer.text
    assert "took longer" in answer.text or "exceeded" in answer.text


def test_a_standard_may_ask_for_it(caller):
    send(caller, "PUT", "/named_users", RULE)
    standard = f"""title = "House rules"
version = "1"
source = "https://example.com/rules"

[section.1]
title = "People"

[control."1.1"]
title = "Names"
section = "1"
checks = ["{ID}"]
"""
    answer = caller.send("PUT", "/api/v1/standards/house", {"content": standard.encode()})
    assert answer.status_code == 200, answer.text
