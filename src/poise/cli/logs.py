"""Sends log events to the standard error stream, as text or as JSON lines."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from poise.cli.invocation import Invocation
from poise.model.text import printable_block

LEVELS = (logging.WARNING, logging.INFO, logging.DEBUG)
"""Least level for no -v, -v, -vv."""


@contextmanager
def to_stderr(invocation: Invocation) -> Iterator[None]:
    """Log to the standard error stream as the options say, while a command runs."""
    import structlog

    shared = invocation.shared
    level = logging.ERROR if shared.quiet else LEVELS[min(shared.verbose, len(LEVELS) - 1)]
    render: Any = structlog.processors.JSONRenderer()
    if invocation.log_format == "text":
        render = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if shared.verbose > 1 else _without_trace,
            _printable,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    try:
        yield
    finally:
        structlog.reset_defaults()


def _without_trace(logger: Any, method: str, event: Any) -> Any:
    """Keep the kind of a fault, not its trace; -vv shows that."""
    if event.pop("exc_info", None):
        fault = sys.exc_info()[1]
        event["error"] = f"{type(fault).__name__}: {fault}"
    return event


def _printable(logger: Any, method: str, event: Any) -> Any:
    """Let no name that others chose steer a terminal; lines of a trace stay."""
    return {key: printable_block(value) if isinstance(value, str) else value for key, value in event.items()}
