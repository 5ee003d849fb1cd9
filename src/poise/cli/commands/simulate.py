"""`poise simulate`: what changes would open and close, on a copy of what is stored."""

from __future__ import annotations

from typing import Annotated

import typer

from poise.app import simulate as simulating
from poise.cli.attack_paths import outcome_blocks
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer

OPENED = 1


@command
def simulate(
    run: Invocation,
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="CHANGE...", help="A file of assets as they would be, remove:ASSET, or fix:PATH[:NUMBER]."
        ),
    ],
    fail_on_new: Annotated[
        bool, typer.Option("--fail-on-new", help="Exit with 1 if an attack path would open.")
    ] = False,
) -> int | None:
    """Say what changes would open and close: attack paths, findings, score. Nothing is touched."""
    run.targets()
    with run.workspace() as workspace:
        found = simulating.simulate(workspace, changes)
    run.answer(Answer(blocks=list(outcome_blocks(found)), document=found))
    return OPENED if fail_on_new and found["opened"] else None
