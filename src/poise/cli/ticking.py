"""Ticks of a server, and the work of ticks that needs the command line: scheduled scans."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

from poise.model.errors import PoiseError

if TYPE_CHECKING:
    from poise.app.ticking import Job
    from poise.app.workspace import Workspace
    from poise.cli.invocation import Invocation
    from poise.model.notice import DueRow

log = structlog.get_logger()
EVERY_S = 30.0
"""How often a server looks at what is due."""


def jobs_of(run: Invocation) -> Mapping[str, Job]:
    """Return the work that scheduled rows name."""

    def scan(row: DueRow) -> None:
        from poise.cli.main import run as run_command

        code = run_command(["scan", *row.body, "--quiet", "--db", run.db])
        if code not in (0, 1, 3):
            raise PoiseError(f"The scan {row.name!r} ended with {code}.", f"Run `poise scan {' '.join(row.body)}`.")

    return {"scan": scan}


@contextmanager
def ticking(run: Invocation, workspace: Workspace) -> Iterator[None]:
    """Work off what is due in the background, while a server runs."""
    from poise.app.ticking import ticker

    over = threading.Event()
    worker = ticker(workspace, jobs_of(run))

    def work() -> None:
        while not over.wait(EVERY_S):
            try:
                worker.tick()
            except PoiseError as problem:
                log.warning("tick failed", reason=str(problem))

    thread = threading.Thread(target=work, name="tick", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=1.0)
