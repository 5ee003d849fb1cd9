"""HTML: one self-contained page to read, send and print. No script, nothing is fetched from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from poise.export.report import Report, by_check
from poise.model.filling import filled, filled_command
from poise.model.text import printable

NAME = "html"
CODE = re.compile(r"`([^`]+)`")


def render(report: Report) -> Iterator[str]:
    """Yield the page."""
    yield from _template().generate(
        report=report,
        groups=list(by_check(report)),
        overall=report.score.get("overall", {}),
        scopes=report.score.get("scopes", ()),
        missing=[row for row in report.coverage.gaps if not row.gap.expected],
        counts=_counts(report),
        todo=[r for r in report.recommendations if r.unhealthy or r.unknown],
    )


@cache
def _template() -> Any:
    here = files(__package__)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"percent": _percent, "shown": printable, "evidence": _evidence, "moment": _moment}
    environment.filters |= {"words": _words, "filled": filled, "filled_command": filled_command}
    environment.globals["style"] = Markup(here.joinpath("report.css").read_text("utf-8"))  # noqa: S704 - our own file
    return environment.from_string(here.joinpath("report.html.jinja").read_text("utf-8"))


def _counts(report: Report) -> dict[str, int]:
    return {
        "unhealthy": sum(r.unhealthy for r in report.recommendations),
        "unknown": sum(r.unknown for r in report.recommendations),
        "healthy": sum(r.healthy for r in report.recommendations),
        "exempt": sum(r.exempt for r in report.recommendations),
    }


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.0f} %"


def _moment(time: Any) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC" if time else "never"


def _evidence(value: Any) -> str:
    """Return the deciding value as text, cut where it would fill pages."""
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return printable(text if len(text) <= EVIDENCE_LENGTH else f"{text[:EVIDENCE_LENGTH]} ...")


EVIDENCE_LENGTH = 600


def _words(text: str) -> Markup:
    """Escape a text of ours and mark `code` in it."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped just now
