"""`poise doctor`: examines the installation and its settings."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from poise.cli.command import command
from poise.cli.doctor import examine
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted
from poise.cli.settings import SETTINGS, shown

BROKEN = 2
COLUMNS = (
    Column("State", "state", style=lambda state: {"well": "green", "broken": "red"}.get(state, "yellow")),
    Column("What", "what"),
    Column("Detail", "detail"),
)
SETTING_COLUMNS = (
    Column("Setting", "setting"),
    Column("Value", "value"),
    Column("From", "origin"),
    Column("Variable", "variable"),
    Column("Meaning", "meaning"),
)


@command
def doctor(
    run: Invocation,
    config: Annotated[bool, typer.Option("--config", help="Show every setting with its origin.")] = False,
) -> int:
    """Examine the installation and its settings; exit with 2 if something is broken."""
    if config:
        run.answer(Answer([_setting(run, setting) for setting in SETTINGS], SETTING_COLUMNS))
        return 0
    rows = [{"state": one.state, "what": one.what, "detail": one.detail} for one in examine(run)]
    run.answer(Answer(rows, COLUMNS))
    broken = sum(row["state"] == "broken" for row in rows)
    run.say(f"{counted(broken, 'thing')} broken." if broken else "All is well.")
    return BROKEN if broken else 0


def _setting(run: Invocation, setting: Any) -> dict[str, Any]:
    found = run.settings[setting.name]
    return {
        "setting": setting.name,
        "value": shown(setting, found.value),
        "origin": found.origin,
        "variable": setting.variable,
        "meaning": setting.meaning,
    }
