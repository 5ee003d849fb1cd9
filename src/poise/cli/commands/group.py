"""`poise group`: groups of assets, as scopes of lists, scores and reports."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from poise.app import groups
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted
from poise.model.errors import UsageError
from poise.model.group import Group, GroupKind, GroupRow, Wanted

Texts = list[str] | None
COLUMNS = (
    Column("Group", "group.name"),
    Column("Kind", "group.kind"),
    Column("Assets", "assets"),
    Column("May be in it", "possible", lambda number: f"{number:,}" if number else ""),
    Column("Not known", "gap"),
    Column("Holds", "group.wanted", lambda wanted: ", ".join(f"{k} {v}" for k, v in wanted.items() if v)),
    Column("From", "group.origin"),
)
FIRST = (Column("Asset", "name"), Column("Kind", "kind"), Column("Account", "scope"), Column("Id", "id"))


@dataclass(frozen=True)
class Holding:
    """Options that say which assets are in a group; all that are given must hold."""

    tag: Annotated[Texts, typer.Option(metavar="NAME=VALUE", help="Tag that assets bear. Repeatable: all.")] = None
    account: Annotated[Texts, typer.Option(metavar="ID", help="Account or subscription. Repeatable.")] = None
    provider: Annotated[Texts, typer.Option(metavar="NAME", help="Cloud. Repeatable.")] = None
    region: Annotated[Texts, typer.Option(metavar="NAME", help="Region. Repeatable.")] = None
    asset_kind: Annotated[Texts, typer.Option(metavar="NAME", help="Kind of asset. Repeatable.")] = None
    text: Annotated[str, typer.Option(metavar="WORDS", help="Words in name or id.", show_default=False)] = ""
    query: Annotated[
        str,
        typer.Option(
            metavar="'TEXT'",
            help="Question to the security graph, or the name of a saved or ready one: what its first block finds.",
            show_default=False,
        ),
    ] = ""

    def wanted(self) -> Wanted:
        """Return what is meant. Raises :class:`UsageError` for a tag that is none."""
        pairs = [text.partition("=") for text in self.tag or ()]
        if any(not key or not equals for key, equals, _ in pairs):
            raise UsageError("--tag takes NAME=VALUE.")
        return Wanted(
            tags={key: value for key, _, value in pairs},
            scopes=frozenset(self.account or ()),
            providers=frozenset(self.provider or ()),
            regions=frozenset(self.region or ()),
            kinds=frozenset(self.asset_kind or ()),
            text=self.text,
            query=self.query,
        )


@command
def list_all(run: Invocation) -> None:
    """List groups with the number of their assets."""
    with run.workspace() as workspace:
        _tell(run, groups.groups(workspace))


@command
def set_group(
    run: Invocation,
    holding: Holding,
    name: Annotated[str, typer.Argument(help="Name of the group; left out with --from.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help=f"{', '.join(GroupKind)}.")] = "application",
    file: Annotated[Path | None, typer.Option("--from", metavar="FILE.toml", help="Take groups from a file.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would hold; change nothing.")] = False,
) -> None:
    """Add a group or change it: which assets it holds, by tag, account, region, kind, words or question.

    `poise group set exposed --query 'find AWS::EC2::Instance where is_public'`: who is in it is asked anew after each
    scan.
    """
    if (file is None) == (not name):
        raise UsageError("Give the name of one group, or --from FILE.toml.")
    if dry_run and file is not None:
        raise UsageError("--dry-run looks at one group.", "Leave --from out.")
    if kind not in list(GroupKind):
        raise UsageError(f"--kind is {kind!r}.", f"Choose from {', '.join(GroupKind)}.")
    with run.workspace() as workspace:
        if file is not None:
            _tell(run, groups.sync(workspace, file, actor()))
            return
        group = Group(name=name, kind=GroupKind(kind), wanted=holding.wanted(), changed_by=actor())
        if dry_run:
            _tell_preview(run, groups.preview(workspace, group))
            return
        made = groups.put(workspace, group)
    _tell(run, (made,))
    run.say(f"The group {name} holds {counted(made.assets, 'asset')}.{_besides(made.possible, made.gap)}")


@command
def remove(run: Invocation, name: Annotated[str, typer.Argument(help="Name of the group.")]) -> None:
    """Remove a group; its assets stay."""
    with run.workspace() as workspace:
        groups.remove(workspace, name, actor())
    run.say(f"The group {name} is gone.")


def _tell_preview(run: Invocation, found: groups.Preview) -> None:
    run.answer(
        Answer([msgspec.to_builtins(row.asset) for row in found.first], FIRST, document=msgspec.to_builtins(found))
    )
    now = "" if found.before is None else f" It holds {found.before:,} now."
    besides = _besides(found.possible, found.gap)
    run.say(f"The group {found.group.name} would hold {counted(found.assets, 'asset')}.{now}{besides}")


def _besides(possible: int, gap: str) -> str:
    more = f" {counted(possible, 'asset')} more may be in it: something that decides was not read." if possible else ""
    return f"{more} Not known: {gap}." if gap else more


def _tell(run: Invocation, rows: tuple[GroupRow, ...]) -> None:
    run.answer(Answer([msgspec.to_builtins(row) for row in rows], COLUMNS))
