"""`poise notify`: channels, messages that wait, and what is done again and again."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from poise.app import notifying, ticking
from poise.app.governing_words import tags_of
from poise.app.ticking_tickets import open_ticket
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import moment
from poise.model.errors import UsageError
from poise.model.listings import Paging
from poise.model.notice import Channel, ChannelKind, DueRow, EventKind
from poise.model.schedule import next_after

Texts = list[str] | None
Name = Annotated[str, typer.Argument(metavar="CHANNEL", help="Name of the channel.")]
CHANNEL_COLUMNS = (
    Column("Name", "name"),
    Column("Kind", "kind"),
    Column("To", "to"),
    Column("Address", "url"),
    Column("Events", "events"),
    Column("Secret", "has_secret"),
)
OUTBOX_COLUMNS = (
    Column("Number", "number"),
    Column("State", "state"),
    Column("Channel", "message.channel"),
    Column("To", "message.to"),
    Column("Subject", "message.notice.subject"),
    Column("Attempts", "attempts"),
    Column("Next", "next_at", moment),
    Column("Problem", "error"),
)
DUE_COLUMNS = (
    Column("Name", "name"),
    Column("Schedule", "schedule"),
    Column("Next", "next_at", moment),
    Column("Last", "last_at", moment),
    Column("Does", "kind"),
    Column("Problem", "error"),
)


@dataclass(frozen=True)
class Out:
    """Where messages of a channel go."""

    kind: Annotated[str, typer.Option(metavar="|".join(ChannelKind), help="Form of the messages.")]
    to: Annotated[Texts, typer.Option(metavar="ADDRESS", help="Receiver of mail. Repeatable.")] = None
    url: Annotated[str, typer.Option(metavar="URL", help="Address to call, or site of the ticket system.")] = ""
    event: Annotated[Texts, typer.Option(metavar="NAME", help=f"What is sent: {', '.join(EventKind)}. Repeatable.")] = (
        None
    )
    option: Annotated[
        Texts, typer.Option(metavar="NAME=VALUE", help="Of tickets: user, project, issue_type, version, table, ...")
    ] = None
    secret_env: Annotated[
        str, typer.Option(metavar="VARIABLE", help="Environment variable with the secret, password or token.")
    ] = ""
    secret_file: Annotated[Path | None, typer.Option(metavar="FILE", help="File with it; - reads the input.")] = None

    def channel(self, name: str) -> Channel:
        """Return the channel. Raises :class:`UsageError` for a value that there is not."""
        values: dict[str, Any] = {
            "name": name,
            "kind": self.kind,
            "to": self.to or [],
            "url": self.url,
            "options": tags_of(self.option or [], "--option"),
        }
        values |= {"events": self.event} if self.event else {}
        try:
            return msgspec.convert(values, Channel)
        except msgspec.ValidationError as problem:
            raise UsageError(f"{problem}.", "`poise notify add --help` shows the values.") from problem

    def secret(self) -> str:
        """Return the secret; empty leaves the one that is kept. Raises :class:`UsageError` if it is not there."""
        if self.secret_env:
            if not os.environ.get(self.secret_env):
                raise UsageError(f"The environment variable {self.secret_env} is not set.")
            return os.environ[self.secret_env]
        if self.secret_file is None:
            return ""
        try:
            text = sys.stdin.read() if str(self.secret_file) == "-" else self.secret_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise UsageError(f"{self.secret_file} cannot be read: {type(problem).__name__}.") from problem
        return text.strip()


@command
def add(run: Invocation, name: Name, out: Out) -> None:
    """Add a channel, or change the one of that name. Its secret is kept encrypted and never shown."""
    channel, secret = out.channel(name), out.secret()
    run.targets()
    with run.workspace() as workspace:
        made = notifying.set_channel(workspace, channel, secret, actor())
    run.answer(Answer([msgspec.to_builtins(made)], CHANNEL_COLUMNS))


@command
def list_all(run: Invocation) -> None:
    """List the channels."""
    run.targets()
    with run.workspace() as workspace:
        rows = [msgspec.to_builtins(one) for one in notifying.channels(workspace)]
    run.answer(Answer(rows, CHANNEL_COLUMNS))


@command
def remove(run: Invocation, name: Name) -> None:
    """Remove a channel, with its secret."""
    with run.workspace() as workspace:
        notifying.remove_channel(workspace, name, actor())
    run.say(f"{name} is removed.")


@command
def send_test(run: Invocation, name: Name) -> None:
    """Send a test through a channel now; of a ticket system, ask it something."""
    with run.workspace() as workspace:
        notifying.try_channel(workspace, name)
    run.say(f"{name} took it.")


@command
def outbox(run: Invocation) -> None:
    """List messages, newest first: sent, waiting, given up."""
    run.targets()
    with run.workspace() as workspace:
        page = workspace.store.due.outbox(Paging(limit=200))
    run.answer(Answer([msgspec.to_builtins(row) for row in page.rows], OUTBOX_COLUMNS))


@command
def retry(run: Invocation, number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of a message.")]) -> None:
    """Send a message again that was given up, with the next tick."""
    with run.workspace() as workspace:
        if not workspace.store.due.retry(number, actor()):
            raise UsageError(f"There is no message {number} that was not sent.", "`poise notify outbox` shows them.")
    run.say(f"Message {number} is sent with the next tick.")


@command
def ticket(
    run: Invocation, name: Name, finding: Annotated[str, typer.Argument(metavar="FINDING", help="Id of a finding.")]
) -> None:
    """Make the ticket of a finding, or show the one that there is."""
    run.targets()
    with run.workspace() as workspace:
        made = open_ticket(workspace, notifying.sender(workspace), name, finding, actor())
    columns = (Column("Ticket", "number"), Column("Status", "status"), Column("Link", "link"))
    run.answer(Answer([msgspec.to_builtins(made)], columns))


@command
def schedule(
    run: Invocation,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the work: digest, tickets, or a new one.")] = "",
    when: Annotated[str, typer.Argument(metavar="WHEN", help="'every 6h', 'daily 03:00', 'weekly mon 08:00'.")] = "",
    scan: Annotated[Texts, typer.Option(metavar="WORD", help="Words of `poise scan`: aws. Repeatable.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the work.")] = False,
) -> None:
    """List what is done again and again, or set when: digests, tickets, scans. Times are UTC."""
    run.targets()
    with run.workspace() as workspace:
        due = workspace.store.due
        ticking.ensure_usual(workspace)
        if remove:
            if not due.unschedule(name, actor()):
                raise UsageError(f"There is no work {name!r}.")
        elif name:
            due.schedule(_work(name, when, scan, next_after(when, workspace.clock())), actor())
        rows = [msgspec.to_builtins(row) for row in due.schedules()]
    run.answer(Answer(rows, DUE_COLUMNS))


def _work(name: str, when: str, scan: Texts, next_at: Any) -> DueRow:
    is_usual = name in ticking.USUAL
    if is_usual is bool(scan):
        do = "It takes no --scan." if is_usual else f"Give --scan; without, there are {', '.join(ticking.USUAL)}."
        raise UsageError(f"{name!r} is {'not ' if not is_usual else ''}work that there always is.", do)
    kind = name if is_usual else "scan"
    return DueRow(name=name, kind=kind, schedule=when, body=scan, next_at=next_at, last_at=None, error="")
