"""Shows how far a scan is: a bar for each scope on a terminal, a line every ten seconds elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

from poise.app.progress import Event, PartitionRead, ScopeStarted
from poise.cli.invocation import Invocation
from poise.cli.output.words import counted
from poise.model.text import printable

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

EVERY_S = 10.0


class ScanProgress:
    """Watches a scan; use it as a context manager and give it to the scan."""

    def __init__(self, invocation: Invocation) -> None:
        self._invocation = invocation
        self._partitions = self._done = self._assets = self._gaps = 0
        self._bars = _Bars() if _wants_bars(invocation) else None
        self._ended = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True, name="progress")

    def __enter__(self) -> ScanProgress:
        if self._bars is not None:
            self._bars.progress.start()
        else:
            self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._bars is not None:
            self._bars.progress.stop()
        else:
            self._ticker.join()

    def __call__(self, event: Event, /) -> None:
        """Take note of an event."""
        if isinstance(event, ScopeStarted):
            self._partitions += event.partitions
        elif isinstance(event, PartitionRead):
            self._done += 1
            self._assets += event.assets
            self._gaps += event.gaps
        if self._bars is not None:
            self._bars.show(event)

    def _tick(self) -> None:
        while not self._ended.wait(EVERY_S):
            self._invocation.say(self.line())

    def line(self) -> str:
        """Say how far the scan is."""
        parts = f"{self._done:,} of {counted(self._partitions, 'part')} read, {counted(self._assets, 'asset')}"
        return f"{parts}, {self._gaps:,} not readable" if self._gaps else parts


class _Bars:
    """A bar for each scope, on the standard error stream."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self.progress: Progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[assets]:,} assets"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._assets: dict[str, int] = {}

    def show(self, event: Any) -> None:
        if isinstance(event, ScopeStarted):
            scope = event.scope
            name = printable(scope.id if scope.name == scope.id else f"{scope.name} ({scope.id})")
            self._tasks[scope.id] = self.progress.add_task(name, total=event.partitions, assets=0)
        elif isinstance(event, PartitionRead) and event.key.scope in self._tasks:
            self._assets[event.key.scope] = self._assets.get(event.key.scope, 0) + event.assets
            self.progress.update(self._tasks[event.key.scope], advance=1, assets=self._assets[event.key.scope])


def _wants_bars(invocation: Invocation) -> bool:
    shared = invocation.shared
    return sys.stderr.isatty() and not shared.quiet and not shared.verbose and invocation.log_format == "text"


def elapsed(started: float) -> str:
    """Return how long something took since a moment of the monotonic clock: `0.4 s`, `41 s`, `3 min 5 s`."""
    taken = time.monotonic() - started
    seconds = round(taken)
    if taken < 10:
        return f"{taken:.1f} s"
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s"
