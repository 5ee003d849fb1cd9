"""HTML: one self-contained page to read, send and print. No script, nothing is fetched from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from poise.export.compliance.material import BASIS_WORDS, STATE_WORDS, ComplianceReport, by_section
from poise.model.text import printable

NAME = "html"
MOST_FINDINGS = 100
"""Findings of one check that the page shows; the CSV report has all."""


def render(report: ComplianceReport) -> Iterator[str]:
    """Yield the page."""
    failing = [check for check, controls in report.controls_of().items() if _fails(report, check)]
    yield from _template().generate(
        report=report,
        status=report.status,
        tally=report.status.tally,
        sections=list(by_section(report)),
        groups=((check, list(islice(report.findings(check), MOST_FINDINGS + 1))) for check in failing),
        most=MOST_FINDINGS,
        states=STATE_WORDS,
        bases=BASIS_WORDS,
    )


def _fails(report: ComplianceReport, check: str) -> bool:
    made = (a for control in report.status.controls for a in control.assessments if a.check == check)
    return any(a.failed or a.unknown for a in made)


@cache
def _template() -> Any:
    here = files("poise.export")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"shown": printable, "moment": _moment, "day": _day}
    environment.globals["style"] = Markup(here.joinpath("report.css").read_text("utf-8"))  # noqa: S704 - our own file
    return environment.from_string(here.joinpath("compliance", "report.html.jinja").read_text("utf-8"))


def _moment(time: Any) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _day(time: Any) -> str:
    return f"{time:%Y-%m-%d}"
