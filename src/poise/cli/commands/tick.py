"""`poise tick`: work off what is due, for a cron job where `poise serve` does not run."""

from __future__ import annotations

import msgspec

from poise.app import ticking
from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.output.answer import Answer, Column
from poise.cli.ticking import jobs_of

COLUMNS = (
    Column("Done", "done"),
    Column("Alerts", "alerts"),
    Column("Sent", "sent"),
    Column("Not sent", "failed"),
    Column("Problems", "errors"),
)
FAILED = 5


@command
def tick(run: Invocation) -> int:
    """Work off what is due now: alerts, digests, tickets, scheduled scans, messages that wait. Safe to run at any time.

    Exits with 0 if nothing went wrong or another process works, else with 5.
    """
    run.targets()
    with run.workspace() as workspace:
        found = ticking.ticker(workspace, jobs_of(run)).tick()
    run.answer(Answer([msgspec.to_builtins(found)], COLUMNS, document=msgspec.to_builtins(found)))
    if not found.is_leader:
        run.say("Another process works off what is due.")
    return FAILED if found.errors or found.failed else 0
