"""`poise history`: what happened to the estate, to a finding, or to an asset."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from poise.app import timeline
from poise.cli.command import command
from poise.cli.commands.score import Texts, Where
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import moment

EVENT_COLUMNS = (Column("When", "at", moment), Column("What", "kind"), Column("Says", "says"))


@command
def history(
    run: Invocation,
    id: Annotated[str, typer.Argument(metavar="ID", help="A finding or an asset; all of the estate if left out.")] = "",
    days: Annotated[int, typer.Option(metavar="N", min=1, help="Days to look back.")] = 90,
    scope: Annotated[Texts, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None,
    group: Annotated[Texts, typer.Option(metavar="NAME", help="Group of assets. Repeatable.")] = None,
) -> None:
    """Tell what happened to the score, to a finding or to an asset."""
    with run.workspace() as workspace:
        wanted = Where(scope=scope, group=group).wanted(workspace)
        events = timeline.of(workspace, id, days, wanted)
    rows: list[dict[str, Any]] = [msgspec.to_builtins(event) for event in events]
    run.answer(Answer(rows, EVENT_COLUMNS))
    if not rows:
        run.say("Nothing happened in that time.")
