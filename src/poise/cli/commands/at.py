"""`poise at`: score, verdicts and compliance of a moment of the past."""

from __future__ import annotations

import msgspec

from poise.app import changes, past
from poise.cli.changing import MomentText, risk_words
from poise.cli.command import command
from poise.cli.commands.score import Where
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Facts, Grid, Heading, Paragraph
from poise.cli.scores import COLUMNS as SCORE_COLUMNS
from poise.cli.scores import control_rows, overall_words

STANDARD_COLUMNS = (
    Column("Standard", "standard"),
    Column("State", "state"),
    Column("Passed", "tally.passed"),
    Column("Failed", "tally.failed"),
)


@command
def at(run: Invocation, time: MomentText, where: Where) -> None:
    """Show score, verdicts and compliance as they were at a moment."""
    with run.workspace() as workspace:
        when = changes.moment_of(time, workspace.clock())
        found = past.moment(workspace, when, where.wanted(workspace))
    document = msgspec.to_builtins(found)
    counts = [(name.replace("_", " "), f"{count:,}") for name, count in found.verdicts.items() if count]
    if not found.assets:
        words = f"At {found.at:%Y-%m-%d %H:%M} UTC nothing was read yet. `poise history` shows what was read when."
        run.answer(Answer(blocks=[Paragraph(words)], document=document))
        return
    blocks: list[Block] = [
        Heading(f"At {found.at:%Y-%m-%d %H:%M} UTC: {overall_words(found.score)}"),
        Facts([("assets", f"{found.assets:,}"), ("risk-based", risk_words(found.risk_score)), *counts]),
        Grid(control_rows(found.score), SCORE_COLUMNS),
        Heading("Standards"),
        Grid(document["standards"], STANDARD_COLUMNS),
    ]
    run.answer(Answer(blocks=blocks, document=document))
