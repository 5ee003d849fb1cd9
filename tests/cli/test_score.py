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


def test_other_thresholds_of_risk_are_looked_at_before_they_are_set(scanned):
    """The check has 10 points and so low risk; bad buckets of that check are medium if medium begins at 10."""
    before = scanned("list", "findings", "-o", "json").json
    low = [row["id"] for row in before if row["risk"]["level"] == "low"]
    assert low

    tried = scanned("scoring", "risk", "--level", "medium=10", "-o", "json")

    assert tried.code == 0
    assert {(row["id"], row["before"], row["after"]) for row in tried.json["moved"]} == {
        (id, "low", "medium") for id in low
    }
    assert tried.json["turns"] == [{"before": "low", "after": "medium", "findings": len(low)}]
    assert (tried.json["before"]["low"], tried.json["after"]["low"]) == (len(low), 0)
    assert tried.json["score_after"]["percentage"] < tried.json["score_before"]["percentage"]
    assert f"{len(low)} of {len(before)} open findings would move: {len(low)} from low to medium." in tried.err
    assert tried.err.endswith("[risk.levels]\nmedium = 10\n")
    assert scanned("list", "findings", "-o", "json").json == before
    assert "10 -> 10" in scanned("scoring", "risk", "--level", "medium=10", "-o", "table").out


def test_points_of_risk_are_looked_at_from_options_and_files(scanned):
    Path("next.toml").write_text("[risk.levels]\nmedium = 10\n")
    by_file = scanned("scoring", "risk", "--file", "next.toml", "-o", "json").json
    by_option = scanned("scoring", "risk", "--level", "medium=10", "-o", "json").json
    assert by_file == by_option
    both = scanned("scoring", "risk", "--file", "next.toml", "--points", "severity.low=9", "-o", "json").json
    assert (both["turns"], both["score_after"]) == ([], both["score_before"])
    assert scanned("scoring", "risk", "-o", "json").json["turns"] == []

    Path("poise.toml").write_text("[risk.levels]\nmedium = 10\n")
    assert scanned("scoring", "risk", "-o", "json").json == by_option  # what is set acts with the next scan


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--level", "medium"), "whole number"),
        (("--level", "medium=-1"), "whole number"),
        (("--level", "medium=1.5"), "whole number"),
        (("--level", "worst=9"), "worst"),
        (("--level", "medium=60"), "risk.levels falls"),
        (("--points", "exposure=9"), "exposure.wide=30"),
        (("--points", "weather.wet=9"), "weather"),
        (("--points", "exposure.wide=9999"), "risk.points.exposure.wide"),
        (("--file", "nowhere.toml"), "nowhere.toml cannot be read"),
        (("--file", "other.toml"), "holds no table [risk]"),
        (("--file", "broken.toml"), "is not valid TOML"),
        (("--file", "wrong.toml"), "wrong.toml: Object contains unknown field `weather`"),
    ],
)
def test_rules_of_risk_that_cannot_be_are_refused(scanned, options, says):
    Path("other.toml").write_text("[score]\nreading = 'a'\n")
    Path("broken.toml").write_text("[risk")
    Path("wrong.toml").write_text("[risk.weather]\nwet = 1\n")

    refused = scanned("scoring", "risk", *options)

    assert refused.code == 2
    assert says in refused.err
