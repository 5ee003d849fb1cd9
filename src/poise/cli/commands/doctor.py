"""`poise doctor`: examines the installation and its settings."""

from __future__ import annotations

from typing import Annotated

import typer

from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.settings import SETTINGS


@command
def doctor(
    run: Invocation, config: Annotated[bool, typer.Option("--config", help="Show every setting.")] = False
) -> None:
    """Examine the installation and its settings."""
    rows = [{"setting": s.name, "value": run.settings[s.name].value} for s in SETTINGS]
    run.answer(Answer(rows, (Column("Setting", "setting"), Column("Value", "value"))))
