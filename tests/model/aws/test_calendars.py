"""The tables of dates: versions are read as AWS writes them, and newer ones never end before older ones."""

import itertools

import pytest

from poise.model.aws.lambda_runtimes import SUPPORT_ENDS
from poise.model.aws.rds_engines import STANDARD_SUPPORT_ENDS, major_version


@pytest.mark.parametrize(
    ("engine", "version", "major"),
    [
        ("mysql", "8.0.42", "8.0"),
        ("mysql", "5.7.44-rds.20240808", "5.7"),
        ("postgres", "17.5", "17"),
        ("postgres", "11.22-rds.20241121", "11"),
        ("postgres", "10", "10"),
        ("postgres", "9.6.2", "9.6"),
        ("postgres", "", ""),
    ],
)
def test_the_major_version_is_read_as_the_engine_counts(engine, version, major):
    assert major_version(engine, version) == major


@pytest.mark.parametrize(
    "newer_last",
    [
        *(list(versions.values()) for versions in STANDARD_SUPPORT_ENDS.values()),
        [end for name, end in SUPPORT_ENDS.items() if name.startswith("python3")],
        [end for name, end in SUPPORT_ENDS.items() if name.startswith("ruby")],
    ],
)
def test_a_newer_version_ends_no_sooner(newer_last):
    assert all(older <= newer for older, newer in itertools.pairwise(newer_last))
