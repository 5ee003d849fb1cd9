"""`poise scoring`: how the risk-based score and risk levels are computed, with what a change would do to today's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from poise.app import cloud_scores
from poise.cli import previewing
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Facts
from poise.model.errors import UsageError
from poise.score.cloud import CloudRules

Texts = list[str] | None
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what today's score would be, and change nothing.")]


@command
def show(run: Invocation) -> None:
    """Show the reading, the bases and the weights that hold."""
    with run.workspace() as workspace:
        found = cloud_scores.in_force(workspace)
    run.answer(Answer(blocks=[Facts(_facts(found.rules))], document=msgspec.to_builtins(found)))
    if found.is_fixed:
        run.say("The settings file says so; it wins over what is saved.")


@command
def set_rules(
    run: Invocation,
    reading: Annotated[
        str, typer.Option(metavar="a|b", help="As printed, or as implied; bases follow it.", show_default=False)
    ] = "",
    base: Annotated[
        Texts, typer.Option(metavar="LEVEL=NUMBER", help="What one open recommendation leaves. Repeatable.")
    ] = None,
    weight: Annotated[
        Texts, typer.Option(metavar="DEGREE=NUMBER", help="What an asset weighs: none, low, medium, high. Repeatable.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Change what is named, and keep the rest; --dry-run shows the effect on today's score."""
    given = {"reading": reading, "bases": _pairs("--base", base), "weights": _pairs("--weight", weight)}
    if not any(given.values()):
        raise UsageError("Nothing is to be changed.", "Give --reading, --base or --weight.")
    _change(run, given, dry_run)


@command
def reset(run: Invocation, dry_run: DryRun = False) -> None:
    """Go back to what is published: reading b with its bases, and the weights 1, 2, 3 and 4."""
    _change(run, {}, dry_run)


@command
def risk(
    run: Invocation,
    level: Annotated[Texts, typer.Option(metavar="LEVEL=POINTS", help="Least points of a level. Repeatable.")] = None,
    points: Annotated[
        Texts, typer.Option(metavar="FACTOR.NAME=POINTS", help="Points such as exposure.wide=30. Repeatable.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Settings file with tables [risk...], instead of those that are set.")
    ] = None,
) -> None:
    """Show what other points or thresholds would do to the risks of today's findings. Nothing is changed."""
    from poise.app import risk_preview

    named = previewing.tables_of(level, points)
    with run.workspace() as workspace:
        if file is not None:
            workspace.choices = replace(workspace.choices, risk=previewing.rules_of_file(file))
        found = risk_preview.preview(workspace, risk_preview.rules_with(workspace, named, "The options"))
    run.answer(Answer(previewing.rows(found), previewing.COLUMNS, document=msgspec.to_builtins(found)))
    for line in previewing.words(found, named):
        run.say(line)


def _change(run: Invocation, given: dict[str, Any], dry_run: bool) -> None:
    with run.workspace() as workspace:
        tables = cloud_scores.changed(workspace, given) if given else {}
        preview = cloud_scores.preview
        made = preview(workspace, tables) if dry_run else cloud_scores.save(workspace, tables, actor())
    now, then = f"{made.before.percentage * 100:.2f} %", f"{made.after.percentage * 100:.2f} %"
    run.answer(Answer(blocks=[Facts(_facts(made.rules))], document=msgspec.to_builtins(made)))
    run.say(f"The risk-based score {'would go' if dry_run else 'goes'} from {now} to {then}.")
    if made.is_fixed:
        run.say("But the settings file says how it is computed; it wins, and this cannot be saved.")


def _facts(rules: CloudRules) -> list[tuple[str, str]]:
    bases, weights = msgspec.structs.asdict(rules.used), msgspec.structs.asdict(rules.weights)
    shown = [("reading", rules.reading.value)]
    shown += [(f"a {level} recommendation leaves", f"{base:g}") for level, base in bases.items()]
    return shown + [(f"criticality {degree} weighs", f"{weight:g}") for degree, weight in weights.items()]


def _pairs(option: str, texts: Texts) -> dict[str, float]:
    """Return name -> number. Raises :class:`UsageError` for what is none."""
    found = {}
    for text in texts or ():
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError as problem:
            raise UsageError(f"{option} is {text!r}.", "Give a name and a number: high=4.") from problem
    return found
