"""Commands about what was found: list, show, why, fix, score, report, db, doctor, completion."""

import json
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import FORMULA, bucket, export

CHECK = "aws.s3.versioning_off"
DECIDED = ("--reason", "kept bare", "--approver", "ann@example.com", "--until", "2099-01-01")


def id_of(poise, name: str) -> str:
    found = poise("list", "findings", "--check", CHECK, "-o", "json").json
    return next(row["id"] for row in found if row["asset"]["name"] == name)


def test_a_scan_answers_in_the_agreed_shape(poise, estate):
    answer = poise("scan", "files", estate, "-o", "json").json

    assert {"scan", "started", "finished", "assets", "verdicts", "findings", "score", "coverage"} <= set(answer)
    assert set(answer["verdicts"]) == {"healthy", "unhealthy", "not_applicable", "unknown"}
    assert set(answer["findings"]) == {"unhealthy", "unknown"}
    assert {"complete", "scopes", "gaps"} <= set(answer["coverage"])
    assert {"scope", "state"} <= set(answer["coverage"]["scopes"][0])


def test_a_scan_always_sums_up(poise, estate):
    line = poise("scan", "files", estate).err.splitlines()[0]

    assert line.startswith("7 assets, ")
    assert " unhealthy, " in line
    assert " unknown" in line
    assert line.count(" s") >= 1


def test_findings_come_in_the_agreed_shape(scanned):
    row = scanned("list", "findings", "-o", "json").json[0]

    assert set(row) >= {
        "id", "check", "title", "severity", "risk", "verdict", "reason", "evidence", "read_at", "source", "asset",
        "first_seen", "owner", "due", "exemption", "controls",
    }  # fmt: skip
    assert set(row["asset"]) == {"id", "kind", "name", "provider", "scope", "region"}
    assert set(row["risk"]) == {"level", "factors"}


def test_findings_are_unhealthy_and_unknown_unless_all_are_wanted(scanned):
    few = {row["verdict"] for row in scanned("list", "findings", "-o", "json").json}
    every = {row["verdict"] for row in scanned("list", "findings", "--all", "-o", "json").json}

    assert few == {"unhealthy", "unknown"}
    assert "healthy" in every


def test_filters_narrow_and_repeat(scanned):
    names = {
        row["asset"]["name"]
        for row in scanned("list", "findings", "--check", CHECK, "--verdict", "unknown", "-o", "json").json
    }
    both = scanned("list", "findings", "--check", CHECK, "--verdict", "unknown", "--verdict", "unhealthy", "-o", "json")

    assert names == {"dark"}
    assert len(both.json) == 5


def test_assets_are_read_back_by_a_scan(scanned, tmp_path):
    before = scanned("list", "assets", "-o", f"json={tmp_path / 'hand-over.json'}")
    assert before.code == 0
    scanned("scan", "files", tmp_path / "hand-over.json", "--db", tmp_path / "other.db")
    again = scanned("list", "assets", "--db", tmp_path / "other.db", "-o", "json").json
    first = json.loads((tmp_path / "hand-over.json").read_text())

    facts = ("id", "kind", "name", "provider", "scope", "region", "tags", "record", "unread")
    assert [{f: row[f] for f in facts} for row in again] == [{f: row[f] for f in facts} for row in first]
    assert {row["format_version"] for row in first} == {1}


def test_recommendations_count_their_findings(scanned):
    rows = scanned("list", "recommendations", "--check", CHECK, "-o", "json").json

    assert [(r["check"], r["counts"]["unhealthy"], r["counts"]["unknown"], r["counts"]["healthy"]) for r in rows] == [
        (CHECK, 4, 1, 1)
    ]


def test_scans_are_listed_newest_first(scanned, estate):
    scanned("scan", "files", estate, "-q")

    assert [row["id"] for row in scanned("list", "scans", "-o", "json").json] == [2, 1]


def test_show_takes_every_kind_of_id(scanned):
    finding = id_of(scanned, "bad")

    assert "versioning was never enabled" in scanned("show", finding).out
    assert "## Risk" in scanned("show", CHECK).out
    assert "Scan 1" in scanned("show", "1").out
    asset = scanned("show", "arn:aws:s3:::dark").out
    assert "not read: AccessDenied on s3:GetBucketVersioning" in asset


def test_show_asset_as_json_holds_facts_and_verdicts(scanned):
    document = scanned("show", "arn:aws:s3:::bad", "-o", "json").json

    assert document["record"]["versioning"] is None
    assert CHECK in {row["check"] for row in document["verdicts"]}


def test_why_tells_the_reason_the_risk_and_what_was_not_read(scanned):
    out = scanned("why", id_of(scanned, "dark")).out

    assert "Why it is unknown" in out
    assert "Why its risk is" in out
    assert "Facts that could not be read" in out


def test_why_score_tells_what_each_control_gives(scanned):
    result = scanned("why", "score")

    assert "healthy / (healthy + unhealthy)" in result.out
    assert "Control" in result.out


