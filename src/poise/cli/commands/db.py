"""`poise db`: looks after the store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from poise.app import upkeep
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Facts
from poise.cli.output.words import counted
from poise.model.errors import UsageError


@command
def upgrade(run: Invocation) -> None:
    """Bring the store to this version's schema; make it if there is none."""
    changed = upkeep.upgrade(run.db)
    _done(run, {"changed": changed})
    run.say("The store was brought up to date." if changed else "The store was up to date.")


@command
def backup(run: Invocation, file: Annotated[Path, typer.Argument(help="New file for the copy.")]) -> None:
    """Copy the store to a new file, while others go on working."""
    with run.workspace() as workspace:
        upkeep.backup(workspace, file)
    _done(run, {"file": str(file), "bytes": file.stat().st_size})
    run.say(f"Wrote {file}.")


@command
def gc(
    run: Invocation,
    days: Annotated[int | None, typer.Option(metavar="N", min=1, help="Days of history to keep. [retention]")] = None,
) -> None:
    """Remove history that ended longer ago than the days to keep, and give the room back."""
    kept = days or max(1, int(run.setting("retention")))
    with run.workspace() as workspace:
        upkeep.collect_garbage(workspace, kept)
    _done(run, {"days": kept})
    run.say(f"History that ended more than {counted(kept, 'day')} ago is gone.")


@command
def purge(
    run: Invocation,
    scope: Annotated[str, typer.Argument(help="Account, subscription or project.")],
    keep_history: Annotated[bool, typer.Option("--keep-history", help="Keep what it was in the past.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove everything about one scope, its history too. This cannot be undone.

    With --keep-history only what it holds now goes: what the score was can still be shown and explained.
    """
    with run.workspace() as workspace:
        size = upkeep.scope_size(workspace, scope)
        if not yes:
            with_what = "" if keep_history else " and all its history"
            _confirm(f"Remove scope {scope} with {counted(size, 'asset')}{with_what}?")
        removed = upkeep.retire(workspace, scope) if keep_history else upkeep.purge(workspace, scope)
    _done(run, {"scope": scope, "assets": removed})
    run.say(f"Scope {scope} is gone, with {counted(removed, 'asset')}.")


def _confirm(question: str) -> None:
    """Ask on a terminal; elsewhere nobody can answer, so the flag is needed."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{question} Nobody can be asked here.", "Add --yes.")
    typer.confirm(question, abort=True, err=True)


def _done(run: Invocation, document: dict[str, object]) -> None:
    pairs = [(name, str(value)) for name, value in document.items()]
    run.answer(Answer(blocks=[Facts(pairs)], document=document))
