"""`poise score`: the secure score of everything, of each scope and control; or the risk-based score."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from poise.app import cloud_scores, groups, score_file, scores, shapes
from poise.app.changes import Formula
from poise.cli.changing import risk_words
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Facts
from poise.cli.scores import COLUMNS, control_rows, overall_words
from poise.model.errors import UsageError
from poise.model.listings import AssetFilter
from poise.score.cloud import LEVELS, Reading

if TYPE_CHECKING:
    from poise.app.workspace import Workspace
    from poise.score.cloud import CloudScore
    from poise.score.secure import SecureScore

Texts = list[str] | None


@dataclass(frozen=True)
class Where:
    """Options that say which score of what."""

    scope: Annotated[Texts, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None
    group: Annotated[Texts, typer.Option(metavar="NAME", help="Group of assets. Repeatable.")] = None
    formula: Annotated[str, typer.Option(metavar="secure|risk", help="By controls, or by risk.")] = "secure"

    def wanted(self, workspace: Workspace) -> AssetFilter:
        """Return the assets that are meant. Raises :class:`UsageError` for a group that there is not."""
        names = frozenset(self.group or ())
        groups.require(workspace, names)
        return AssetFilter(scopes=frozenset(self.scope or ()), groups=names)

    def formula_of(self) -> Formula:
        """Return the formula. Raises :class:`UsageError` for one that there is not."""
        if self.formula not in list(Formula):
            raise UsageError(f"--formula is {self.formula!r}.", f"Choose from {', '.join(Formula)}.")
        return Formula(self.formula)


@command
def score(
    run: Invocation,
    where: Where,
    reading: Annotated[
        str, typer.Option(metavar="a|b", help="Of the risk-based formula: as printed, as implied.", show_default=False)
    ] = "",
    counts: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.json", help="Compute it from control counts in a file.")
    ] = None,
) -> None:
    """Show the secure score, or the risk-based one: with what each control gives and could give."""
    run.targets()
    by_risk = where.formula_of() is Formula.RISK
    if reading and (not by_risk or reading not in list(Reading)):
        raise UsageError("--reading takes a or b, with --formula risk.")
    if counts is not None:
        if where.scope or where.group or by_risk:
            raise UsageError("--scope and --from cannot be used together.", "A file of counts is one scope.")
        _tell(run, score_file.score_of_file(counts))
        return
    with run.workspace() as workspace:
        wanted = where.wanted(workspace)
        if by_risk:
            _tell_risk(run, cloud_scores.risk_score(workspace, wanted, Reading(reading) if reading else None))
        else:
            _tell(run, scores.secure_score(workspace, wanted))


def _tell(run: Invocation, found: SecureScore) -> None:
    run.answer(Answer(control_rows(found), COLUMNS, document=shapes.score_json(found)))
    run.say(overall_words(found))


def _tell_risk(run: Invocation, found: CloudScore) -> None:
    pairs = [("score", f"{found.percentage:.4f}"), ("assets", f"{found.assets:,}"), ("weight", f"{found.weight:g}")]
    pairs += [(f"{level} recommendations", f"{found.open[level]:,}") for level in LEVELS]
    run.answer(Answer(blocks=[Facts(pairs)], document=msgspec.to_builtins(found)))
    run.say(risk_words(found))
