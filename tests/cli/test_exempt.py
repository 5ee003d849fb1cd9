"""Commands of exemptions, of switched-off checks, of scores from counts, and settings of risk."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import bucket, export

CHECK = "aws.s3.versioning_off"
SOON = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
DECIDED = ("--until", SOON, "--reason", "it is to be retired", "--approver", "ann@example.org")


@pytest.fixture
def scanned(poise, estate):
    assert poise("scan", "files", estate).code == 0


def findings(poise, *more):
    return poise("list", "findings", "--check", CHECK, "-o", "json", *more).json


def test_an_exemption_takes_effect_at_once_and_is_named_in_lists(poise, scanned):
    before = poise("score", "-o", "json").json
    added = poise("exempt", "add", "old", "--check", CHECK, *DECIDED)

    assert added.code == 0
    assert f"old covers {len(findings(poise))} open findings" in added.err or "open finding" in added.err
    assert {(row["effect"], row["exemption"]) for row in findings(poise)} == {("waived", "old")}
    assert poise("score", "-o", "json").json != before
    (row,) = poise("list", "exemptions", "-o", "json").json
    assert (row["name"], row["kind"], row["approver"]) == ("old", "waiver", "ann@example.org")
    assert poise("exempt", "list", "-o", "json").json == [row]

    assert poise("exempt", "remove", "old").code == 0
    assert {(row["effect"], row["exemption"]) for row in findings(poise)} == {("counted", None)}
    assert poise("score", "-o", "json").json == before


def test_a_dry_run_shows_what_would_be_covered_and_changes_nothing(poise, scanned):
    shown = poise("exempt", "add", "old", "--check", "aws.s3", *DECIDED, "--dry-run", "-o", "json")

    assert shown.json["covered"] >= len(findings(poise)) > 0
    assert {row["asset"]["kind"] for row in shown.json["findings"]} == {"AWS::S3::Bucket"}
    assert "would cover" in shown.err
    assert poise("list", "exemptions", "-o", "json").json == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--check", CHECK, "--until", "soon", "--reason", "r", "--approver", "a"), "--until is 'soon'"),
        (("--check", CHECK, "--until", "2020-01-01", "--reason", "r", "--approver", "a"), "it ended at 2020-01-02"),
        (("--check", "aws.s4", *DECIDED), "there is no check 'aws.s4'"),
        (("--check", CHECK, "--kind", "ignored", *DECIDED), "Choose from waiver, mitigated"),
        (("--severity", "lowest", *DECIDED), "Invalid enum value 'lowest'"),
        (("--tag", "team", *DECIDED), "Expected NAME=VALUE"),
        (DECIDED, "it would cover everything"),
        (("--check", CHECK, "--until", SOON, "--reason", "r"), "Missing option '--approver'"),
    ],
)
def test_what_cannot_be_exempted_is_refused(poise, scanned, options, said):
    refused = poise("exempt", "add", "x", *options)

    assert refused.code == 2
    assert said in refused.err
    assert poise("list", "exemptions", "-o", "json").json == []


def test_a_file_is_applied_and_an_expired_exemption_fails_loudly(poise, scanned, tmp_path):
    file = tmp_path / "exemptions.toml"
    entry = f'[[exemption]]\nname = "old"\nkind = "waiver"\nreason = "r"\napprover = "a"\nchecks = ["{CHECK}"]\n'
    file.write_text(f"{entry}until = {SOON}\n")

    dry = poise("exempt", "apply", str(file), "--dry-run", "-o", "json")
    assert [(row["change"], row["name"]) for row in dry.json] == [("add", "old")]
    assert poise("exempt", "apply", str(file)).code == 0
    assert {row["exemption"] for row in findings(poise)} == {"old"}

    file.write_text(f"{entry}until = 2020-01-01\n")
    expired = poise("exempt", "apply", str(file))
    assert expired.code == 2
    assert "exemptions.toml:7: " in expired.err
    assert "it ended at 2020-01-02 00:00 UTC" in expired.err
    assert {row["exemption"] for row in findings(poise)} == {"old"}


def test_a_check_is_switched_off_and_on(poise, scanned):
    assert poise("checks", "disable", CHECK, "--reason", "not for us").code == 0
    assert {row["effect"] for row in findings(poise)} == {"disabled"}
    (row,) = poise("exempt", "list", "-o", "json").json
    assert (row["name"], row["kind"], row["reason"]) == (CHECK, "disabled", "not for us")
    assert row["approver"].endswith("(command line)")
    assert "not for us" in poise("list", "exemptions", "-o", "csv").out
    assert poise("checks", "enable", CHECK, "--scope", "999").code == 2
    assert poise("checks", "enable", CHECK).code == 0
    assert {row["effect"] for row in findings(poise)} == {"counted"}
    assert poise("checks", "disable", CHECK, "--reason", "r", "--until", "x").code == 2


def test_the_reading_of_mitigated_exemptions_can_be_chosen(poise, scanned, monkeypatch):
    checks = {row["id"]: row["control"] for row in poise("checks", "list", "-o", "json").json}
    for id, control in checks.items():
        if id.startswith("aws.") and control == checks[CHECK] and id != CHECK:
            poise("checks", "disable", id, "--reason", "to look at one")
    poise("exempt", "add", "old", "--check", CHECK, "--kind", "mitigated", *DECIDED)
    healthy = poise("score", "-o", "json").json["scopes"][0]["controls"]
    monkeypatch.setenv("POISE_SCORE_MITIGATED", "excluded")
    excluded = poise("score", "-o", "json").json["scopes"][0]["controls"]

    counts = [next(c["healthy"] for c in some if c["control"] == checks[CHECK]) for some in (healthy, excluded)]
    assert counts == [5, 1]  # four buckets without versioning, one with
    monkeypatch.setenv("POISE_SCORE_MITIGATED", "ignored")
    assert "Choose from healthy, excluded" in poise("score").err


def test_the_score_is_computed_from_counts_without_a_store(poise, tmp_path):
    file = tmp_path / "counts.json"
    row = {"control": "Encrypt data in transit", "max": 4, "healthy": 5, "unhealthy": 1, "not_applicable": 0}
    file.write_text(json.dumps([row]))

    answer = poise("score", "--from", str(file), "-o", "json").json

    assert answer["scopes"][0]["controls"][0]["current"] == 3.33
    assert answer["overall"]["percentage"] == 0.8325
    assert "Secure score 83 %; 3.33 of 4 points." in poise("score", "--from", str(file)).err
    assert poise("score", "--from", str(file), "--scope", "1").code == 2
    assert poise("score", "--from", str(tmp_path / "none.json")).code == 2
    file.write_text("[{}]")
    refused = poise("score", "--from", str(file))
    assert refused.code == 2
    assert "missing required field" in refused.err


def test_why_shows_the_arithmetic_of_the_risk(poise, scanned):
    (first, *_) = findings(poise)
    text = poise("why", first["id"]).out

    assert "points; medium from 25, high from 50, critical from 75." in text
    assert "severity" in text


def test_rules_of_risk_are_set_in_a_file_and_checked(poise, scanned, estate):
    Path("poise.toml").write_text('[risk.points.severity]\nlow = 30\n[risk.criticality]\nnames = {"*" = "high"}\n')
    poise("scan", "files", estate)

    for row in findings(poise):
        shares = {factor["name"]: factor["points"] for factor in row["risk"]["factors"]}
        assert shares["severity"] == 30
        assert shares["criticality"] == 20

    Path("poise.toml").write_text("[risk.points.severity]\nlow = 99\n")
    refused = poise("score")
    assert refused.code == 2
    assert "risk.points.severity falls" in refused.err


def test_an_exempted_finding_does_not_fail_a_scan(poise, tmp_path):
    place = export(tmp_path / "assets.json", bucket("a", versioning=None))
    poise("scan", "files", place)
    levels = [row["risk"]["level"] for row in poise("list", "findings", "-o", "json").json]
    assert levels
    poise("exempt", "add", "all", "--check", "aws", *DECIDED)

    assert poise("scan", "files", place, "--fail-on", "low").code == 0
