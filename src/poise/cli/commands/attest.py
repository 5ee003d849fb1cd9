"""`poise attest`: what a person states about a control that no program can answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import msgspec
import typer

from poise.app import attesting
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Facts
from poise.cli.output.words import moment
from poise.model.attestation import EVERYWHERE, Attestation
from poise.model.errors import UsageError


@dataclass(frozen=True)
class Said:
    """What is stated, by whom, until when."""

    by: Annotated[str, typer.Option(metavar="ADDRESS", help="Mail address of who states it.")]
    statement: Annotated[str | None, typer.Option(metavar="TEXT", help="What is done, or what is missing.")] = None
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Last day that it holds: 2027-06-30.")] = None
    evidence: Annotated[
        list[str] | None,
        typer.Option(metavar="URL|FILE", help="Link, or file of which the digest is kept. Repeatable."),
    ] = None
    scope: Annotated[str, typer.Option(metavar="ID", help="Account or subscription. [all]", show_default=False)] = (
        EVERYWHERE
    )
    not_met: Annotated[bool, typer.Option("--not-met", help="State that the control is not met.")] = False
    withdraw: Annotated[bool, typer.Option("--withdraw", help="End the attestation that holds.")] = False


@command
def attest(
    run: Invocation,
    standard: Annotated[str, typer.Argument(metavar="STANDARD", help="Id of a standard.")],
    control: Annotated[str, typer.Argument(metavar="CONTROL", help="Number of a control.")],
    said: Said,
) -> None:
    """State that a control is met, or that it is not, with evidence, until a day. Each statement is audited."""
    run.targets()
    if not said.withdraw and (said.statement is None or said.until is None):
        raise UsageError("An attestation needs a statement and a last day.", "Give --statement TEXT and --until DAY.")
    with run.workspace() as workspace:
        if said.withdraw:
            attesting.withdraw(workspace, standard, control, said.by, said.scope)
            run.say(f"Withdrawn: {control} of {standard}.")
            return
        made = attesting.attest(workspace, _statement(standard, control, said))
    run.answer(Answer(blocks=[Facts(_facts(made))], document=msgspec.to_builtins(made)))


def _statement(standard: str, control: str, said: Said) -> attesting.Statement:
    return attesting.Statement(
        standard=standard,
        control=control,
        scope=said.scope,
        is_met=not said.not_met,
        text=said.statement or "",
        evidence=tuple(attesting.evidence(text) for text in said.evidence or ()),
        by=said.by,
        until=said.until or "",
    )


def _facts(made: Attestation) -> list[tuple[str, str]]:
    evidence = [each.link or f"{each.file} (SHA-256 {each.sha256})" for each in made.evidence]
    return [
        ("Control", f"{made.control} of {made.standard}"),
        ("States", "met" if made.is_met else "not met"),
        ("Scope", "all" if made.scope == EVERYWHERE else made.scope),
        ("Statement", made.statement),
        ("By", made.by),
        ("Until", moment(made.until)),
        *(("Evidence", each) for each in evidence),
    ]
