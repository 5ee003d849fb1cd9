"""`poise demo`: the bundled sample estate, assessed and served."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from poise.app.demo import as_recorded, open_estate
from poise.app.demo_past import SampleClock, play
from poise.cli.command import command
from poise.cli.commands.serve import Where
from poise.cli.invocation import Invocation
from poise.cli.scanning import Outcome, run_scan
from poise.cli.serving import Place, serve_pages

FILE = "demo.db"


@command
def demo(
    run: Invocation,
    where: Where,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Assess only; for scripts.")] = False,
) -> None:
    """Assess the bundled sample estate and serve the pages.

    It has a store of its own, so that it never mixes with what you scan. It was recorded on 25 November 2026, and is
    judged as of that day. Some days before it are read first, so that it has a past.
    """
    outcome = Outcome(run)
    started = time.monotonic()
    run.data_dir.mkdir(parents=True, exist_ok=True)
    # Neither POISE_DB nor a settings file: what they name is not for the sample.
    clock = SampleClock()
    with run.workspace(run.shared.db or str(run.data_dir / FILE), clock) as workspace:
        play(workspace, clock)
        report = run_scan(run, as_recorded(workspace), open_estate(workspace))
        outcome.tell(workspace, report, started)
        run.say(f"Other commands look at it with --db {workspace.store.place}")
        if not no_serve:
            host, port = run.setting("serve.host", where.host), run.setting("serve.port", where.port)
            serve_pages(run, workspace, Place(host, port, tuple(where.name or ())))
