"""Attack paths on the command line: list, show, fix, simulate, and what is asked about all of them."""

import json

import pytest

from poise.cli.main import run
from tests.scenarios.runner import HERE, Case, write

CI, ACCOUNT = "arn:aws:iam::111122223333:user/ci", "arn:aws:iam::111122223333:root"


@pytest.fixture
def shop(tmp_path, capsys):
    """Scan the third scenario; return what runs a command on it and gives its JSON."""
    db = str(tmp_path / "poise.db")
    file = write(Case(HERE / "03"), tmp_path)
    assert run(["scan", "files", str(file), "--db", db, "-q", "-o", f"json={tmp_path / 'scan.json'}"]) == 0
    capsys.readouterr()

    def asked(*words, code=0):
        assert run([*words, "--db", db, "-q", "-o", "json"]) == code
        return json.loads(capsys.readouterr().out)

    asked.scan = json.loads((tmp_path / "scan.json").read_text())
    return asked


def test_a_scan_counts_its_paths(shop):
    assert shop.scan["paths"] == {"open": 1, "critical": 1, "opened": 1, "fixed": 0, "failed": ""}


def test_a_listed_path_has_the_fields_that_scripts_rely_on(shop):
    (row,) = shop("list", "paths")

    assert {"id", "title", "risk", "entry", "target", "steps", "count", "choke_points", "fix_summary"} <= row.keys()
    assert {"from", "to", "rule", "technique", "state", "evidence"} <= row["steps"][0].keys()
    assert (row["count"], row["target"]["id"], row["status"]) == (12, ACCOUNT, "open")


def test_a_listed_path_says_of_its_fix_that_nobody_has_proven_it(shop):
    """The list is kept after a scan, which proves no fix: its words must not be taken for a proof."""
    (row,) = shop("list", "paths")
    assert row["fix_summary"].startswith("Not proven yet: ")


def test_a_shown_path_has_fixes_with_their_proof(shop):
    (row,) = shop("list", "paths")
    shown = shop("show", row["id"])

    assert {"change", "verified", "paths_before", "paths_after"} <= shown["fixes"][0].keys()
    assert (shown["fixes"][0]["verified"], shown["fixes"][0]["paths_before"]) == (True, 12)
    assert shop("fix", row["id"])["fixes"] == shown["fixes"]


def test_removing_what_is_taken_over_is_simulated(shop):
    found = shop("simulate", f"remove:{CI}")

    assert (found["findings_before"], found["findings_after"], found["opened"]) == (1, 0, [])
    assert [one["id"] for one in found["targets_cleared"]] == [ACCOUNT]
    assert found["changes"] == [{"asset": CI, "kind": "AWS::IAM::User", "change": "removed", "facts": [], "unread": []}]


def test_a_change_that_cannot_be_read_is_refused(shop, capsys):
    (row,) = shop("list", "paths")
    assert shop("simulate", f"fix:{row['id']}:1")["findings_after"] in (0, 1)
    assert run(["simulate", "remove:nothing", "--db", "x.db"]) == 2


def test_all_paths_are_asked_about_together(shop):
    (fix, *_) = shop("paths", "top-fixes")
    assert (fix["verdict"], fix["paths_after"]) == ("verified", 0)
    assert shop("paths", "choke-points") == [] or shop("paths", "choke-points")[0]["share"] <= 1
    assert shop("paths", "why-empty")["targets"] == 1
    assert shop("paths", "blind-spots") == []


def test_a_plan_that_closes_and_one_that_opens_paths_are_simulated(shop, tmp_path):
    build = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "lambda:*", "Resource": "*"}]}
    every = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    for document, after, code in ((build, 0, 0), (every, 2, 1)):
        plan = tmp_path / "plan.json"
        policy = {"user": "ci", "name": "build", "policy": json.dumps(document)}
        change = {"actions": ["update"], "before": policy, "after": policy, "after_unknown": {"id": True}}
        row = {"address": "aws_iam_user_policy.ci", "type": "aws_iam_user_policy", "change": change}
        plan.write_text(json.dumps({"format_version": "1.2", "resource_changes": [row]}))

        found = shop("simulate", str(plan), "--fail-on", "high", code=code)

        assert (found["findings_after"] > 0, found["not_simulated"], found["unclear"]) == (after > 0, [], [])


def test_a_change_that_a_plan_does_not_tell_is_named_and_closes_nothing(shop, tmp_path):
    policy = {"user": "ci", "name": "build"}
    change = {"actions": ["create"], "before": None, "after": policy, "after_unknown": {"policy": True}}
    rows = [{"address": "aws_iam_user_policy.ci", "type": "aws_iam_user_policy", "change": change}]
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"resource_changes": rows}))

    found = shop("simulate", str(plan))

    assert found["not_simulated"][0]["why"] == "policy is known after apply"
    assert found["closed"] == []


def test_before_anything_was_scanned_a_simulation_says_what_to_do(tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text('{"format_version": "1.2", "resource_changes": []}')

    assert run(["simulate", str(plan), "--db", str(tmp_path / "empty.db"), "-q"]) == 2
    said = capsys.readouterr()
    assert "Nothing was scanned yet" in said.err
    assert "poise scan" in said.err
    assert said.out == ""
