"""`poise reach`: whether the network lets one thing reach another, and what decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from poise.app import network
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.blocks import Block, Facts, Grid, Heading, Paragraph

if TYPE_CHECKING:
    from poise.policy.reach import Reach

ENDS = "An asset by id or name, `internet`, or addresses such as 10.0.0.0/8."
BECAUSE_COLUMNS = (Column("Where", "source"), Column("What it says", "text"))
UNREAD_COLUMNS = (Column("Not read", "input"), Column("Why", "reason"))
MOST_SOURCES = 8
"""Ranges that are told a person before the list ends."""
SUMMARIES = {
    "open": "Open: packets get through.",
    "closed": "Closed: no packet gets through.",
    "unknown": "Unknown: something that was not read could turn the answer.",
}


@command
def reach(
    run: Invocation,
    source: Annotated[str, typer.Argument(metavar="FROM", help=ENDS)],
    target: Annotated[str, typer.Argument(metavar="TO", help=ENDS)],
    port: Annotated[str | None, typer.Option(metavar="PORT", help="A port or a range; all if not given.")] = None,
    protocol: Annotated[str, typer.Option(metavar="NAME", help="`tcp`, `udp`, `icmp` or `icmpv6`.")] = "tcp",
) -> None:
    """Say whether the network lets one thing reach another, and what decides."""
    with run.workspace() as workspace:
        found = network.reach(workspace, source, target, port, protocol)
    document = network.reach_json(found)
    run.answer(Answer(blocks=_blocks(found, document, f"{source} to {target}"), document=document))


def _blocks(found: Reach, document: dict[str, Any], title: str) -> list[Block]:
    blocks: list[Block] = [Heading(title), Paragraph(SUMMARIES[document["decision"]])]
    if document["ports"]:
        name = "Ports" if found.is_open else "Ports that may be open"
        sources = document["sources"]
        told = ", ".join(sources[:MOST_SOURCES]) + (" ..." if len(sources) > MOST_SOURCES else "")
        blocks.append(Facts([(name, f"{found.protocol} {', '.join(document['ports'])}"), ("From", told)]))
    if document["because"]:
        blocks += [Heading("What decides"), Grid(document["because"], BECAUSE_COLUMNS)]
    if document["unread"]:
        blocks += [Heading("What was not read"), Grid(document["unread"], UNREAD_COLUMNS)]
    return blocks
