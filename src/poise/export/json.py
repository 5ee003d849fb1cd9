"""JSON: everything that the report holds, for scripts. Fields are added freely and never renamed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.export.report import Report

NAME = "json"
SCHEMA_VERSION = 1


def render(report: Report) -> Iterator[str]:
    """Yield one object; a finding takes one line."""
    head = {
        "schema_version": SCHEMA_VERSION,
        "made_at": report.made_at,
        "version": report.version,
        "assets": report.assets,
        "score": report.score,
        "coverage": report.coverage,
        "recommendations": report.recommendations,
    }
    yield f"{msgspec.json.encode(head).decode()[:-1]},\n"
    yield '"findings":['
    before = "\n"
    for finding in report.findings:
        yield f"{before}{msgspec.json.encode(finding).decode()}"
        before = ",\n"
    yield "]}\n"
