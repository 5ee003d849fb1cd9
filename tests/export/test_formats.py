"""Every export format against its golden file; `POISE_UPDATE_GOLDEN=1` writes them anew, for review."""

import os
from pathlib import Path

import pytest

from poise.export import formats
from tests.export.estate import empty_report, report

GOLDEN = Path(__file__).parent / "golden"
FORMATS = formats.names()
TEXTS = [name for name in FORMATS if name != "pdf"]
"""A PDF holds the moment at which it was printed."""


@pytest.mark.parametrize("name", TEXTS)
def test_report_is_written_exactly_as_agreed(name: str):
    text = "".join(formats.get(name).render(report()))
    golden = GOLDEN / f"report.{name}"
    if os.environ.get("POISE_UPDATE_GOLDEN") == "1":
        golden.write_text(text, newline="")

    assert text == golden.read_bytes().decode()


@pytest.mark.parametrize("name", TEXTS)
def test_report_of_nothing_can_be_written(name: str):
    assert "".join(formats.get(name).render(empty_report()))


def test_folder_holds_the_formats_that_are_promised():
    assert set(FORMATS) == {"json", "csv", "sarif", "html", "pdf", "cyclonedx"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_named_as_its_file(name: str):
    assert name == formats.get(name).NAME
