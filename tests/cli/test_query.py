"""`poise query` and checks of one's own on the command line."""

import json

import pytest

OWNER = """title = "Buckets should have an owner"
kind = "AWS::S3::Bucket"
severity = "high"
healthy_if = "'owner' in asset.tags"

[[examples]]
name = "with an owner"
state = "healthy"
changes = { tags = { owner = "data" } }
"""


def test_without_a_query_the_ready_questions_are_listed(poise):
    rows = poise("query", "-o", "json").json
    assert {"id", "theme", "title", "text"} <= set(rows[0])
    themes = {row["theme"] for row in poise("query", "--theme", "data", "-o", "json").json}
    assert themes == {"data"}
    assert poise("query", "--theme", "moon").code == 2


def test_a_query_gives_rows_and_says_how_many(scanned):
    found = scanned("query", "find AWS::S3::Bucket where name exists show name, region limit 1", "-o", "json")
    assert list(found.json[0]) == ["name", "region"]
    assert "There are more: the limit is 1." in found.err


def test_a_query_is_read_from_a_file_of_json(scanned, tmp_path):
    shaped = scanned("query", "find AWS::S3::Bucket", "--form", "json", "-o", "json").json
    file = tmp_path / "buckets.json"
    file.write_text(json.dumps(shaped))
    assert scanned("query", file, "-o", "json").json == scanned("query", "find AWS::S3::Bucket", "-o", "json").json
    assert scanned("query", tmp_path / "missing.json").code == 2


@pytest.mark.parametrize("form", ["text", "json", "cards"])
def test_a_query_is_shown_in_each_form(scanned, form):
    assert "AWS::S3::Bucket" in scanned("query", "find AWS::S3::Bucket", "--form", form).out


def test_blocks_are_counted(scanned):
    rows = scanned("query", "find AWS::S3::Bucket as b -[any]-> (AWS::Moon::Base)", "--counts", "-o", "json").json
    assert [row["block"] for row in rows] == ["b", "2"]
    assert rows[0]["count"] > 0
    assert rows[1]["count"] == 0


def test_an_error_names_column_and_word(scanned):
    wrong = scanned("query", "find bucket wher x")
    assert wrong.code == 2
    assert "Column 13" in wrong.err
    assert "wher" in wrong.err


def test_an_unknown_form_and_an_unknown_end_are_mistakes_of_use(scanned):
    assert scanned("query", "find a", "--form", "poem").code == 2
    assert scanned("query", "internet", "--to", "nowhere").code == 2


def test_a_query_is_kept_run_watched_and_removed(scanned):
    assert scanned("query", "find AWS::S3::Bucket", "--save", "all_buckets", "--shared").code == 0
    assert scanned("query", "all_buckets", "-o", "json").json
    assert (
        scanned("query", "--watch", "all_buckets", "--title", "Buckets should not be", "--severity", "high").code == 0
    )
    [row] = scanned("query", "--saved", "-o", "json").json
    assert (row["name"], row["is_shared"], row["watch"]["severity"]) == ("all_buckets", True, "high")
    assert scanned("query", "--unwatch", "all_buckets").code == 0
    assert scanned("query", "--remove", "all_buckets").code == 0
    assert scanned("query", "--remove", "all_buckets").code == 2


@pytest.fixture
def own(tmp_path):
    """A folder of checks of one's own, which is set."""
    pytest.importorskip("cel_expr_python", reason="the extra `cel` is not installed")
    folder = tmp_path / "work" / "mine"
    folder.mkdir()
    (folder / "owner_missing.toml").write_text(OWNER)
    (tmp_path / "work" / "poise.toml").write_text('custom_checks = "mine"\n')
    return folder


def test_own_checks_are_listed_explained_and_tested(poise, own):
    ids = [row["id"] for row in poise("checks", "list", "-o", "json").json]
    assert "custom.aws.owner_missing" in ids
    assert "'owner' in asset.tags" in poise("checks", "explain", "custom.aws.owner_missing").out
    [row] = poise("checks", "test", "custom", "-o", "json").json
    assert row["outcome"] == "right"


def test_a_new_own_check_has_a_red_example(poise, own):
    assert poise("checks", "new", "no_name", "--custom", "AWS::S3::Bucket").code == 0
    assert poise("checks", "test", "custom.aws.no_name").code == 1
    assert poise("checks", "new", "no_name", "--custom", "AWS::S3::Bucket").code == 2
    assert poise("checks", "new", "other", "--custom", "AWS::Moon::Base").code == 2
    assert not (own / "other.toml").exists()


def test_a_rule_that_does_not_compile_is_told_with_file_line_and_column(poise, own, estate):
    (own / "wrong.toml").write_text(OWNER.replace("'owner' in asset.tags", "asset.nme == 1"))
    for command in (("checks", "test"), ("scan", "files", estate)):
        told = poise(*command)
        assert told.code == 2
        assert "wrong.toml" in told.err
        assert "line 1, column 6" in told.err


def test_a_file_that_is_no_check_is_told_with_its_line(poise, own):
    (own / "wrong.toml").write_text('title = "a"\nkind = \n')
    told = poise("checks", "list")
    assert told.code == 2
    assert "line 2" in told.err


def test_own_checks_judge_in_a_scan_and_can_be_exempted(poise, own, estate):
    scan = poise("scan", "files", estate, "-o", "json")
    assert scan.code == 0, scan.err
    rows = [row for row in poise("list", "findings", "--all", "-o", "json").json if row["check"].startswith("custom.")]
    assert rows
    assert {row["verdict"] for row in rows} <= {"healthy", "unhealthy", "unknown"}
    assert {row["check"] for row in rows} == {"custom.aws.owner_missing"}
    made = poise(
        "exempt",
        "add",
        "a_test",
        "--check",
        "custom.aws.owner_missing",
        "--reason",
        "a test",
        "--approver",
        "ann",
        "--until",
        "2027-01-01",
    )
    assert made.code == 0, made.err


def test_without_the_extra_the_message_says_what_to_install(poise, own, estate, monkeypatch):
    monkeypatch.setattr("poise.app.custom.sandbox.find_spec", lambda name: None)
    told = poise("scan", "files", estate)
    assert told.code == 2
    assert "poise[cel]" in told.err


def test_listing_checks_starts_no_process(poise, own, monkeypatch):
    def refuse() -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr("poise.app.custom.sandbox._start", refuse)
    assert poise("checks", "list").code == 0
