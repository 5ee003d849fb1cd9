"""`poise compliance` and `poise attest` through the front door."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

HOUSE = """title = "House"
[section.S]
title = "Storage"
[control.1]
title = "Versions are kept"
section = "S"
checks = ["aws.s3.versioning_off"]
[control.2]
title = "Owners are known"
section = "S"
manual = "process"
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    path = tmp_path / "house.toml"
    path.write_text(HOUSE)
    return path


def test_standards_with_data_are_listed_with_their_counts(scanned):
    result = scanned("compliance", "-o", "json")
    assert result.code == 0
    found = {row["standard"]: row for row in result.json}
    assert "cis_azure_5.0" not in found
    tally = found["cis_aws_6.0"]["tally"]
    assert sum(tally[name] for name in ("passed", "failed", "skipped", "unknown", "unsupported")) == 63
    assert tally["unsupported"] == tally["manual"] + tally["not_automated"] + tally["no_data"]


def test_nothing_scanned_lists_nothing_and_says_how_to_see_all(poise):
    result = poise("compliance", "-o", "json")
    assert (result.code, result.json) == (0, [])
    assert "poise compliance --all" in result.err
    assert len(poise("compliance", "--all", "-o", "json").json) == 13


def test_one_standard_is_a_tree_of_sections_controls_and_checks(scanned, house):
    shape = scanned("compliance", "house", "--file", house, "-o", "json").json
    (section,) = shape["sections"]
    control, manual = section["controls"]
    assert (section["section"], control["control"], control["state"]) == ("S", "1", "failed")
    assert control["assessments"][0]["check"] == "aws.s3.versioning_off"
    assert (control["assessments"][0]["failed"], control["assessments"][0]["unknown"]) == (4, 1)
    assert (manual["state"], manual["basis"]) == ("unsupported", "manual")


def test_one_standard_is_a_page_for_people(scanned, house):
    out = scanned("compliance", "house", "--file", house, "-o", "table").out
    assert "S Storage" in out
    assert "aws.s3.versioning_off" in out
    assert "None" not in out


def test_reports_of_one_standard_are_written(scanned, house, tmp_path):
    targets = [f"-o{form}={tmp_path / form}" for form in ("csv", "html", "oscal", "json")]
    assert scanned("compliance", "house", "--file", house, *targets).code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text())))
    assert [row["row"] for row in rows] == ["control", "control", *["finding"] * 5]
    assert (tmp_path / "html").read_text().startswith("<!doctype html>")
    assert json.loads((tmp_path / "oscal").read_text())["assessment-results"]["metadata"]["oscal-version"] == "1.1.3"
    assert json.loads((tmp_path / "json").read_text())["standard"] == "house"


def test_all_standards_have_no_report_of_findings(scanned):
    result = scanned("compliance", "-o", "oscal")
    assert result.code == 2
    assert "no output format 'oscal'" in result.err


def test_all_standards_with_their_findings_are_one_table(scanned, tmp_path):
    assert scanned("compliance", "--findings", f"-ocsv={tmp_path / 'all.csv'}").code == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_text())))
    for id in ("cis_aws_6.0", "soc_2_2022"):
        alone = csv.DictReader(io.StringIO(scanned("compliance", id, "-o", "csv").out))
        # The one table leaves the words of the control to its own row, and evidence to the report of one standard.
        names = ("row", "control", "state", "finding", "check", "verdict", "asset", "scope", "reason", "first_seen")

        def told(row, names=names):
            return tuple(row[name] for name in names)

        assert sorted(told(r) for r in rows if r["standard"] == id) == sorted(map(told, alone))
    result = scanned("compliance", "--findings")
    assert (result.code, "--findings writes CSV only" in result.err) == (2, True)


def test_two_standards_stand_side_by_side(scanned, house):
    found = scanned("compliance", "house", "--file", house, "--compare", "soc_2_2022", "-o", "json").json
    assert {pair["control"] for pair in found["pairs"]} == {"1"}
    assert [control["control"] for control in found["only_first"]] == ["2"]
    assert scanned("compliance", "house", "--file", house, "--compare", "soc_2_2022", "-o", "table").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cis_aws"], "Did you mean cis_aws_6.0"),
        (["--compare", "soc_2_2022"], "--compare needs two standards"),
        (["soc_2_2022", "--compare", "soc"], "no standard 'soc'"),
        (["--file", "nowhere.toml"], "nowhere.toml cannot be read"),
    ],
)
def test_what_is_not_there_is_a_usage_error(scanned, words, message):
    result = scanned("compliance", *words)
    assert result.code == 2
    assert message in result.err


def test_an_error_in_an_own_standard_names_the_line(scanned, house):
    house.write_text(HOUSE.replace("versioning_off", "versioning_on"))
    result = scanned("compliance", "house", "--file", house)
    assert result.code == 2
    assert f"{house}, line 7: control 1 names the check 'aws.s3.versioning_on', which there is not." in result.err
    assert "Did you mean aws.s3.versioning_off?" in result.err


def test_settings_name_a_folder_of_standards_and_where_each_holds(scanned, house):
    folder = Path("standards")
    folder.mkdir()
    (folder / "house.toml").write_text(HOUSE)
    Path("poise.toml").write_text('standards_dir = "standards"\n[standards]\n"soc_2_2022" = []\n')
    found = {row["standard"] for row in scanned("compliance", "-o", "json").json}
    assert "house" in found
    assert "soc_2_2022" not in found
    (row, *_) = scanned("list", "findings", "--check", "aws.s3.versioning_off", "-o", "json").json
    assert {"standard": "house", "control": "1"} in row["controls"]


def test_a_folder_in_a_settings_file_is_told_from_where_the_file_lies(scanned, monkeypatch):
    Path("standards").mkdir()
    Path("standards/house.toml").write_text(HOUSE)
    Path("poise.toml").write_text('standards_dir = "standards"\n')
    below = Path("below")
    below.mkdir()
    monkeypatch.chdir(below)
    assert scanned("compliance", "house", "-o", "json").json["standard"] == "house"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[standards]\n"soc_2_2022" = "*"', "Expected a list of scopes"),
        ('[standards]\n"soc" = ["*"]', "no standard 'soc'"),
        ('standards_dir = "nowhere"', "nowhere cannot be read"),
    ],
)
def test_wrong_settings_are_refused(poise, text, message):
    Path("poise.toml").write_text(text)
    result = poise("compliance")
    assert result.code == 2
    assert message in result.err


ATTEST = ("attest", "iso_27001_2022", "A.6.1", "--by", "hr@example.org")


def test_an_attestation_answers_a_control(scanned):
    result = scanned(*ATTEST, "--statement", "Screened.", "--until", "2999-12-31", "-o", "json")
    assert (result.code, result.json["statement"]) == (0, "Screened.")
    shape = scanned("compliance", "iso_27001_2022", "-o", "json").json
    control = next(c for section in shape["sections"] for c in section["controls"] if c["control"] == "A.6.1")
    assert (control["state"], control["basis"], control["attestations"][0]["by"]) == (
        "passed",
        "attested",
        "hr@example.org",
    )
    assert scanned(*ATTEST, "--withdraw").code == 0
    assert scanned(*ATTEST, "--withdraw").code == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--until", "2999-12-31"], "needs a statement and a last day"),
        (["--statement", "x", "--until", "2001-01-01"], "2001-01-01 is past"),
        (["--statement", "x", "--until", "2999-12-31", "--scope", "1"], "no scope '1'"),
    ],
)
def test_a_bad_attestation_is_refused(scanned, words, message):
    result = scanned(*ATTEST, *words)
    assert result.code == 2
    assert message in result.err
