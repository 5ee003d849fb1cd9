"""`poise connect`: prepares access to a cloud."""

from __future__ import annotations

from typing import Annotated

import msgspec
import typer

from poise.app import permissions
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer
from poise.cli.output.words import counted


@command
def policy(
    run: Invocation,
    provider: Annotated[str, typer.Argument(help="aws or azure")],
    scope: Annotated[list[str] | None, typer.Option(help="Azure: subscription that may assign the role.")] = None,
) -> None:
    """Print the least-privilege policy of a connector, ready to give to the cloud."""
    document = permissions.policy(provider, tuple(scope or ()))
    text = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    run.answer(Answer(text=f"{text}\n"))
    names = [grant.permission for grant in permissions.grants(provider)]
    of_graph = [name for name in names if permissions.is_of_graph(provider, name)]
    run.say(f"{counted(len(names) - len(of_graph), 'permission')}, all of them reading.")
    if of_graph:
        run.say(f"Of Microsoft Graph, where an administrator consents to them: {', '.join(of_graph)}.")
