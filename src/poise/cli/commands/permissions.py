"""`poise permissions`: who may do what to which asset, and which statements decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from poise.app import entitlements
from poise.cli.command import command
from poise.cli.details import json_text
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Code, Grid, Heading, Paragraph
from poise.cli.output.words import counted

if TYPE_CHECKING:
    from poise.app.entitlement import Entitlement

Principal = Annotated[
    str,
    typer.Argument(
        metavar="PRINCIPAL",
        help="A user or role by ARN or name, `everyone`, a service, or an Entra object id.",
    ),
]
Action = Annotated[str, typer.Argument(metavar="ACTION", help="Such as s3:GetObject or Microsoft.Sql/servers/write.")]
OnAsset = Annotated[str, typer.Argument(metavar="ASSET", help="An asset by its id or name; or the ARN of an object.")]
Through = Annotated[
    str | None,
    typer.Option("--through", metavar="ENDPOINT", help="A VPC end point that is asked through: its policy counts too."),
]
BECAUSE_COLUMNS = (Column("Where", "source"), Column("What decides", "text"))
UNREAD_COLUMNS = (Column("Not read", "input"), Column("Why", "reason"), Column("Grant", "permission"))
HOLDER_COLUMNS = (
    Column("Principal", "principal_name"),
    Column("Kind", "principal_kind"),
    Column("Decision", "decision"),
    Column("As read", "as_read"),
    Column("If", "residual"),
    Column("Because", "why"),
)
GROUP_COLUMNS = (
    Column("Kind", "kind"),
    Column("What", "group"),
    Column("Allowed", "allowed"),
    Column("If", "conditional"),
    Column("Unknown", "unknown"),
    Column("Denied", "denied"),
    Column("For example", "names"),
)


@command
def can(run: Invocation, principal: Principal, action: Action, asset: OnAsset, through: Through = None) -> None:
    """Say whether a principal may do something to an asset, and why; `-v` shows the statements."""
    with run.workspace() as workspace:
        found = entitlements.can(workspace, principal, action, asset, through or "")
    document = entitlements.entitlement_json(found)
    run.answer(Answer(blocks=_blocks(found, document, bool(run.shared.verbose)), document=document))


@command
def who_can(run: Invocation, action: Action, asset: OnAsset) -> None:
    """List everybody who may do something to an asset, outsiders first."""
    with run.workspace() as workspace:
        found = entitlements.who_can(workspace, action, asset)
    rows = [_row(one) for one in found.rows]
    run.answer(Answer(rows=rows, columns=HOLDER_COLUMNS))
    run.say(f"{counted(found.asked, 'principal')} asked: {len(rows)} may or might, {found.denied} may not.")


@command
def what_can(run: Invocation, principal: Principal) -> None:
    """List what a principal may do, by kind of asset."""
    with run.workspace() as workspace:
        found = entitlements.what_can(workspace, principal)
    rows: list[dict[str, Any]] = []
    for group in found.groups:
        examples = [one.asset.name for one in group.examples]
        rows.append({**msgspec.to_builtins(group), "names": examples})
    run.answer(Answer(rows=rows, columns=GROUP_COLUMNS))
    run.say(f"{counted(found.asked, 'question')} asked about {found.principal_name}.")
    for gap in found.unread:
        run.say(f"Not read: {gap.input}: {gap.reason}.")
    if found.left_out:
        run.say(f"{counted(found.left_out, 'asset')} not asked about: ask `poise permissions can` for one of them.")


def _row(one: Entitlement) -> dict[str, Any]:
    why = "; ".join(f"{ground.text} ({ground.source})" if ground.source else ground.text for ground in one.because)
    return {**entitlements.entitlement_json(one), "why": why}


def _blocks(found: Entitlement, document: dict[str, Any], with_statements: bool) -> list[Block]:
    blocks: list[Block] = [Heading(found.says)]
    if found.residual:
        blocks += [Heading("Only if"), Paragraph(found.residual)]
    if found.because:
        blocks += [Heading("What decides"), Grid(document["because"], BECAUSE_COLUMNS)]
    for ground in found.because if with_statements else ():
        if ground.document is not None:
            blocks += [Paragraph(f"{ground.source}: {ground.text}"), Code(json_text(ground.document), "json")]
    if found.unread:
        blocks += [Heading("What was not read"), Grid(document["unread"], UNREAD_COLUMNS)]
    return blocks
