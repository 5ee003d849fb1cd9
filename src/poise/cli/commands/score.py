"""`poise score`: the secure score of everything, of each scope and control."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from poise.app import score_file, scores, shapes
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.scores import COLUMNS, control_rows, overall_words
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter

if TYPE_CHECKING:
    from poise.score.secure import SecureScore


@command
def score(
    run: Invocation,
    scope: Annotated[list[str] | None, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None,
    counts: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.json", help="Compute it from control counts in a file.")
    ] = None,
) -> None:
    """Show the secure score, with what each control gives and could give."""
    run.targets()
    if counts is not None:
        if scope:
            raise UsageError("--scope and --from cannot be used together.", "A file of counts is one scope.")
        _tell(run, score_file.score_of_file(counts))
        return
    with run.workspace() as workspace:
        _tell(run, scores.secure_score(workspace, AssetFilter(scopes=frozenset(scope or ()))))


def _tell(run: Invocation, found: SecureScore) -> None:
    run.answer(Answer(control_rows(found), COLUMNS, document=shapes.score_json(found)))
    run.say(overall_words(found))
