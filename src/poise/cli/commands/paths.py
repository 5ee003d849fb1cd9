"""`poise paths`: attack paths as a whole, and decisions about them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from poise.app import path_deciding, path_fixes
from poise.app import paths as attack_paths
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Facts, Grid, Heading, Paragraph
from poise.cli.output.words import counted, level_style
from poise.model.errors import UsageError
from poise.model.moment import end_of

POINT_COLUMNS = (
    Column("Share", "share"),
    Column("Name", "name"),
    Column("Kind", "kind"),
    Column("Scope", "scope"),
    Column("Every way of", "paths", lambda ids: counted(len(ids), "path") if ids else ""),
)
FIX_COLUMNS = (
    Column("Change", "change"),
    Column("Ways before", "paths_before"),
    Column("After", "paths_after"),
    Column("Effort", "effort"),
)
SPOT_COLUMNS = (Column("Risk", "risk.level", style=level_style), Column("Title", "title"), Column("Id", "id"))
STEP_COLUMNS = (Column("What happens", "story"), Column("State", "state"))


@command
def why_empty(run: Invocation) -> None:
    """Say what is open, what is worth reaching, and where the best attempt ends."""
    with run.workspace() as workspace:
        found = attack_paths.why_no_paths(workspace)
    blocks: list[Block] = [Heading(counted(found["paths"], "attack path")), Paragraph(found["why"])]
    if "entries" in found:
        pairs = [(name.capitalize(), str(found[name])) for name in ("entries", "targets", "steps", "unread")]
        blocks += [Facts(pairs), Grid(found["best_attempt"], STEP_COLUMNS)]
    run.answer(Answer(blocks=blocks, document=found))


@command
def choke_points(run: Invocation) -> None:
    """List where most paths meet: what to fix first."""
    run.targets()
    with run.workspace() as workspace:
        run.answer(Answer(attack_paths.meeting_points(workspace), POINT_COLUMNS))


@command
def top_fixes(
    run: Invocation,
    count: Annotated[int, typer.Option(metavar="N", min=1, max=20, help="Fixes to find.")] = 5,
) -> None:
    """List the few fixes that take away most risk, each proven on top of those before it."""
    run.targets()
    run.say("Proving fixes on a copy of what was read ...")
    with run.workspace() as workspace:
        found = path_fixes.top_fixes(workspace, count)
    run.answer(Answer(found, FIX_COLUMNS))
    if found:
        run.say(f"{found[-1]['paths_after']:,} ways are left when all are done. `poise fix PATH` tells how.")
    else:
        run.say("There is no path, or no change of what was read is known to break one.")


@command
def blind_spots(run: Invocation) -> None:
    """List paths that there may be, where something was not read that decides."""
    run.targets()
    with run.workspace() as workspace:
        run.answer(Answer(attack_paths.blind_spots(workspace), SPOT_COLUMNS))


@command
def exempt(
    run: Invocation,
    id: Annotated[str, typer.Argument(metavar="PATH", help="Id of an attack path.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why nobody acts on it.")] = "",
    by: Annotated[str, typer.Option(metavar="ADDRESS", help="Who decides.")] = "",
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day that it holds: 2027-06-30.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the decision back.")] = False,
) -> None:
    """Decide not to act on a path, with a reason and a last day; it is audited."""
    if not by or bool(reason) == remove:
        raise UsageError("It must be said who decides, and why.", "Give --by ADDRESS, and --reason TEXT or --remove.")
    with run.workspace() as workspace:
        path_deciding.exempt(workspace, id, "" if remove else reason, _day(until), by)
    run.say(f"{'Counted again' if remove else 'Exempted'}: {id}.")


def _day(text: str | None) -> datetime | None:
    try:
        return None if text is None else end_of(text)
    except ValueError as problem:
        raise UsageError(f"{text!r} is no day.", "Give one as 2027-06-30.") from problem
