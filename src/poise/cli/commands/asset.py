"""`poise asset`: what a person knows of an asset that no tag says."""

from __future__ import annotations

from typing import Annotated

import typer

from poise.app import marking
from poise.cli.actor import actor
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.model.errors import UsageError
from poise.model.mark import Mark, Topic
from poise.score.risk_rules import Degree

TOPICS = {"critical": Topic.CRITICALITY, "sensitive": Topic.SENSITIVITY}
What = Annotated[str, typer.Argument(metavar="critical|sensitive", help="What the asset is.")]
AssetId = Annotated[str, typer.Argument(metavar="ID", help="Id of the asset.")]


@command
def mark(
    run: Invocation,
    what: What,
    id: AssetId,
    reason: Annotated[str, typer.Option(help="Why.")],
    degree: Annotated[str, typer.Option(metavar="low|medium|high", help="How much.")] = "high",
) -> None:
    """Mark an asset as critical, or its data as sensitive: the risks of its findings follow at once."""
    if degree not in list(Degree):
        raise UsageError(f"--degree is {degree!r}.", f"Choose from {', '.join(Degree)}.")
    with run.workspace() as workspace:
        wanted = Mark(asset_id=id, topic=_topic(what), degree=degree, reason=reason, by=actor())
        marking.mark(workspace, wanted)
    run.say(f"{id} is marked as {what}: {degree}.")


@command
def unmark(run: Invocation, what: What, id: AssetId) -> None:
    """Take a mark away."""
    with run.workspace() as workspace:
        if not marking.unmark(workspace, id, _topic(what), actor()):
            raise UsageError(f"{id} is not marked as {what}.")
    run.say(f"{id} is not marked as {what} any more.")


def _topic(what: str) -> Topic:
    if what not in TOPICS:
        raise UsageError(f"There is no mark {what!r}.", f"Choose from {', '.join(TOPICS)}.")
    return TOPICS[what]
