"""`poise checks keep`, `kept` and `remove`: checks in CEL that the store keeps.

What is expected follows from the rule (https://github.com/google/cel-spec) and the buckets of the scan.
"""

import pytest

from poise.app.custom import written
from tests.cli.conftest import bucket, export

RULE = """title = "Buckets should have an owner"
kind = "AWS::S3::Bucket"
severity = "high"
healthy_if = "'owner' in asset.tags"
unhealthy_because = "nobody owns it"

[[examples]]
name = "with an owner"
state = "healthy"
changes = { tags = { owner = "data" } }

[[examples]]
name = "without one"
state = "unhealthy"
changes = { tags = {} }
"""
ID = "custom.aws.owner_missing"


@pytest.fixture
def file(tmp_path):
    pytest.importorskip("cel_expr_python", reason="the extra `cel` is not installed")
    made = tmp_path / "owner_missing.toml"
    made.write_text(RULE)
    return made


def test_a_check_that_is_kept_judges_the_next_scan_and_leaves_with_what_it_found(poise, file, tmp_path):
    said = poise("checks", "keep", file, "-o", "json")
    assert said.code == 0
    assert [(row["example"], row["outcome"]) for row in said.json] == [
        ("with an owner", "right"),
        ("without one", "right"),
    ]
    assert f"{ID} is kept" in said.err
    assert [(row["name"], row["id"]) for row in poise("checks", "kept", "-o", "json").json] == [("owner_missing", ID)]
    assert poise("checks", "kept", "owner_missing").out == RULE

    poise("scan", "files", export(tmp_path / "assets.json", bucket("a", tags={}), bucket("b", tags={"owner": "x"})))
    found = poise("list", "findings", "--check", ID, "-o", "json").json
    assert [(row["asset"]["name"], row["reason"]) for row in found] == [("a", "nobody owns it")]

    assert poise("checks", "remove", "owner_missing").code == 0
    assert poise("checks", "kept", "-o", "json").json == []
    assert poise("checks", "explain", ID).code == 2
    assert poise("checks", "remove", "owner_missing").code == 2


def test_the_other_commands_know_it(poise, file):
    poise("checks", "keep", file, "--name", "owned")
    assert [row["id"] for row in poise("checks", "list", "--text", "have an owner", "-o", "json").json] == [
        "custom.aws.owned"
    ]
    assert "Buckets should have an owner" in poise("checks", "explain", "custom.aws.owned").out
    assert poise("checks", "test", "custom.aws.owned").code == 0


def test_a_dry_run_keeps_nothing_and_a_red_example_is_told(poise, file):
    assert poise("checks", "keep", file, "--dry-run").code == 0
    assert poise("checks", "kept", "-o", "json").json == []

    file.write_text(RULE.replace('state = "unhealthy"', 'state = "healthy"'))
    assert poise("checks", "keep", file, "--dry-run").code == 1
    refused = poise("checks", "keep", file)
    assert refused.code == 2
    assert "without one" in refused.err
    assert poise("checks", "kept", "-o", "json").json == []


def test_a_rule_that_does_not_compile_names_line_and_column(poise, file):
    file.write_text(RULE.replace("'owner' in asset.tags", "'owner' in asset.tags &&"))
    refused = poise("checks", "keep", file)
    assert refused.code == 2
    assert "line 1, column 25" in refused.err


def test_a_file_that_is_not_there_is_named(poise, tmp_path):
    refused = poise("checks", "keep", tmp_path / "none.toml")
    assert refused.code == 2
    assert "none.toml cannot be read" in refused.err


def test_looking_at_checks_makes_no_store(poise, tmp_path):
    store = tmp_path / "not-there.db"
    assert poise("checks", "list", "--db", store, "-o", "json").code == 0
    assert not store.exists()


def test_a_store_that_cannot_be_read_hides_no_shipped_check(poise, tmp_path):
    broken = tmp_path / "broken.db"
    broken.write_text("no database " * 200)
    found = poise("checks", "list", "--db", broken, "-o", "json")
    assert found.code == 0
    assert len(found.json) > 100
    assert "left out" in found.err


def test_without_the_library_it_is_said_what_to_install(poise, file, monkeypatch):
    monkeypatch.setattr("poise.app.custom.sandbox.find_spec", lambda name: None)
    written.sandbox().close()
    for more in ((), ("--dry-run",)):
        refused = poise("checks", "keep", file, *more)
        assert refused.code == 2
        assert "pip install 'poise[cel]'" in refused.err
    assert poise("checks", "kept", "-o", "json").json == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = nope\n", "line 1"),
        (RULE.replace("AWS::S3::Bucket", "AWS::Moon::Base"), "is no kind"),
        (b"\xff\xfe", "no text in UTF-8"),
        ("#" * 70_000, "larger than 65,536 bytes"),
    ],
)
def test_a_definition_that_is_none_is_refused_with_the_place(poise, file, text, says):
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    refused = poise("checks", "keep", file)
    assert refused.code == 2
    assert says in refused.err


def test_a_name_that_is_none_or_that_a_file_has_is_refused(poise, file, tmp_path):
    assert "cannot name a check" in poise("checks", "keep", file, "--name", "Owner Missing").err
    assert poise("checks", "kept", "owner_missing").code == 2
    (tmp_path / "work" / "poise.toml").write_text(f"custom_checks = '{tmp_path / 'own'}'\n")
    (tmp_path / "own").mkdir()
    file.rename(tmp_path / "own" / file.name)
    for more in ((), ("--dry-run",)):
        refused = poise("checks", "keep", tmp_path / "own" / file.name, *more)
        assert refused.code == 2
        assert f"There is a check '{ID}' already" in refused.err
