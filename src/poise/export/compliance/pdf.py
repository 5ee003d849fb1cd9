"""PDF: the HTML report on paper."""

from __future__ import annotations

from collections.abc import Iterator

from poise.export.compliance import html
from poise.export.compliance.material import ComplianceReport
from poise.export.printing import printed

NAME = "pdf"


def render(report: ComplianceReport) -> Iterator[bytes]:
    """Yield the document."""
    yield printed(html.render(report))
