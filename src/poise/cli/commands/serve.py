"""`poise serve`: the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

import typer

from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.serving import Place, only, serve_pages
from poise.cli.ticking import ticking


@dataclass(frozen=True)
class Where:
    """Where the pages are served."""

    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Address to listen on. [127.0.0.1]")] = None
    port: Annotated[int | None, typer.Option(metavar="PORT", min=0, max=65535, help="Port. [8420]")] = None
    name: Annotated[
        list[str] | None, typer.Option(metavar="HOST", help="Name by which browsers call the server. Repeatable.")
    ] = None
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ACCOUNT|group:NAME",
            help="Show only this account, subscription or project, or this group of assets. Repeatable.",
        ),
    ] = None


@command
def serve(run: Invocation, where: Where) -> None:
    """Serve the pages and the API on this machine.

    There are no accounts yet: whoever reaches the address sees everything, or all that --only leaves, where nothing
    can be changed. It listens on loopback unless told.
    """
    place = Place(run.setting("serve.host", where.host), run.setting("serve.port", where.port), tuple(where.name or ()))
    with run.workspace() as workspace, ticking(run, workspace):
        serve_pages(run, replace(workspace, viewer=only(workspace, where.only or ())), place)