def test_fix_fills_in_the_assets_own_name(scanned):
    out = scanned("fix", id_of(scanned, "bad"), "--way", "cli").out

    assert out == "aws s3api put-bucket-versioning --bucket bad --versioning-configuration Status=Enabled\n"


def test_fix_quotes_a_hostile_name(scanned):
    out = scanned("fix", id_of(scanned, FORMULA), "--way", "cli").out

    assert "--bucket '=cmd|'\"'\"' /C calc'\"'\"'!A0' --versioning" in out


def test_a_script_cures_every_unhealthy_finding_of_a_check_and_is_a_script(scanned, tmp_path):
    out = scanned("fix", CHECK).out
    unhealthy = scanned("list", "findings", "--check", CHECK, "--verdict", "unhealthy", "-o", "json").json
    script = tmp_path / "fix.sh"
    script.write_text(out)

    assert out.startswith("#!/bin/sh\n")
    assert out.count("\naws s3api put-bucket-versioning ") == len(unhealthy)
    assert subprocess.run(["sh", "-n", script], check=False).returncode == 0


def test_a_script_leaves_out_what_the_filters_and_exemptions_leave_out(scanned):
    assert "put-bucket" not in scanned("fix", CHECK, "--scope", "999999999999").out
    assert "--bucket bad " in scanned("fix", CHECK).out
    scanned("exempt", "add", "bare", "--asset", "arn:aws:s3:::bad", *DECIDED)
    assert "--bucket bad " not in scanned("fix", CHECK).out


def test_filters_of_one_finding_are_refused(scanned):
    assert scanned("fix", id_of(scanned, "bad"), "--scope", "1").code == 2
    assert scanned("fix", CHECK, "--way", "console").code == 2


def test_score_comes_in_the_agreed_shape_with_unknown_and_range(scanned):
    answer = scanned("score", "-o", "json").json

    assert {"current", "max", "percentage", "unknown", "range"} <= set(answer["overall"])
    assert {"scope", "current", "max", "percentage", "weight", "unknown", "range", "controls"} <= set(
        answer["scopes"][0]
    )
    control = {
        "control",
        "max",
        "current",
        "potential",
        "percentage",
        "healthy",
        "unhealthy",
        "not_applicable",
        "unknown",
    }
    assert control <= set(answer["scopes"][0]["controls"][0])


def test_a_report_goes_to_a_file_of_its_own_or_several(scanned, tmp_path):
    assert scanned("report", "csv").out.startswith("id,check,title")

    scanned("report", "html", "-o", tmp_path / "one.html")
    scanned("report", "-o", f"json={tmp_path / 'r.json'}", "-o", f"sarif={tmp_path / 'r.sarif'}")

    assert "bad" in (tmp_path / "one.html").read_text()
    report = json.loads((tmp_path / "r.json").read_text())
    assert {row["check"] for row in report["recommendations"]} >= {CHECK}
    assert (tmp_path / "r.sarif").exists()


def test_a_report_of_another_scope_is_empty(scanned):
    assert scanned("report", "csv", "--scope", "999999999999").out.count("\n") == 1


def test_db_backup_copies_and_never_writes_over(scanned, tmp_path):
    copy = tmp_path / "copy.db"

    assert scanned("db", "backup", copy).code == 0
    assert scanned("db", "backup", copy).code == 2
    assert sqlite3.connect(copy).execute("select count(*) from asset").fetchone() == (7,)


def test_db_purge_asks_and_without_a_terminal_names_the_flag(scanned):
    refused = scanned("db", "purge", "111122223333")
    assert refused.code == 2
    assert "--yes" in refused.err
    assert "7 assets" in refused.err

    assert scanned("db", "purge", "111122223333", "--yes").code == 0
    assert scanned("list", "assets", "-o", "json").json == []


def test_db_gc_and_upgrade_say_what_they_did(scanned):
    assert "is gone" in scanned("db", "gc", "--days", "30").err
    assert "up to date" in scanned("db", "upgrade").err


def test_doctor_finds_a_sound_installation(scanned):
    result = scanned("doctor", "-o", "json")

    assert result.code == 0
    assert {row["what"] for row in result.json} >= {"Poise", "settings", "checks", "store", "pages"}


