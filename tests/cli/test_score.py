"""Scores on the command line: why they are what they are, of a part, by both formulas, and how they are computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from poise.cli.changing import names_of
from poise.score.cloud import DEGREES, LEVELS


@pytest.fixture
def grouped(scanned):
    """A store in which one group holds one asset."""
    assert scanned("group", "set", "mine", "--text", "bad").code == 0
    return scanned


def test_why_the_score_is_so_takes_the_part_that_is_named(grouped):
    part = grouped("why", "score", "--group", "mine", "-o", "json").json
    assert part["score"]["overall"] == grouped("score", "--group", "mine", "-o", "json").json["overall"]
    assert part["score"]["overall"] != grouped("why", "score", "-o", "json").json["score"]["overall"]
    assert part["history"] == []
    assert grouped("why", "score", "--scope", "111111111111", "-o", "json").json["score"]["scopes"] == []
    assert grouped("why", "score", "--group", "yours").code == 2


def test_why_the_risk_based_score_is_so_fills_the_formula_in(grouped):
    answer = grouped("why", "score", "--formula", "risk", "-o", "json").json
    assert {"schema_version": 1, **answer["score"]} == grouped("score", "--formula", "risk", "-o", "json").json
    assert set(answer["rules"]["weights"]) == set(DEGREES)
    shown = grouped("why", "score", "--formula", "risk").out
    assert "0.1^critical x 0.5^high x 0.9^medium x 0.99^low" in shown
    assert all(level in shown for level in LEVELS)


def test_options_of_the_score_are_refused_for_a_finding(scanned):
    finding = scanned("list", "findings", "-o", "json").json[0]["id"]
    assert scanned("why", finding, "--scope", "111122223333").code == 2
    assert scanned("why", finding, "--formula", "risk").code == 2


def test_the_number_of_assets_behind_a_part_is_that_of_all(scanned):
    cause = {"count": 1204, "assets": [{"asset": {"name": name}} for name in "abcdefg"]}
    assert names_of(cause) == "a, b, c, 1,201 more"
    assert names_of(cause | {"count": 2, "assets": cause["assets"][:2]}) == "a, b"


def test_how_the_score_is_computed_is_tried_set_and_reset(scanned):
    before = scanned("score", "--formula", "risk", "-o", "json").json["percentage"]
    tried = scanned("scoring", "set", "--reading", "a", "--dry-run", "-o", "json")
    assert tried.json["before"]["percentage"] == before != tried.json["after"]["percentage"]
    assert "would go" in tried.err
    assert scanned("score", "--formula", "risk", "-o", "json").json["percentage"] == before
    assert scanned("scoring", "set", "--base", "low=0.5", "--weight", "high=9").code == 0
    assert scanned("scoring", "set", "--weight", "low=3").code == 0
    held = scanned("scoring", "show", "-o", "json").json
    assert held["bases"] == {"critical": 0.1, "high": 0.5, "medium": 0.9, "low": 0.5}
    assert held["rules"]["weights"] == {"none": 1, "low": 3, "medium": 3, "high": 9}
    assert scanned("scoring", "set", "--reading", "a").code == 0
    assert scanned("scoring", "show", "-o", "json").json["bases"]["low"] == 0.1
    assert scanned("scoring", "reset").code == 0
    assert scanned("score", "--formula", "risk", "-o", "json").json["percentage"] == before


@pytest.mark.parametrize(
    "options", [(), ("--reading", "c"), ("--base", "low"), ("--base", "worst=1"), ("--weight", "none=7")]
)
def test_settings_of_the_score_that_cannot_be_are_refused(scanned, options):
    assert scanned("scoring", "set", *options).code == 2


def test_the_assets_behind_a_check_are_listed(scanned):
    check = "aws.s3.versioning_off"
    answer = scanned("why", "score", "--from", "7d", "--check", check, "-o", "json").json
    assert {one["check"] for part in answer["parts"] for one in part["checks"]} == {check}
    shown = scanned("why", "score", "--from", "7d", "--check", check).out
    assert all(name in shown for name in ("good", "bad", "dark"))
    assert scanned("why", "score", "--check", check).code == 2
    assert scanned("why", "score", "--from", "7d", "--check", "aws.s3.versionning_off").code == 2


def test_a_trial_says_that_the_settings_file_wins(scanned):
    Path("poise.toml").write_text('[score]\nreading = "a"\n')
    tried = scanned("scoring", "set", "--base", "low=0.5", "--dry-run")
    assert (tried.code, "cannot be saved" in tried.err) == (0, True)
    assert scanned("scoring", "set", "--base", "low=0.5").code == 2
