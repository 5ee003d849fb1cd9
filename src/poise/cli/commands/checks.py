"""`poise checks`: looks at checks, runs their examples, begins new ones, keeps those that are written in CEL."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from poise.app import checks, exemptions
from poise.app.shapes import check_json
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column, Row
from poise.cli.output.words import counted, level_style, right_or_red, state_words
from poise.model.check import Check
from poise.model.errors import UsageError
from poise.model.moment import end_of

RED = 1
"""Exit code if an example has another verdict than it names."""
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Ids, or their beginnings: aws.s3")]
COLUMNS = (
    Column("Check", "id"),
    Column("Severity", "severity", style=level_style),
    Column("Kind", "kind"),
    Column("Title", "title"),
)
UNREADABLE = {"id": "", "severity": "", "kind": "", "title": "(cannot be read any more: its kind is gone)"}
EXAMPLE_COLUMNS = (
    Column("Outcome", "outcome", style=right_or_red),
    Column("Check", "check"),
    Column("Example", "example"),
    Column("Expected", "expected", state_words),
    Column("Given", "given", state_words),
    Column("Reason", "reason"),
)


@command
def list_all(
    run: Invocation,
    provider: Annotated[str, typer.Option(help="Checks of one provider.")] = "",
    severity: Annotated[str, typer.Option(help="Checks of one severity.")] = "",
    text: Annotated[str, typer.Option(help="Words that id or title must hold.")] = "",
) -> None:
    """List every check."""
    found = [
        each
        for each in checks.all_checks(run.known_checks)
        if provider in ("", each.provider)
        and severity in ("", each.severity)
        and text.lower() in f"{each.id} {each.title}".lower()
    ]
    run.answer(Answer([check_json(each) for each in found], COLUMNS))
    run.say(f"{counted(len(found), 'check')} of {len(checks.all_checks(run.known_checks)):,}.")


@command
def explain(run: Invocation, id: Annotated[str, typer.Argument(help="Id of a check.")]) -> None:
    """Explain one check: risk, rule, fix, examples."""
    found = checks.check(id, run.known_checks)
    document = {**check_json(found), "risk": found.risk, "source": found.source, "since": found.since}
    run.answer(Answer(text=checks.render(found), document=document))


@command
def run_examples(run: Invocation, ids: Ids = None) -> int:
    """Run the examples of checks; exit with 1 if one is red."""
    run.validate_own_checks()
    chosen = checks.chosen(ids or (), run.known_checks)
    rows = [_outcome(each) for each in checks.run_examples([each.id for each in chosen], run.known_checks)]
    rows += [_fault(each, fault) for each in chosen for fault in checks.faults(each)]
    red = [row for row in rows if row["outcome"] == "red"]
    run.answer(Answer(rows if run.shared.verbose or run.shared.output else red, EXAMPLE_COLUMNS if rows else ()))
    run.say(f"{counted(len(chosen), 'check')}, {counted(len(rows), 'example')}, {len(red)} red.")
    return RED if red else 0


@command
def new(
    run: Invocation,
    id: Annotated[str, typer.Argument(help="Id of the new check: aws.s3.versioning_off")],
    asset: Annotated[str, typer.Option(help="Record that it judges: S3Bucket.")] = "",
    into: Annotated[Path | None, typer.Option(help="Folder of your own checks, instead of ours.")] = None,
    custom: Annotated[str, typer.Option(metavar="KIND", help="Write it in CEL, for assets of this kind.")] = "",
) -> None:
    """Write the skeleton of a new check, whose examples are red."""
    path = run.new_own_check(id, custom, into) if custom else checks.write_skeleton(id, asset, into)
    run.answer(Answer(text=f"{path}\n", document={"id": id, "file": str(path)}))
    run.say(f"Write the risk, the rule, the fix and the examples; then run `poise checks test {id}`.")


@command
def docs(run: Invocation, ids: Ids = None) -> None:
    """Render checks as Markdown."""
    found = checks.chosen(ids or (), run.known_checks)
    if not found:
        raise UsageError("There is no check to render.")
    run.answer(Answer(text="\n".join(checks.render(each) for each in found)))


@command
def keep(
    run: Invocation,
    file: Annotated[Path, typer.Argument(help="Definition in TOML, with a rule in CEL.")],
    name: Annotated[str, typer.Option(help="Its name; that of the file if none.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Run the examples, and keep nothing.")] = False,
) -> int:
    """Keep a check in CEL in the store: it judges from the next scan on."""
    from poise.app import writing_checks
    from poise.app.custom.own import text_of

    called, text = name or file.stem, text_of(file)
    with run.workspace() as workspace:
        if dry_run:
            tried = writing_checks.try_out(workspace, called, text)
            writing_checks.require_room(workspace, called, tried)
        else:
            tried = writing_checks.keep(workspace, called, text, actor())
    run.answer(Answer([_outcome(each) for each in tried.examples], EXAMPLE_COLUMNS))
    if not dry_run:
        run.say(f"{tried.check.id} is kept, and judges from the next scan on.")
    return RED if tried.red else 0


@command
def kept(run: Invocation, name: Annotated[str, typer.Argument(help="One of them: its definition.")] = "") -> None:
    """List the checks in CEL that the store keeps, or show one."""
    from poise.app import writing_checks

    with run.workspace() as workspace:
        if name:
            text = writing_checks.get(workspace, name)
            run.answer(Answer(text=text, document={"name": name, "text": text}))
            return
        found = writing_checks.kept_checks(workspace)
    rows = [{"name": each, **(check_json(made) if made else UNREADABLE)} for each, made in found.items()]
    run.answer(Answer(rows, (Column("Name", "name"), *COLUMNS)))


@command
def remove(run: Invocation, name: Annotated[str, typer.Argument(help="Name under which it is kept.")]) -> None:
    """Remove a check in CEL that the store keeps, and what it found."""
    from poise.app import writing_checks

    with run.workspace() as workspace:
        writing_checks.remove(workspace, name, actor())
    run.say(f"{name} is removed, and what it found is withdrawn.")


Scope = Annotated[str | None, typer.Option(metavar="ID", help="Account or subscription; everywhere if none.")]


@command
def disable(
    run: Invocation,
    id: Annotated[str, typer.Argument(help="Id of a check.")],
    reason: Annotated[str, typer.Option(help="Why, for whoever reads it in a year.")],
    scope: Scope = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Last day on which it is off: 2026-12-31.")] = None,
) -> None:
    """Switch a check off: none of its verdicts counts until it is enabled."""
    end = _end(until)
    with run.workspace() as workspace:
        switch = exemptions.Switch(check=id, scope=scope, until=end, reason=reason)
        found = exemptions.disable(workspace, switch, actor())
        run.say(f"{found} is switched off {f'in {scope}' if scope else 'everywhere'}.")


@command
def enable(run: Invocation, id: Annotated[str, typer.Argument(help="Id of a check.")], scope: Scope = None) -> None:
    """Switch a check on again, where it was switched off."""
    with run.workspace() as workspace:
        found = exemptions.enable(workspace, exemptions.Switch(check=id, scope=scope), actor())
        run.say(f"{found} is switched on {f'in {scope}' if scope else 'everywhere'}.")


def _end(until: str | None) -> datetime | None:
    try:
        return None if until is None else end_of(until)
    except ValueError as problem:
        raise UsageError(f"--until is {until!r}.", "Expected a date like 2026-12-31.") from problem


def _outcome(run: checks.ExampleRun) -> Row:
    return {
        "outcome": "right" if run.is_right else "red",
        "check": run.check.id,
        "example": run.example.name,
        "expected": run.example.state,
        "given": run.verdict.state,
        "reason": run.verdict.reason,
    }


def _fault(check: Check, fault: str) -> Row:
    return {
        "outcome": "red",
        "check": check.id,
        "example": "(its form)",
        "expected": "",
        "given": "",
        "reason": fault,
    }