def test_doctor_finds_a_damaged_store(poise, tmp_path):
    (tmp_path / "bad.db").write_text("this is no database, but it is long enough to look like one")
    result = poise("doctor", "--db", tmp_path / "bad.db", "-o", "json")

    assert result.code == 2
    assert [row["state"] for row in result.json if row["what"] == "store"] == ["broken"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_ask_poise_for_words(poise, shell):
    out = poise("completion", shell).out

    assert "_POISE_COMPLETE" in out
    assert "poise" in out


def test_a_shell_gets_the_words_that_fit(poise, monkeypatch):
    monkeypatch.setenv("_POISE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "poise scan a")
    monkeypatch.setenv("COMP_CWORD", "2")
    with pytest.raises(SystemExit):
        poise()


def test_policies_are_documents_to_give_to_the_cloud(poise):
    aws = json.loads(poise("connect", "policy", "aws").out)
    azure = json.loads(poise("connect", "policy", "azure", "--scope", "1234").out)

    assert aws["Version"] == "2012-10-17"
    assert aws["Statement"][0]["Effect"] == "Allow"
    assert azure["AssignableScopes"] == ["/subscriptions/1234"]


def test_a_dry_run_prints_calls_and_stores_nothing(poise, tmp_path):
    folder = tmp_path / "demo" / "us-east-1"
    folder.mkdir(parents=True)
    identity = {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:root", "UserId": "111122223333"}
    (folder / "sts-get-caller-identity.json").write_text(json.dumps(identity))
    rows = poise("scan", "files", tmp_path / "demo", "--dry-run", "-o", "json").json

    assert {"scope", "region", "service", "call", "permission"} == set(rows[0])
    assert "s3:ListBuckets" in {row["call"] for row in rows}
    assert poise("list", "scans", "-o", "json").json == []


def test_two_exports_are_two_sources(poise, tmp_path):
    one = export(tmp_path / "one.json", bucket("first"))
    two = export(tmp_path / "two.json", bucket("second"))
    poise("scan", "files", one, two, "-q")

    assert {Path(row["source"].removeprefix("files:")).name for row in poise("list", "assets", "-o", "json").json} == {
        "one.json",
        "two.json",
    }


def test_files_that_nothing_asked_for_are_told(poise, tmp_path):
    folder = tmp_path / "demo" / "us-east-1"
    folder.mkdir(parents=True)
    identity = {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:root", "UserId": "111122223333"}
    (folder / "sts-get-caller-identity.json").write_text(json.dumps(identity))
    (folder / "chess-list-openings.json").write_text("{}")
    quiet, loud = (
        poise("scan", "files", tmp_path / "demo", "-o", "json"),
        poise("scan", "files", tmp_path / "demo", "-v"),
    )

    assert quiet.json["not_needed"] == [str(folder / "chess-list-openings.json")]
    assert "1 file held nothing that is needed; -v lists them." in quiet.err
    assert "chess-list-openings.json" in loud.err


def test_the_risk_based_score_has_two_readings(scanned):
    one, other = (scanned("score", "--formula", "risk", "--reading", reading, "-o", "json").json for reading in "ab")
    assert (one["reading"], other["reading"]) == ("a", "b")
    assert one["assets"] == other["assets"] > 0
    assert scanned("score", "--reading", "a").code == 2
    assert scanned("score", "--formula", "guess").code == 2


def test_why_the_score_changed_adds_up(scanned):
    answer = scanned("why", "score", "--from", "7d", "-o", "json").json
    assert [part["part"] for part in answer["parts"]] == ["scope", "assets", "checks", "exemptions", "grace"]
    assert sum(part["difference"] for part in answer["parts"]) == pytest.approx(answer["difference"])
    assert answer["after"] == scanned("score", "-o", "json").json["overall"]["percentage"]
    assert scanned("why", "score", "--from", "soon").code == 2
    assert scanned("why", "score", "--from", "1d", "--to", "2d").code == 2


def test_a_moment_is_shown_and_two_are_compared(scanned):
    now = scanned("at", "now", "-o", "json").json
    assert now["score"]["scopes"] == scanned("score", "-o", "json").json["scopes"]
    assert scanned("at", "2999-01-01T00:00").code == 2
    empty = scanned("at", "3d", "-o", "json").json
    assert (empty["assets"], empty["verdicts"]) == (0, {})
    assert "nothing was read yet" in scanned("at", "3d").out
    diff = scanned("diff", "3d", "-o", "json").json
    assert len(diff["added"]) == now["assets"]
    assert {finding["id"] for finding in diff["new"]} == {
        row["id"] for row in scanned("list", "findings", "-o", "json").json
    }


def test_history_tells_of_the_estate_and_of_one_finding(scanned):
    kinds = {event["kind"] for event in scanned("history", "-o", "json").json}
    assert {"scope", "score"} <= kinds
    finding = scanned("list", "findings", "-o", "json").json[0]["id"]
    assert scanned("history", finding, "-o", "json").json[0]["says"].startswith("opened")
    assert scanned("history", "f" * 20).code == 2


def test_groups_limit_lists_and_scores(scanned):
    asset = scanned("list", "assets", "-o", "json").json[0]
    assert scanned("group", "set", "mine", "--text", asset["name"]).code == 0
    (row,) = scanned("group", "list", "-o", "json").json
    assert row["assets"] == len(scanned("list", "assets", "--group", "mine", "-o", "json").json) > 0
    assert scanned("score", "--group", "mine", "-o", "json").code == 0
    assert scanned("score", "--group", "yours").code == 2
    assert scanned("group", "remove", "mine").code == 0
    assert scanned("group", "set", "all").code == 2


def test_an_asset_is_marked_by_hand(scanned):
    asset = scanned("list", "assets", "-o", "json").json[0]["id"]
    assert scanned("asset", "mark", "critical", asset, "--reason", "it pays us").code == 0
    assert scanned("asset", "unmark", "critical", asset).code == 0
    assert scanned("asset", "unmark", "critical", asset).code == 2
    assert scanned("asset", "mark", "pretty", asset, "--reason", "x").code == 2
