"""`poise query`: asks the security graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Heading, Paragraph
from poise.cli.output.words import counted
from poise.model.errors import UsageError
from poise.model.verdict import Severity

if TYPE_CHECKING:
    from poise.app.exploring import Found
    from poise.app.workspace import Workspace
    from poise.model.saved_query import Watch

READY_COLUMNS = (Column("Theme", "theme"), Column("Name", "id"), Column("Finds", "title"), Column("Query", "text"))
SAVED_COLUMNS = (
    Column("Name", "name"),
    Column("By", "by"),
    Column("Shared", "is_shared"),
    Column("Watched", "watch.title"),
    Column("Query", "text"),
)
COUNT_COLUMNS = (Column("Block", "block"), Column("Finds", "kinds"), Column("Count", "count"))


@command
def query(
    run: Invocation,
    text: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="A ready question, a file of JSON, or the query itself.")
    ] = "",
    to: Annotated[
        str, typer.Option(metavar="ID", help="Show the shortest ways from QUERY, an asset, to this one.")
    ] = "",
    counts: Annotated[bool, typer.Option("--counts", help="Say how many nodes each block finds.")] = False,
    form: Annotated[str, typer.Option(metavar="FORM", help="Print the query as text, json or cards instead.")] = "",
    theme: Annotated[str, typer.Option(metavar="NAME", help="List the ready questions of one theme.")] = "",
    save: Annotated[str, typer.Option(metavar="NAME", help="Keep QUERY under a name.")] = "",
    title: Annotated[str, typer.Option(help="With --save: what the query finds; with --watch: the wished state.")] = "",
    for_all: Annotated[bool, typer.Option("--shared", help="With --save: others see it too.")] = False,
    saved: Annotated[bool, typer.Option("--saved", help="List the saved queries.")] = False,
    remove: Annotated[str, typer.Option(metavar="NAME", help="Remove a saved query, and its check.")] = "",
    watch: Annotated[str, typer.Option(metavar="NAME", help="Make a check of a saved query.")] = "",
    unwatch: Annotated[str, typer.Option(metavar="NAME", help="Make a saved query no check any more.")] = "",
    severity: Annotated[Severity, typer.Option(help="With --watch: how bad it is to be found.")] = Severity.MEDIUM,
    fix: Annotated[str, typer.Option(help="With --watch: what to do about it.")] = "",
) -> None:
    """Ask the security graph. Without a query it lists the ready questions.

    `poise query 'find AWS::EC2::Instance where exposed -[can authenticate as]-> (AWS::IAM::Role where privileged)'`
    """
    from poise.app import exploring
    from poise.model.saved_query import Watch

    if saved or remove or watch or unwatch:
        wanted = Watch(title=title, severity=severity, fix=fix) if watch else None
        _change(run, remove, (watch or unwatch, wanted))
        return
    if not text:
        rows = [msgspec.to_builtins(each) for each in exploring.ready(theme)]
        if not rows:
            raise UsageError(f"There is no theme {theme!r}.", "`poise query` lists all ready questions.")
        run.answer(Answer(rows, READY_COLUMNS))
        return
    with run.workspace() as workspace:
        if save:
            _save(run, workspace, (save, text, title), for_all)
        elif to:
            _tell_ways(run, exploring.ways(workspace, (text, to)))
        elif form:
            _tell_form(run, workspace, text, form)
        elif counts:
            _tell_counts(run, workspace, text)
        else:
            found = exploring.explore(workspace, exploring.read(workspace, text))
            _tell(run, found, exploring.unproven(workspace, found.query))


def _save(run: Invocation, workspace: Workspace, named: tuple[str, str, str], is_shared: bool) -> None:
    from poise.app import exploring, saved_queries

    name, text, title = named
    made = saved_queries.save(workspace, name, exploring.read(workspace, text), actor(), title, is_shared=is_shared)
    run.answer(Answer([saved_queries.saved_json(made)], SAVED_COLUMNS))


def _change(run: Invocation, remove: str, watch: tuple[str, Watch | None]) -> None:
    """Remove or watch a saved query, or list them all."""
    from poise.app import saved_queries

    with run.workspace() as workspace:
        if remove:
            rows = [saved_queries.remove(workspace, remove, actor())]
            run.say(f"{remove} is removed.")
        elif watch[0]:
            rows = [saved_queries.watch(workspace, *watch, actor())]
            run.say(f"{watch[0]} {'is a check from the next scan on' if watch[1] else 'is no check any more'}.")
        else:
            rows = list(saved_queries.saved(workspace, actor()))
        run.answer(Answer([saved_queries.saved_json(each) for each in rows], SAVED_COLUMNS))


def _tell(run: Invocation, found: Found, unproven: int) -> None:
    from poise.app import exploring

    rows = list(exploring.cells(found))
    columns = tuple(Column(name, name) for name in (rows[0] if rows else ()))
    run.answer(Answer(rows, columns, document=None))
    more = f" There are more: the limit is {found.query.limit:,}." if found.has_more else ""
    run.say(f"{counted(len(rows), 'row')} in {found.seconds:.2f} s.{more}")
    if unproven:
        run.say(f"{counted(unproven, 'more asset')} perhaps, by edges that could not be proven: state unknown.")


def _tell_counts(run: Invocation, workspace: Workspace, text: str) -> None:
    from poise.app import exploring
    from poise.graph.explorer.forms import to_cards

    asked = exploring.read(workspace, text)
    found = exploring.counts(workspace, asked)
    rows = [
        {"block": card.alias or str(card.number), "kinds": ", ".join(card.kinds) or "anything", "count": count}
        for card, count in zip(to_cards(asked).cards, found, strict=True)
    ]
    run.answer(Answer(rows, COUNT_COLUMNS))


def _tell_form(run: Invocation, workspace: Workspace, text: str, form: str) -> None:
    from poise.app import exploring
    from poise.graph.explorer import forms

    asked = exploring.read(workspace, text)
    made: dict[str, Any] = {
        "text": {"text": forms.to_text(asked)},
        "json": forms.to_json(asked),
        "cards": msgspec.to_builtins(forms.to_cards(asked)),
    }
    if form not in made:
        raise UsageError(f"There is no form {form!r}.", f"Choose from {', '.join(made)}.")
    shown = made["text"]["text"] if form == "text" else msgspec.json.format(msgspec.json.encode(made[form])).decode()
    run.answer(Answer(blocks=[Paragraph(shown)], document=made[form]))


def _tell_ways(run: Invocation, found: dict[str, Any]) -> None:
    blocks: list[Block] = [Heading(f"{found['from']} to {found['to']}")]
    for way in found["ways"]:
        names = [node["name"] for node in way["nodes"]]
        steps = [f" -[{edge['kind']}]-> {name}" for edge, name in zip(way["edges"], names[1:], strict=True)]
        blocks.append(Paragraph(names[0] + "".join(steps)))
    run.answer(Answer(blocks=blocks, document=found))
    whole = "" if found["complete"] else " The search was stopped: there may be more."
    run.say(f"{counted(len(found['ways']), 'way')}.{whole}")
