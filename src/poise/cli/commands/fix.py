"""`poise fix`: prints how to cure a finding, a check or an attack path; it never runs anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec
import typer

from poise.app import explain, fixes, queries
from poise.app.fixes import FixText
from poise.app.parameters import FINDING_PARAMETERS, Reading, finding_filter
from poise.app.workspace import Workspace
from poise.cli.attack_paths import is_path, path_fixes
from poise.cli.command import listing
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Block, Code, Heading, Paragraph
from poise.cli.output.words import counted
from poise.model.errors import UsageError

FILTERS = {name: FINDING_PARAMETERS[name] for name in fixes.CHOOSING}
WAYS = ("console", "cli", "terraform")


@listing(FILTERS)
def fix(
    run: Invocation,
    filters: Mapping[str, Sequence[str]],
    id: Annotated[
        str, typer.Argument(metavar="ID", help="A finding, an attack path, or a check for a script that cures all.")
    ],
    way: Annotated[str, typer.Option(metavar="WAY", help="Only one way: console, cli or terraform.")] = "",
) -> None:
    """Print how to cure a finding, a check or an attack path, with ids filled in. Nothing is run.

    For a check it prints a script: `poise fix aws.s3.versioning_off --scope 111122223333 > fix.sh`. The filters choose
    among its findings; those that are exempted are left out. For an attack path it proves what breaks it.
    """
    if way and way not in WAYS:
        raise UsageError(f"There is no way {way!r}.", f"Choose from {', '.join(WAYS)}.")
    with run.workspace() as workspace:
        if "." in id:
            _script(run, workspace, id, way or "cli", filters)
            return
        if filters:
            raise UsageError("Filters choose among the findings of a check.", "Give the id of a check.")
        if is_path(workspace, id):
            run.answer(path_fixes(workspace, id, way))
            return
        found = explain.explain_finding(workspace, id)
    document = {"finding": id, "check": found.finding.check, "fix": msgspec.to_builtins(found.fix)}
    blocks = [_one(found.fix, way)] if way else _all(found.finding.title, found.fix)
    run.answer(Answer(blocks=blocks, document=document))


def _script(run: Invocation, workspace: Workspace, id: str, way: str, filters: Mapping[str, Sequence[str]]) -> None:
    """Print what cures every finding of a check."""
    check = queries.check_of(workspace, id)
    made = fixes.bulk_fix(workspace, check, way, finding_filter(Reading(filters), workspace.checks))
    run.answer(Answer(blocks=[Code(made.script)], document=msgspec.to_builtins(made)))
    run.say(f"{counted(len(made.findings), 'finding')}. Nothing was run: read the script before you do.")


def _one(texts: FixText, way: str) -> Block:
    text: str = getattr(texts, way)
    return Paragraph(text) if way == "console" else Code(text)


def _all(title: str, texts: FixText) -> list[Block]:
    blocks: list[Block] = [
        Heading(title),
        Heading("Console"),
        Paragraph(texts.console),
        Heading("Command line"),
        Code(texts.cli, "sh"),
        Heading("Terraform"),
        Code(texts.terraform, "hcl"),
    ]
    return blocks + ([Heading("Impact"), Paragraph(texts.impact)] if texts.impact else [])
