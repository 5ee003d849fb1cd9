"""`poise demo`: the sample estate, in a store of its own."""

import os
from pathlib import Path


def test_it_sums_up_and_never_touches_the_store_that_is_set(poise, tmp_path, monkeypatch):
    monkeypatch.setenv("POISE_DB", str(tmp_path / "mine.db"))
    result = poise("demo", "--no-serve", "-o", "json")
    own = Path(os.environ["XDG_DATA_HOME"], "poise", "demo.db")

    assert result.code == 0
    assert {scope["provider"] for scope in result.json["coverage"]["scopes"]} == {"aws", "azure", "host"}
    assert not result.json["coverage"]["complete"]
    assert "poise connect policy aws" in result.err
    assert not (tmp_path / "mine.db").exists()
    assert own.exists()
    assert f"--db {own}" in result.err
    assert poise("list", "scans", "--db", own, "-o", "json").json[0]["source"] == "demo"


def test_another_place_can_be_given(poise, tmp_path):
    poise("demo", "--no-serve", "-q", "--db", tmp_path / "sample.db")

    assert (tmp_path / "sample.db").exists()
    assert poise("list", "findings", "--db", tmp_path / "sample.db", "--risk", "critical", "-o", "json").json
