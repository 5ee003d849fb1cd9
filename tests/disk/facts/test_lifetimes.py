"""Ends of support, against what the vendors and those who collect their pages publish."""

from __future__ import annotations

from datetime import date

import pytest

from poise.disk.facts.lifetimes import LIFETIMES, end_of_life, extended_end

PUBLISHED = {
    ("debian", "12"): ("2026-07-11", "2028-06-30"),  # distro-info-data 0.58+deb12u6, debian.csv
    ("ubuntu", "20.04"): ("2025-05-29", "2030-04-23"),  # the same, ubuntu.csv, eol and eol-esm
    ("ubuntu", "22.04"): ("2027-06-01", "2032-04-21"),
    ("ubuntu", "18.04"): ("2023-05-31", "2028-04-26"),
    ("rhel", "7.9"): ("2024-06-30", "2028-06-30"),  # redhat.com/blog: four years of ELS from 2024-07-01
    ("ol", "8.10"): ("2029-07-31", "2032-07-31"),  # endoflife.date/oracle-linux
    ("ol", "9.5"): ("2032-06-30", "2035-06-30"),
    ("amzn", "2"): ("2026-06-30", None),  # aws.amazon.com/amazon-linux-2: ended on June 30, 2026
    ("alpine", "3.23.3"): ("2027-11-01", None),  # endoflife.date/alpine-linux
    ("sles", "15.5"): ("2024-12-31", "2027-12-31"),  # endoflife.date/sles
    ("windows", "10.0.14393"): ("2027-01-12", "2030-01-12"),  # endoflife.date/windows-server
    ("windows", "10.0.26100"): ("2034-11-14", None),  # learn.microsoft.com/lifecycle/products/windows-server-2025
}


@pytest.mark.parametrize(("name", "version"), PUBLISHED)
def test_the_ends_are_those_that_are_published(name, version):
    assert (end_of_life(name, version), extended_end(name, version)) == PUBLISHED[name, version]


@pytest.mark.parametrize(
    ("name", "version"), [("sles", "15"), ("sles", "15.9"), ("alpine", "3"), ("alpine", "3.99.1"), ("debian", "")]
)
def test_of_a_version_that_is_not_listed_nothing_is_known(name, version):
    assert end_of_life(name, version) is None


def test_an_extension_ends_after_the_free_support():
    for releases in LIFETIMES.values():
        for end, extended in releases.values():
            assert extended is None or date.fromisoformat(end) < date.fromisoformat(extended)
