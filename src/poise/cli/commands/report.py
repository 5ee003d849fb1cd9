"""`poise report`: the present state as a file for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from poise.app import exporting
from poise.app.parameters import FINDING_PARAMETERS, Reading, finding_filter
from poise.cli.command import listing
from poise.cli.invocation import Invocation
from poise.cli.output.target import Target, write
from poise.model.errors import UsageError

FILTERS = {name: FINDING_PARAMETERS[name] for name in ("provider", "scope", "group")}


@listing(FILTERS)
def report(
    run: Invocation,
    filters: Mapping[str, Sequence[str]],
    format: Annotated[
        str, typer.Argument(metavar="[FORMAT]", help="html, pdf, json, csv, sarif or cyclonedx.", show_default=False)
    ] = "",
) -> None:
    """Write a report of the latest state: score, what was read, recommendations, findings with evidence.

    `-o FILE` writes to a file. Several at once: `poise report -o html=report.html -o sarif=report.sarif`.
    """
    targets = _targets(format, run.shared.output or ())
    with run.workspace() as workspace:
        wanted = finding_filter(Reading(filters), workspace.checks)
        for target in targets:
            write(exporting.export(workspace, target.format, wanted), target)
            if target.path is not None:
                run.say(f"Wrote {target.path}.")


def _targets(format: str, outputs: Sequence[str]) -> list[Target]:
    known = exporting.format_names()
    if format and format not in known:
        raise UsageError(f"There is no report format {format!r}.", f"Choose from {', '.join(known)}.")
    targets = [_target(text, format, known) for text in outputs]
    if not targets and not format:
        raise UsageError("No format was given.", f"Choose from {', '.join(known)}.")
    if sum(target.path is None for target in targets) > 1:
        raise UsageError("Two formats would be written to the standard output.", "Give one a file: -o FORMAT=FILE.")
    return targets or [Target(format)]


def _target(text: str, format: str, known: Sequence[str]) -> Target:
    name, equals, path = text.partition("=")
    if name in known:
        return Target(name, Path(path) if equals and path else None)
    if not format:
        raise UsageError(f"-o {text} names no format.", f"Write -o FORMAT=FILE; formats are {', '.join(known)}.")
    return Target(format, Path(text))
