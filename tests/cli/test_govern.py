"""Commands of governance: rules, what they assign, and the report."""

from datetime import UTC, datetime, timedelta

import pytest

CHECK = "aws.s3.versioning_off"
DAY = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()


def findings(poise, *more):
    return poise("list", "findings", "--check", CHECK, "--verdict", "unhealthy", "-o", "json", *more).json


def add(poise, *more):
    shape = ("--priority", 10, "--days", 14, "--condition", f"check={CHECK}", "--owner", "ann@example.org")
    return poise("govern", "add", "buckets", *shape, *more)


def test_a_rule_assigns_and_lists_say_so(scanned):
    result = add(scanned)
    assert result.code == 0
    assert "were assigned" in result.err
    found = findings(scanned)
    assert {f["owner"] for f in found} == {"ann@example.org"}
    assert {f["due"] for f in found} == {f"{DAY}T23:59:59Z"}
    assert findings(scanned, "--owner", "ann@example.org") == found
    assert findings(scanned, "--due", "on_time") == found
    assert findings(scanned, "--due", "overdue") == []
    rule = scanned("govern", "list", "-o", "json").json[0]
    assert (rule["name"], rule["days"], rule["what"]) == ("buckets", 14, CHECK)


def test_a_dry_run_changes_nothing(scanned):
    result = add(scanned, "--dry-run", "-o", "json")
    assert result.json["taken"] == len(findings(scanned))
    assert "would be assigned" in result.err
    assert {f["owner"] for f in findings(scanned)} == {None}
    assert scanned("govern", "list", "-o", "json").json == []


def test_the_report_has_rows_and_a_document(scanned):
    add(scanned)
    document = scanned("govern", "report", "-o", "json").json
    assert document["rules"][0]["on_time"] or document["rules"][1]["on_time"]
    lines = scanned("govern", "report", "-o", "csv").lines
    assert any("ann@example.org" in line for line in lines)


def test_rules_come_from_a_file(scanned, tmp_path):
    path = tmp_path / "governance.toml"
    path.write_text('[[rule]]\nname = "all"\npriority = 5\nowner = { address = "nobody" }\n')
    result = scanned("govern", "apply", path)
    assert result.code == 2
    assert f"{path}:4: " in result.err
    path.write_text('[[rule]]\nname = "all"\npriority = 5\nowner = { address = "ben@example.org" }\n')
    assert scanned("govern", "apply", path, "--dry-run").code == 0
    assert {f["owner"] for f in findings(scanned)} == {None}
    assert "1 added" in scanned("govern", "apply", path).err
    assert {f["owner"] for f in findings(scanned)} == {"ben@example.org"}
    assert "remove it there too" in scanned("govern", "remove", "all").err


def test_rules_move_and_run_again(scanned):
    add(scanned)
    scanned("govern", "add", "rest", "--priority", 20, "--owner", "ben@example.org")
    moved = scanned("govern", "move", "rest", "up", "-o", "json").json
    assert [one["name"] for one in moved] == ["rest", "buckets"]
    assert "0 findings" in scanned("govern", "rerun").err
    scanned("govern", "rerun", "--overwrite", "rules")
    assert {f["owner"] for f in findings(scanned)} == {"ben@example.org"}


def test_people_assign(scanned):
    id = findings(scanned)[0]["id"]
    assert scanned("assign", id, "--owner", "cara@example.org", "--due", DAY).code == 0
    assert findings(scanned, "--owner", "cara@example.org")[0]["id"] == id
    assert scanned("assign", id, "--eta", DAY, "--justification", "the vendor ships then").code == 0
    assert scanned("assign", CHECK, "--clear").code == 0
    assert {f["owner"] for f in findings(scanned)} == {None}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("assign", CHECK, "--owner", "cara"), "no mail address"),
        (("assign", CHECK, "--due", "2020-01-01"), "is past"),
        (("assign", CHECK), "Nothing is to be assigned"),
        (("assign", "nope", "--owner", "a@b.org"), "no finding"),
        (("assign", CHECK, "--clear", "--due", DAY), "Give it alone"),
        (("govern", "add", "x", "--priority", 1, "--condition", "severity"), "Expected WORD=VALUE"),
        (("govern", "add", "x", "--priority", 1, "--condition", "severity=dreadful"), "Invalid enum"),
        (("govern", "add", "x", "--priority", 1, "--overwrite", "some"), "Choose from"),
        (("govern", "add", "x", "--priority", 1, "--tag", "shop"), "NAME=VALUE"),
        (("govern", "add", "x", "--priority", 1, "--counted-from", "now"), "Invalid enum"),
        (("govern", "add", "x/y", "--priority", 1), "a name is of"),
        (("govern", "move", "x", "sideways"), "no direction"),
        (("govern", "remove", "x"), "no rule"),
    ],
)
def test_what_makes_no_sense_is_refused(scanned, words, says):
    result = scanned(*words)
    assert result.code == 2
    assert says in result.err
