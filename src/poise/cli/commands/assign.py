"""`poise assign`: who fixes a finding, or all findings of a check, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

from poise.app import governing_assign
from poise.app.governing_assign import Decision
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.words import counted
from poise.model.errors import UsageError


@dataclass(frozen=True)
class Decided:
    """What is decided."""

    owner: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Who fixes it.")] = None
    due: Annotated[str | None, typer.Option(metavar="DAY", help="Last day, UTC: 2027-01-31.")] = None
    grace: Annotated[bool | None, typer.Option("--grace/--no-grace", help="Leave the score alone until it is due.")] = (
        None
    )
    eta: Annotated[str | None, typer.Option(metavar="DAY", help="When it is expected; the due date stays.")] = None
    justification: Annotated[str, typer.Option(metavar="TEXT", help="Why it is expected then.")] = ""
    clear: Annotated[bool, typer.Option("--clear", help="Take owner and due date away.")] = False


@command
def assign(
    run: Invocation,
    ids: Annotated[list[str], typer.Argument(metavar="FINDING|CHECK...", help="Ids of findings or checks.")],
    decided: Decided,
) -> None:
    """Assign findings, or all open findings of checks, by hand. What rules decide later leaves them alone."""
    decision = Decision(
        owner=decided.owner,
        due=decided.due,
        is_grace=decided.grace,
        eta=decided.eta,
        justification=decided.justification,
    )
    if decided.clear and not decision.is_empty:
        raise UsageError("--clear takes everything away.", "Give it alone.")
    with run.workspace() as workspace:
        if decided.clear:
            count = governing_assign.unassign(workspace, ids, actor())
            run.say(f"Nobody owns {counted(count, 'finding')} any more.")
            return
        count = governing_assign.assign(workspace, ids, decision, actor())
    run.say(f"{counted(count, 'finding')} assigned.")
