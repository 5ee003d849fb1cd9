"""`poise simulate`: what changes would open and close, on a copy of what is stored."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from poise.app import simulate as simulating
from poise.cli.attack_paths import outcome_blocks
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.model.verdict import Severity

OPENED = 1


@command
def simulate(
    run: Invocation,
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="CHANGE...", help="A Terraform plan, a file of assets, remove:ASSET, or fix:PATH[:NUMBER]."
        ),
    ],
    fail_on_new: Annotated[
        bool, typer.Option("--fail-on-new", help="Exit with 1 if an attack path would open.")
    ] = False,
    fail_on: Annotated[
        Severity | None,
        typer.Option(metavar="LEVEL", help="Exit with 1 if a path or finding of this risk or higher would open."),
    ] = None,
) -> int | None:
    """Say what changes would open and close: attack paths, findings, score. Nothing is touched."""
    run.targets()
    with run.workspace() as workspace:
        found = simulating.simulate(workspace, changes)
    run.answer(Answer(blocks=list(outcome_blocks(found)), document=found))
    return OPENED if (fail_on_new and found["opened"]) or (fail_on and _opens(found, fail_on)) else None


def _opens(found: dict[str, Any], least: Severity) -> bool:
    """Say whether a path or finding of at least a level would open."""
    levels = [row["risk"]["level"] for row in found["opened"]] + [row["risk"] for row in found["checks_opened"]]
    return any(Severity(level).rank >= least.rank for level in levels)
