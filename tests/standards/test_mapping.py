"""The lint of the shipped standards: whole lists, real checks, reasons, and double answers that somebody looked at."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from poise.checks import catalog
from poise.model.standard import ManualClass
from poise.standards import library
from poise.standards.reading import read

IDS = library.standard_ids()
REVIEWED = tomllib.loads(Path(__file__).with_name("reviewed.toml").read_text("utf-8"))
WHOLE = {
    "cis_aws_6.0": 63,
    "cis_azure_5.0": 155,
    "cis_debian_12": 312,
    "cis_distribution_independent_linux_2.0": 237,
    "cis_ubuntu_22.04": 300,
    "cis_ubuntu_24.04": 312,
    "iso_27001_2022": 93,
    "mcsb_1": 86,
    "nist_800_53_r5": 1014,
    "nist_csf_2.0": 106,
    "soc_2_2022": 61,
}
"""Numbers of controls that the publishers state. ISO Annex A has 93, CSF 2.0 106 subcategories, SP 800-53
release 5.2.0 has 1014 controls and enhancements beside 182 withdrawn ones, the trust
services criteria are 33 common and 28 additional ones. Those of the benchmarks of Linux are counted from the public
lists that the files name."""
IN_NONE: frozenset[str] = frozenset()
"""Checks that no standard asks for."""


def raw(id: str) -> str:
    return files("poise.standards").joinpath(f"{id}.toml").read_text("utf-8")


@pytest.mark.parametrize("id", IDS)
def test_a_standard_is_read_and_names_real_checks(id):
    read(raw(id), id, id, catalog.load(), library.table)


@pytest.mark.parametrize("id", IDS)
def test_a_manual_control_gives_a_class_of_reasons(id):
    table = tomllib.loads(raw(id)).get("control", {})
    given = {number: fields["manual"] for number, fields in table.items() if "manual" in fields}
    assert {number: word for number, word in given.items() if word not in set(ManualClass)} == {}


@pytest.mark.parametrize("id", IDS)
def test_a_control_is_in_a_section_and_has_a_short_title_of_its_own(id):
    found = library.standard(id)
    titles = [(control.section, control.title) for control in found.controls]
    assert all(control.section for control in found.controls)
    assert max(len(control.title) for control in found.controls) <= 120
    assert len(set(titles)) == len(titles) or id.startswith("nist_800_53")
    assert found.source.startswith("https://")


@pytest.mark.parametrize(("id", "number"), WHOLE.items())
def test_a_standard_is_whole(id, number):
    assert len(library.standard(id).controls) == number


def test_all_twelve_requirements_of_pci_are_there_and_its_differences_are_told():
    found = library.standard("pci_dss_4.0.1")
    assert {control.number.split(".")[0] for control in found.controls} >= {str(n) for n in range(1, 13)}
    assert "same requirements as 4.0" in found.notes


def test_sp_800_53_has_all_twenty_families():
    found = library.standard("nist_800_53_r5")
    assert len(found.sections) == 20
    assert all(re.fullmatch(r"[A-Z]{2}-\d+(\(\d+\))?", control.number) for control in found.controls)


@pytest.mark.parametrize("id", IDS)
def test_a_check_that_answers_several_controls_was_looked_at(id):
    answers: dict[str, list[str]] = defaultdict(list)
    for control in library.standard(id).controls:
        for check in control.checks:
            answers[check].append(control.number)
    several = {check: numbers for check, numbers in answers.items() if len(numbers) > 1}
    assert several == REVIEWED.get(id, {}), "look at each new pair by meaning, then list it in reviewed.toml"


def test_the_benchmarks_of_linux_ask_for_at_least_eighty_checks_of_machines_each():
    for id in ("cis_debian_12", "cis_distribution_independent_linux_2.0", "cis_rhel_9", "cis_ubuntu_22.04"):
        asked = {check for control in library.standard(id).controls for check in control.checks}
        assert len(asked) >= 80, id


def test_every_check_is_in_a_standard_or_listed_as_in_none():
    answered = set(library.references(library.standards()))
    assert set(catalog.load()) - answered == IN_NONE


@pytest.mark.parametrize("id", [id for id in IDS if id.startswith("cis_")])
def test_a_benchmark_of_one_provider_names_checks_of_this_provider(id):
    found = library.standard(id)
    providers = {check.split(".")[0] for control in found.controls for check in control.checks}
    assert providers == set(found.providers)
