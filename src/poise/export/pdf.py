"""PDF: the HTML report on paper, with the worst findings of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from poise.export import html
from poise.export.printing import printed
from poise.export.report import Report

NAME = "pdf"
MOST_FINDINGS = 1000
"""Findings that are printed; the recommendations count all of them, and CSV and JSON hold them."""


def render(report: Report) -> Iterator[bytes]:
    """Yield the document."""
    yield printed(html.render(msgspec.structs.replace(report, findings=islice(report.findings, MOST_FINDINGS))))
