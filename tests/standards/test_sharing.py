"""Standards that take controls over from another one: numbers, sections, what goes before what."""

from __future__ import annotations

import re

import pytest

from poise.model.errors import BadInput
from poise.standards import library
from poise.standards.reading import read
from poise.standards.sharing import filled

OTHER = {
    "title": "Other",
    "section": {"1": {"title": "First"}, "1.2": {"title": "Inner", "within": "1"}},
    "control": {
        "1.1": {"title": "One", "section": "1", "checks": ["a"]},
        "1.2.1": {"title": "Two", "section": "1.2"},
        "1.2.10": {"title": "Ten", "section": "1.2", "manual": "judgement"},
        "1.2.9": {"title": "Nine", "section": "1.2"},
        "1.20": {"title": "Twenty", "section": "1"},
    },
}
PUBLISHED = {
    "cis_ubuntu_24.04": """
1.1.1.1-10 1.1.2.1.1-4 1.1.2.2.1-4 1.1.2.3.1-3 1.1.2.4.1-3 1.1.2.5.1-4 1.1.2.6.1-4 1.1.2.7.1-4 1.2.1.1-2 1.2.2.1
1.3.1.1-4 1.4.1-2 1.5.1-5 1.6.1-6 1.7.1-10 2.1.1-22 2.2.1-6 2.3.1.1 2.3.2.1-2 2.3.3.1-3 2.4.1.1-8 2.4.2.1 3.1.1-3
3.2.1-4 3.3.1-11 4.1.1 4.2.1-7 4.3.1-10 4.4.1.1-3 4.4.2.1-4 4.4.3.1-4 5.1.1-22 5.2.1-7 5.3.1.1-3 5.3.2.1-4
5.3.3.1.1-3 5.3.3.2.1-8 5.3.3.3.1-3 5.3.3.4.1-4 5.4.1.1-6 5.4.2.1-8 5.4.3.1-3 6.1.1.1-4 6.1.2.1.1-4 6.1.2.2-4
6.1.3.1-8 6.1.4.1 6.2.1.1-4 6.2.2.1-4 6.2.3.1-21 6.2.4.1-10 6.3.1-3 7.1.1-13 7.2.1-10""",
    "cis_ubuntu_22.04": """
1.1.1.1-8 1.1.2.1.1-4 1.1.2.2.1-4 1.1.2.3.1-3 1.1.2.4.1-3 1.1.2.5.1-4 1.1.2.6.1-4 1.1.2.7.1-4 1.2.1.1-2 1.2.2.1
1.3.1.1-4 1.4.1-2 1.5.1-5 1.6.1-6 1.7.1-10 2.1.1-22 2.2.1-6 2.3.1.1 2.3.2.1-2 2.3.3.1-3 2.4.1.1-8 2.4.2.1 3.1.1-3
3.2.1-4 3.3.1-11 4.1.1-7 4.2.1-10 4.3.1.1-3 4.3.2.1-4 4.3.3.1-4 5.1.1-22 5.2.1-7 5.3.1.1-3 5.3.2.1-4 5.3.3.1.1-3
5.3.3.2.1-8 5.3.3.3.1-3 5.3.3.4.1-4 5.4.1.1-6 5.4.2.1-8 5.4.3.1-3 6.1.1-3 6.2.1.1.1-6 6.2.1.2.1-4 6.2.2.1 6.3.1.1-4
6.3.2.1-4 6.3.3.1-21 6.3.4.1-10 7.1.1-13 7.2.1-10""",
}
"""Numbers as the control files cis_ubuntu2404 and cis_ubuntu2204 of ComplianceAsCode list them; 1-3 is 1, 2, 3."""


def shared(numbers: dict[str, str], **more: object) -> dict[str, object]:
    return filled({"title": "Ours", "same": {"standard": "other", "numbers": numbers, **more}}, lambda _id: OTHER)


def test_a_group_comes_along_with_its_sections_in_the_order_of_numbers():
    found = shared({"1": "1"})
    assert list(found["control"]) == ["1.1", "1.2.1", "1.2.9", "1.2.10", "1.20"]
    assert found["control"]["1.1"] == {"title": "One", "section": "1", "checks": ["a"]}
    assert found["control"]["1.2.10"] == {"title": "Ten", "section": "1.2", "manual": "judgement"}
    assert found["section"] == OTHER["section"]


def test_a_group_that_moved_takes_its_new_numbers():
    found = shared({"3.1": "1.2"})
    assert list(found["control"]) == ["3.1.1", "3.1.9", "3.1.10"]
    assert found["control"]["3.1.9"] == {"title": "Nine", "section": "3.1"}
    assert found["section"] == {"3.1": {"title": "Inner"}}


def test_a_number_that_begins_with_the_same_digits_is_no_member_of_the_group():
    assert "1.20" not in shared({"1.2": "1.2"})["control"]


def test_what_is_left_out_does_not_come_along():
    assert list(shared({"1": "1"}, without=["1.1", "1.2.9"])["control"]) == ["1.2.1", "1.2.10", "1.20"]


def test_a_later_line_goes_before_an_earlier_one():
    assert shared({"1": "1", "1.2.1": "1.2.9"})["control"]["1.2.1"]["title"] == "Nine"


def test_what_the_file_says_itself_goes_before_what_it_shares():
    ours = {
        "title": "Ours",
        "same": {"standard": "other", "numbers": {"1": "1"}},
        "section": {"1": {"title": "Our first"}},
        "control": {"1.1": {"title": "Our own", "checks": ["b"]}},
    }
    found = filled(ours, lambda _id: OTHER)
    assert found["control"]["1.1"] == {"title": "Our own", "checks": ["b"], "section": "1"}
    assert found["section"]["1"] == {"title": "Our first"}


def test_a_standard_of_a_tenant_shares_nothing():
    text = '[same]\nstandard = "cis_debian_12"\n[control.1]\ntitle = "x"\n'
    with pytest.raises(BadInput, match="there is no field 'same'"):
        read('title = "x"\n' + text, "x", "x.toml")


@pytest.mark.parametrize(("id", "numbers"), PUBLISHED.items())
def test_a_benchmark_has_the_numbers_that_are_published(id, numbers):
    expected = [number for item in numbers.split() for number in _each(item)]
    assert [control.number for control in library.standard(id).controls] == expected


def test_what_moved_between_benchmarks_keeps_its_checks():
    """The same requirement in ComplianceAsCode: 6.2.3.4 of cis_ubuntu2404 is 6.3.3.4 of cis_ubuntu2204."""
    checks = {control.number: control.checks for control in library.standard("cis_ubuntu_22.04").controls}
    assert checks["6.3.3.4"] == ("host.audit.clock_not_watched",)
    assert checks["1.1.1.8"] == ("host.kernel.usb_storage_loadable",)
    assert checks["6.2.1.1.5"] == ("host.logging.lost_at_restart",)


def _each(item: str) -> list[str]:
    found = re.fullmatch(r"(.*?)(\d+)-(\d+)", item)
    return [f"{found[1]}{last}" for last in range(int(found[2]), int(found[3]) + 1)] if found else [item]
