"""`poise asset`: what a person knows of an asset that no tag says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from poise.app import discovering, marking
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted
from poise.model.errors import UsageError
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree

MARK_COLUMNS = (Column("Degree", "degree"), Column("Because", "reason"), Column("Asset", "asset_id"))
TOPICS = {"critical": Topic.CRITICALITY, "sensitive": Topic.SENSITIVITY}
What = Annotated[str, typer.Argument(metavar="critical|sensitive", help="What the asset is.")]
AssetId = Annotated[str, typer.Argument(metavar="ID", help="Id of the asset.")]


@command
def mark(
    run: Invocation,
    what: What,
    id: AssetId,
    reason: Annotated[str, typer.Option(help="Why.")],
    degree: Annotated[str, typer.Option(metavar="low|medium|high", help="How much.")] = "high",
) -> None:
    """Mark an asset as critical, or its data as sensitive: the risks of its findings follow at once."""
    if degree not in list(Degree):
        raise UsageError(f"--degree is {degree!r}.", f"Choose from {', '.join(Degree)}.")
    with run.workspace() as workspace:
        wanted = Mark(asset_id=id, topic=_topic(what), degree=degree, reason=reason, by=actor())
        marking.mark(workspace, wanted)
    run.say(f"{id} is marked as {what}: {degree}.")


@command
def discovered(
    run: Invocation,
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="Answer of `aws macie2 get-findings`.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be marked, and change nothing.")] = False,
) -> None:
    """Mark the assets in which a discovery service found sensitive data; a higher mark stays."""
    with run.workspace() as workspace:
        found = discovering.discovered(workspace, file, actor(), dry_run=dry_run)
    rows = [msgspec.to_builtins(one) for one in found.marked]
    run.answer(Answer(rows, MARK_COLUMNS, document=msgspec.to_builtins(found)))
    said = f"{counted(len(rows), 'asset')} {'would be ' if dry_run else ''}marked as sensitive"
    run.say(f"{said}; {len(found.stronger)} had as high a mark, {len(found.absent)} not in the store.")


@command
def unmark(run: Invocation, what: What, id: AssetId) -> None:
    """Take a mark away."""
    with run.workspace() as workspace:
        if not marking.unmark(workspace, id, _topic(what), actor()):
            raise UsageError(f"{id} is not marked as {what}.")
    run.say(f"{id} is not marked as {what} any more.")


def _topic(what: str) -> Topic:
    if what not in TOPICS:
        raise UsageError(f"There is no mark {what!r}.", f"Choose from {', '.join(TOPICS)}.")
    return TOPICS[what]
