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
MOST_RANGES = 8
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
    ranges = ("To", document["targets"]) if network.is_network(target) else ("From", document["sources"])
    summary: list[Block] = [Heading(f"{source} to {target}"), Paragraph(SUMMARIES[document["decision"]])]
    run.answer(Answer(blocks=[*summary, *_blocks(found, document, ranges)], document=document))


def _blocks(found: Reach, document: dict[str, Any], ranges: tuple[str, list[str]]) -> list[Block]:
    """Return what is open and why; ``ranges`` are the addresses at the end that is no asset, with the word for it."""
    blocks: list[Block] = []
    if document["ports"]:
        name = "Ports" if found.is_open else "Ports that may be open"
        word, addresses = ranges
        told = ", ".join(addresses[:MOST_RANGES]) + (" ..." if len(addresses) > MOST_RANGES else "")
        blocks.append(Facts([(name, f"{found.protocol} {', '.join(document['ports'])}"), (word, told)]))
    if document["because"]:
        blocks += [Heading("What decides"), Grid(document["because"], BECAUSE_COLUMNS)]
    if document["unread"]:
        blocks += [Heading("What was not read"), Grid(document["unread"], UNREAD_COLUMNS)]
    return blocks
