"""`poise check-again`: read one asset, finding or check anew, and tell what changed."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from poise.app.again import check_again as app
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted

COLUMNS = (
    Column("Check", "check"),
    Column("Asset", "name"),
    Column("Before", "before"),
    Column("Now", "after"),
    Column("Reason", "reason"),
)


@command
def check_again(
    run: Invocation, id: Annotated[str, typer.Argument(metavar="ID", help="Id of a finding, an asset or a check.")]
) -> None:
    """Read again what a finding, an asset or a check rests on, and judge it. Seconds, not a whole scan."""
    run.targets()
    with run.workspace() as workspace:
        found = app(workspace, id)
    document = msgspec.to_builtins(found)
    run.answer(Answer(document["turned"], COLUMNS, document=document))
    for problem in found.problems:
        run.say(f"Not read: {problem}")
    if found.is_gone:
        run.say(f"{found.target} is no longer there.")
    parts = counted(len(found.partitions), "part")
    run.say(f"{parts} read again: {counted(len(found.turned), 'verdict')} changed, {found.same} as before.")
