"""`poise scoring`: how the risk-based score is computed, with what a change would do to today's score."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import typer

from poise.app import cloud_scores
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
