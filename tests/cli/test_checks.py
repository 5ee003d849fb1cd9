"""`poise checks`: what an author of a check does."""

import json
from pathlib import Path

import pytest

from poise.app import checks

RULE = """    if bucket.website:
        return unhealthy("it serves a site")
    return healthy("it serves no site")
"""


def test_list_holds_every_check_in_the_agreed_shape(poise):
    rows = poise("checks", "list", "-o", "json").json

    assert [row["id"] for row in rows] == [check.id for check in checks.all_checks()]
    assert {"id", "title", "severity", "kind", "standards"} <= set(rows[0])


def test_list_can_be_narrowed(poise):
    found = poise("checks", "list", "--text", "versions of objects", "--severity", "low", "-o", "json").json

    assert [row["id"] for row in found] == ["aws.s3.versioning_off"]


def test_explain_shows_risk_rule_fix_and_examples(poise):
    out = poise("checks", "explain", "aws.s3.versioning_off").out

    for words in (
        "## Risk",
        "ransomware",
        "## Rule",
        "def evaluate",
        "## Fix",
        "### Terraform",
        "## Examples",
        "suspended",
    ):
        assert words in out


def test_a_mistyped_check_gets_a_suggestion(poise):
    assert "Did you mean aws.s3.versioning_off" in poise("checks", "explain", "aws.s3.versionning_off").err


def test_all_our_examples_are_right(poise):
    result = poise("checks", "test")

    assert result.code == 0
    assert ", 0 red." in result.err


def test_a_beginning_of_ids_chooses_a_service(poise):
    rows = poise("checks", "test", "aws.s3", "-o", "json").json

    assert {row["check"].split(".")[1] for row in rows} == {"s3"}


def test_docs_render_what_was_chosen(poise):
    assert poise("checks", "docs", "aws.s3.versioning_off").out.startswith("# S3 buckets should keep earlier versions")


@pytest.fixture
def own_checks(tmp_path, monkeypatch):
    """A package of checks of one's own, found as an installed one would be."""
    package = tmp_path / "own_checks"
    package.mkdir()
    (package / "__init__.py").write_text('"""Checks of our own."""\n')
    monkeypatch.syspath_prepend(str(tmp_path))

    class Point:
        value = "own_checks"

        @staticmethod
        def load():
            import importlib

            return importlib.import_module("own_checks")

    monkeypatch.setattr("poise.checks.catalog.entry_points", lambda group: [Point])
    from poise.checks import catalog

    def forget():
        import sys

        catalog.load.cache_clear()
        for name in [name for name in sys.modules if name.split(".")[0] == "own_checks"]:
            del sys.modules[name]

    forget()
    yield package, forget
    forget()


def test_a_new_check_is_red_until_its_author_has_written_it(poise, own_checks):
    package, forget = own_checks
    made = poise("checks", "new", "aws.s3.bucket_serves_a_site", "--into", package, "-o", "json").json
    path = Path(made["file"])
    forget()

    red = poise("checks", "test", "aws.s3.bucket_serves_a_site", "-o", "json")
    assert red.code == 1
    assert {row["outcome"] for row in red.json} == {"red"}

    text = path.read_text()
    for before, after in (
        ('    return not_applicable("the rule is not written yet")\n', RULE),
        ("not_applicable, replace", "healthy, replace, unhealthy"),
        ("should ...", "should serve no site"),
        ("https://...", "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html"),
        ('cli="..."', 'cli="aws s3api delete-bucket-website --bucket {name}"'),
        ('terraform="""\n...\n"""', 'terraform="Remove aws_s3_bucket_website_configuration."'),
        ("in the console, ...", "in the console, Properties, Static website hosting, Disable."),
        ('replace(S3_BUCKET), "unhealthy", "..."', 'replace(S3_BUCKET, website=True), "unhealthy", "site"'),
        ('unread={"created"', 'unread={"website"'),
        ("that ... (say what is bad about them, in one sentence)", "that serve a site"),
        ("(Say what may happen, in words that somebody who owns such a thing understands.)", "Anybody can read it."),
    ):
        assert before in text
        text = text.replace(before, after)
    path.write_text(text)
    forget()

    green = poise("checks", "test", "aws.s3.bucket_serves_a_site", "-o", "json")
    assert green.code == 0, json.dumps(green.json, indent=1)
    assert {row["outcome"] for row in green.json} == {"right"}


def test_a_check_that_is_there_is_not_written_over(poise, own_checks):
    package, _ = own_checks
    poise("checks", "new", "aws.s3.bucket_serves_a_site", "--into", package)
    result = poise("checks", "new", "aws.s3.bucket_serves_a_site", "--into", package)

    assert result.code == 2
    assert "already there" in result.err


@pytest.mark.parametrize("id", ["nonsense", "aws.s3", "AWS.s3.x", "aws.s3.x.y", "../../etc/passwd", "aws.s3.a-b"])
def test_what_is_no_id_is_refused(poise, id, tmp_path):
    result = poise("checks", "new", id, "--into", tmp_path)

    assert result.code == 2
    assert "no id of a check" in result.err


def test_the_record_of_a_new_check_can_be_chosen(poise, tmp_path):
    made = poise(
        "checks", "new", "aws.organization.account_alone", "--asset", "AwsAccount", "--into", tmp_path, "-o", "json"
    )

    assert "asset=AwsAccount" in Path(made.json["file"]).read_text()


def test_a_record_that_there_is_not_gets_a_suggestion(poise, tmp_path):
    assert "S3Bucket" in poise("checks", "new", "aws.s3.x", "--asset", "S3Buckt", "--into", tmp_path).err
