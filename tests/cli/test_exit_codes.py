"""The exit codes that scripts rely on."""

import pytest

from poise.model.errors import CredentialsError
from tests.cli.conftest import bucket, export


@pytest.fixture
def bad(tmp_path):
    """One finding, of low risk."""
    return export(tmp_path / "bad.json", bucket("bad", versioning=None))


@pytest.fixture
def good(tmp_path):
    return export(tmp_path / "good.json", bucket("good"))


@pytest.fixture
def dark(tmp_path):
    """A folder that cannot be read whole: an answer is broken, which another try might cure."""
    folder = tmp_path / "dark" / "us-east-1"
    folder.mkdir(parents=True)
    (folder / "sts-get-caller-identity.json").write_text(
        '{"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:root"}'
    )
    (folder / "s3-list-buckets.json").write_text('{"Buckets": [{"Na')
    return tmp_path / "dark"


def test_done_is_0_whatever_was_found(poise, bad):
    assert poise("scan", "files", bad).code == 0


@pytest.mark.parametrize(("level", "code"), [("low", 1), ("medium", 0), ("high", 0), ("critical", 0)])
def test_findings_at_or_above_the_level_are_1(poise, bad, level, code):
    only_versioning = poise("scan", "files", bad, "--fail-on", level, "-o", "json")

    assert only_versioning.json["findings"]["unhealthy"] == 1
    assert only_versioning.code == code


def test_unknown_alone_never_fails(poise, tmp_path):
    path = export(tmp_path / "dark.json", bucket("dark", unread={"versioning": "AccessDenied"}))
    result = poise("scan", "files", path, "--fail-on", "low", "-o", "json")

    assert result.json["findings"]["unhealthy"] == 0
    assert result.json["findings"]["unknown"] >= 1
    assert result.code == 0


def test_ci_fails_on_high_alone(poise, bad):
    assert poise("scan", "files", bad, "--ci").code == 0


def test_incomplete_is_0_unless_it_was_required(poise, dark):
    assert poise("scan", "files", dark).code == 0
    assert poise("scan", "files", dark, "--require-complete").code == 3
    assert poise("scan", "files", dark, "--ci", "--fail-on", "critical").code == 3
    assert poise("scan", "files", dark, "--ci", "--fail-on", "critical", "--allow-incomplete").code == 0


def test_findings_win_over_incomplete(poise, dark, bad):
    assert poise("scan", "files", dark, bad, "--require-complete", "--fail-on", "low").code == 1


def test_what_an_export_never_holds_does_not_make_it_incomplete(poise, good):
    assert poise("scan", "files", good, "--require-complete").code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("scan",),
        ("scan", "files"),
        ("scan", "files", "/not/there"),
        ("scan", "files", ".", "--fail-on", "severe"),
        ("list", "findings", "--severity", "terrible"),
        ("list", "findings", "--since", "yesterday"),
        ("list", "findings", "--no-such-flag"),
        ("list", "findings", "-o", "xml"),
        ("list", "findings", "-o", "json", "-o", "csv"),
        ("list", "findings", "--limit", "-1"),
        ("show", "arn:aws:s3:::not-there"),
        ("show", "0123456789abcdef0123"),
        ("show", "999"),
        ("why", "0123456789abcdef0123"),
        ("fix", "0123456789abcdef0123", "--way", "magic"),
        ("checks", "explain", "aws.s3.nonsense"),
        ("connect", "policy", "moon"),
        ("report", "docx"),
        ("report",),
        ("db", "purge", "111122223333"),
        ("completion", "csh"),
        ("scan", "aws", "--service", "nonsense"),
        ("scan", "azure", "--cloud", "nonsense"),
        ("score", "--db", "mysql://host/name"),
        ("score", "--log-format", "xml"),
    ],
)
def test_what_cannot_be_meant_is_2_and_says_so(poise, arguments):
    result = poise(*arguments)

    assert result.code == 2
    assert result.err
    assert "Traceback" not in result.err


def test_missing_credentials_are_4_and_say_what_to_do(poise, monkeypatch):
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    result = poise("scan", "aws")

    assert result.code == 4
    assert len(result.err.splitlines()) >= 2


def test_a_fault_of_ours_is_5_and_says_how_to_report_it(poise, monkeypatch):
    monkeypatch.setattr("poise.app.queries.scans", lambda *_: {}["missing"])
    plain, loud = poise("list", "scans"), poise("list", "scans", "-vv")

    assert plain.code == loud.code == 5
    assert "Traceback" not in plain.err
    assert "-vv" in plain.err
    assert "Traceback" in loud.err


def test_interrupted_is_130_and_says_what_is_kept(poise, estate, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("poise.app.scan.judge_partition", interrupted)
    result = poise("scan", "files", estate)

    assert result.code == 130
    assert "kept" in result.err
    assert poise("list", "scans", "-o", "json").json[0]["state"] == "partial"


def test_an_error_in_json_mode_is_json(poise):
    import json

    line = json.loads(poise("show", "999", "--log-format", "json").err)

    assert line["level"] == "error"
    assert "999" in line["event"]
    assert line["do"]


def test_credentials_error_has_its_code():
    assert CredentialsError("x").exit_code == 4


def test_a_store_of_a_newer_version_is_2_and_stays_as_it_is(scanned, tmp_path):
    import os
    import sqlite3
    from pathlib import Path

    path = Path(os.environ["XDG_DATA_HOME"], "poise", "poise.db")
    with sqlite3.connect(path) as store:
        store.execute("update alembic_version set version_num = '9999'")
    result = scanned("score")

    assert result.code == 2
    assert "newer" in result.err
    assert sqlite3.connect(path).execute("select version_num from alembic_version").fetchone() == ("9999",)
