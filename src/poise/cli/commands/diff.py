"""`poise diff`: what differs between two moments."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from poise.app import changes, past
from poise.cli.changing import PART_COLUMNS, MomentText, change_words
from poise.cli.command import command
from poise.cli.commands.score import Where
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Facts, Grid, Heading
from poise.cli.output.words import counted

FINDING_COLUMNS = (Column("Finding", "id"), Column("Check", "check"), Column("Asset", "asset.name"))
CONTROL_COLUMNS = (
    Column("Standard", "standard"),
    Column("Control", "control"),
    Column("Before", "before"),
    Column("After", "after"),
)
SHOWN = 50


@command
def diff(
    run: Invocation,
    first: MomentText,
    where: Where,
    then: Annotated[str, typer.Argument(metavar="TIME", help="The later moment; now if it is left out.")] = "now",
) -> None:
    """Show what differs between two moments: assets, findings, score and controls."""
    with run.workspace() as workspace:
        now = workspace.clock()
        span = changes.Span(
            changes.moment_of(first, now), changes.moment_of(then, now), where.wanted(workspace), where.formula_of()
        )
        found = past.difference(workspace, span)
    document = msgspec.to_builtins(found)
    blocks: list[Block] = [
        Heading(change_words(found.score)),
        Facts(
            [
                ("assets", f"{len(found.added):,} added, {len(found.removed):,} removed, {found.changed:,} changed"),
                ("findings", f"{len(found.new):,} new, {len(found.fixed):,} fixed, {len(found.reopened):,} reopened"),
                ("controls", f"{counted(len(found.controls), 'control')} of standards changed"),
            ]
        ),
        Grid(document["score"]["parts"], PART_COLUMNS),
    ]
    for title in ("new", "reopened", "fixed"):
        if document[title]:
            blocks += [Heading(f"Findings that are {title}"), Grid(document[title][:SHOWN], FINDING_COLUMNS)]
    if document["controls"]:
        blocks += [Heading("Controls"), Grid(document["controls"][:SHOWN], CONTROL_COLUMNS)]
    run.answer(Answer(blocks=blocks, document=document))
