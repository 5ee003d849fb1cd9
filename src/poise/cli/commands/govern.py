"""`poise govern`: rules that say who owns a finding and by when it is due, and how far owners have come."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.app import governing, governing_file, shapes
from poise.app.governing_report import report as counted_report
from poise.app.governing_report import report_rows
from poise.app.governing_words import condition_of, tags_of
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.governing import PLANNED_COLUMNS, REPORT_COLUMNS, RULE_COLUMNS, dry_run_words, rule_row, synced_words
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.model.errors import UsageError
from poise.model.governance import Overwrite, OwnerSource, Place, Rule

if TYPE_CHECKING:
    from poise.app.governing import DryRun

Texts = list[str] | None
DryRunFlag = Annotated[bool, typer.Option("--dry-run", help="Show what would be assigned, and change nothing.")]
OverwriteFlag = Annotated[
    str,
    typer.Option(
        metavar="|".join(Overwrite), help="What may be assigned anew: nothing, what rules assigned, or everything."
    ),
]
Name = Annotated[str, typer.Argument(metavar="RULE", help="Name of the rule.")]


@dataclass(frozen=True)
class Where:
    """Options that say where a rule holds, and what it is about."""

    node: Annotated[Texts, typer.Option(metavar="ID", help="Organization node: all below it. Repeatable.")] = None
    account: Annotated[Texts, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None
    tag: Annotated[Texts, typer.Option(metavar="NAME=VALUE", help="Tag that assets bear. Repeatable: all.")] = None
    group: Annotated[Texts, typer.Option(metavar="NAME", help="Group of assets. Repeatable.")] = None
    exclude_node: Annotated[Texts, typer.Option(metavar="ID", help="Node that is left out. Repeatable.")] = None
    exclude_account: Annotated[Texts, typer.Option(metavar="ID", help="Account that is left out. Repeatable.")] = None
    exclude_tag: Annotated[Texts, typer.Option(metavar="NAME=VALUE", help="Tag whose bearers are left out.")] = None
    condition: Annotated[
        Texts,
        typer.Option(
            metavar="SET",
            help="Conditions that must all hold: 'severity=high,critical check=aws.s3'. Repeatable: one must hold.",
        ),
    ] = None

    def scope(self) -> Place:
        """Return where the rule holds."""
        return Place(
            nodes=tuple(self.node or ()),
            accounts=tuple(self.account or ()),
            tags=tags_of(self.tag or [], "--tag"),
            groups=tuple(self.group or ()),
        )

    def excluded(self) -> Place:
        """Return where it does not."""
        return Place(
            nodes=tuple(self.exclude_node or ()),
            accounts=tuple(self.exclude_account or ()),
            tags=tags_of(self.exclude_tag or [], "--exclude-tag"),
        )


@dataclass(frozen=True)
class What:
    """Options that say who, how long, and who hears of it."""

    priority: Annotated[int, typer.Option(metavar="0-1000", help="The lowest number wins.")]
    owner: Annotated[str, typer.Option(metavar="ADDRESS", help="Owner of everything that the rule takes.")] = ""
    owner_tag: Annotated[
        str, typer.Option(metavar="KEY", help="Tag that holds the owner: of the asset, its group, its account.")
    ] = ""
    default_owner: Annotated[str, typer.Option(metavar="ADDRESS", help="Owner where no tag names one.")] = ""
    days: Annotated[int, typer.Option(metavar="DAYS", help="Days until a finding is due.")] = 30
    grace: Annotated[bool, typer.Option("--grace", help="Leave the score alone until findings are due.")] = False
    counted_from: Annotated[str, typer.Option(metavar="first_seen|assigned", help="From when days are counted.")] = (
        "first_seen"
    )
    manager: Annotated[Texts, typer.Option(metavar="ADDRESS", help="Gets a weekly mail of what is overdue.")] = None
    quiet_owner: Annotated[bool, typer.Option("--no-owner-mail", help="Send owners no weekly mail.")] = False
    ticket: Annotated[str, typer.Option(metavar="CHANNEL", help="Where each finding gets a ticket.")] = ""
    disabled: Annotated[bool, typer.Option("--disabled", help="Keep the rule, but let it assign nothing.")] = False


@command
def add(
    run: Invocation,
    name: Name,
    what: What,
    where: Where,
    overwrite: OverwriteFlag = "nothing",
    dry_run: DryRunFlag = False,
) -> None:
    """Add a rule, or change the one of that name, and let it assign what it takes."""
    rule = _rule(name, what, where)
    run.targets()
    how = _overwrite(overwrite)
    with run.workspace() as workspace:
        if dry_run:
            _tell(run, governing.preview(workspace, rule, how), "would be assigned")
        else:
            _tell(run, governing.add(workspace, rule, actor(), how), "were assigned")


@command
def list_all(run: Invocation) -> None:
    """List the rules, the strongest first."""
    run.targets()
    with run.workspace() as workspace:
        rules = governing.rules(workspace)
    run.answer(Answer([rule_row(rule) for rule in rules], RULE_COLUMNS))
    if not rules:
        run.say("There are no rules. `poise govern add` makes one; `poise govern apply` takes them from a file.")


@command
def remove(run: Invocation, name: Name) -> None:
    """Remove a rule. What it has assigned stays."""
    with run.workspace() as workspace:
        found = governing.remove(workspace, name, actor())
        run.say(f"{name} is removed. What it has assigned stays.")
        if found.origin:
            run.say(f"It comes from {found.origin}: remove it there too, or it comes back with the next apply.")


@command
def move(
    run: Invocation, name: Name, direction: Annotated[str, typer.Argument(metavar="up|down", help="Up is stronger.")]
) -> None:
    """Let a rule change places with its neighbour."""
    if direction not in ("up", "down"):
        raise UsageError(f"{direction!r} is no direction.", "Say up or down.")
    run.targets()
    with run.workspace() as workspace:
        rules = governing.move(workspace, name, -1 if direction == "up" else 1, actor())
    run.answer(Answer([rule_row(rule) for rule in rules], RULE_COLUMNS))


@command
def apply(
    run: Invocation,
    file: Annotated[Path, typer.Argument(help="File of rules: governance.toml.")],
    dry_run: DryRunFlag = False,
) -> None:
    """Take rules from a file: new ones are added, changed ones replaced, missing ones removed; then they assign."""
    run.targets()
    with run.workspace() as workspace:
        found = governing_file.sync(workspace, file, actor(), dry_run=dry_run)
    run.say(synced_words(found, dry_run=dry_run))
    _tell(run, found.dry_run, "would be assigned" if dry_run else "were assigned")


@command
def rerun(run: Invocation, overwrite: OverwriteFlag = "nothing", dry_run: DryRunFlag = False) -> None:
    """Let the rules assign again: unassigned findings alone, or also what is assigned already."""
    run.targets()
    how = _overwrite(overwrite)
    with run.workspace() as workspace:
        found = governing.dry_run(workspace, governing.rules(workspace), how)
        if not dry_run:
            governing.run_rules(workspace, actor(), how)
    _tell(run, found, "would be assigned" if dry_run else "were assigned")


@command
def report(run: Invocation) -> None:
    """Count findings by owner, rule and account: completed, on time, overdue, unassigned; and how long fixing takes."""
    run.targets()
    with run.workspace() as workspace:
        found = counted_report(workspace)
    run.answer(Answer(report_rows(found), REPORT_COLUMNS, document=msgspec.to_builtins(found)))


def _tell(run: Invocation, found: DryRun, verb: str) -> None:
    rows = [msgspec.to_builtins(one) | {"finding": shapes.finding_json(one.finding)} for one in found.planned]
    document = msgspec.to_builtins(found) | {"planned": rows}
    run.answer(Answer(rows, PLANNED_COLUMNS, document=document))
    for line in dry_run_words(found, verb):
        run.say(line)


def _rule(name: str, what: What, where: Where) -> Rule:
    values: dict[str, Any] = {
        "name": name,
        "priority": what.priority,
        "scope": where.scope(),
        "excluded": where.excluded(),
        "conditions": [condition_of(text) for text in where.condition or ()],
        "owner": OwnerSource(tag=what.owner_tag, address=what.owner, default=what.default_owner),
        "days": what.days,
        "is_grace": what.grace,
        "counted_from": what.counted_from,
        "notifies_owner": not what.quiet_owner,
        "managers": what.manager or [],
        "ticket": what.ticket,
        "is_enabled": not what.disabled,
    }
    try:
        return msgspec.convert(msgspec.to_builtins(values), Rule)
    except msgspec.ValidationError as problem:
        raise UsageError(f"{problem}.", "`poise govern add --help` shows the values.") from problem


def _overwrite(text: str) -> Overwrite:
    if text not in list(Overwrite):
        raise UsageError(f"--overwrite is {text!r}.", f"Choose from {', '.join(Overwrite)}.")
    return Overwrite(text)
