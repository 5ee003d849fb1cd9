"""`poise score`: the secure score of everything, of each scope and control."""

from __future__ import annotations

from typing import Annotated

import typer

from poise.app import scores, shapes
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.scores import COLUMNS, control_rows, overall_words
from poise.model.listings import AssetFilter


@command
def score(
    run: Invocation,
    scope: Annotated[list[str] | None, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None,
) -> None:
    """Show the secure score, with what each control gives and could give."""
    run.targets()
    with run.workspace() as workspace:
        found = scores.secure_score(workspace, AssetFilter(scopes=frozenset(scope or ())))
        run.answer(Answer(control_rows(found), COLUMNS, document=shapes.score_json(found)))
        run.say(overall_words(found))
