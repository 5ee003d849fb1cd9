"""`poise fix`: prints how to cure a finding or to break an attack path; it never runs anything."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from poise.app import explain
from poise.app.fixes import FixText
from poise.cli.attack_paths import is_path, path_fixes
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.blocks import Block, Code, Heading, Paragraph
from poise.model.errors import UsageError

WAYS = ("console", "cli", "terraform")


@command
def fix(
    run: Invocation,
    id: Annotated[str, typer.Argument(metavar="ID", help="A finding or an attack path.")],
    way: Annotated[str, typer.Option(metavar="WAY", help="Only one way: console, cli or terraform.")] = "",
) -> None:
    """Print how to cure a finding, or how to break an attack path with the proof. Nothing is run."""
    if way and way not in WAYS:
        raise UsageError(f"There is no way {way!r}.", f"Choose from {', '.join(WAYS)}.")
    with run.workspace() as workspace:
        if is_path(workspace, id):
            run.answer(path_fixes(workspace, id, way))
            return
        found = explain.explain_finding(workspace, id)
    document = {"finding": id, "check": found.finding.check, "fix": msgspec.to_builtins(found.fix)}
    blocks = [_one(found.fix, way)] if way else _all(found.finding.title, found.fix)
    run.answer(Answer(blocks=blocks, document=document))


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
