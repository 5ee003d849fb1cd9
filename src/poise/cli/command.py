"""Gives every command the options that all commands have."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from poise.cli import logs
from poise.cli.invocation import Invocation, Shared, fields_of

Body = Callable[..., int | None]
"""A command: takes an :class:`Invocation` first, returns an exit code or None for 0."""


def shared_options(
    output: Annotated[
        list[str] | None,
        typer.Option("-o", "--output", metavar="FORMAT[=FILE]", help="table, tsv, json, jsonl, csv or md. Repeatable."),
    ] = None,
    fields: Annotated[list[str] | None, typer.Option(help="Fields to show, with commas: id,asset.name.")] = None,
    sort: Annotated[str, typer.Option(help="Field to sort by; -FIELD turns the order round.")] = "",
    limit: Annotated[int | None, typer.Option(min=0, help="Rows to show at most.")] = None,
    db: Annotated[str | None, typer.Option(metavar="FILE|URL", help="Store to use. [POISE_DB]")] = None,
    data_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Where data is kept. [POISE_DATA_DIR]")] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")] = False,
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say more; -vv shows each call.")] = 0,
    log_format: Annotated[str | None, typer.Option(metavar="text|json", help="Form of messages on stderr.")] = None,
) -> Shared:
    """Return the shared options of one invocation."""
    return Shared(output or (), fields_of(fields or ()), sort, limit, db, data_dir, quiet, verbose, log_format)


def command(body: Body) -> Callable[..., int | None]:
    """Make a command of a function whose first argument is the :class:`Invocation`."""
    shared = inspect.signature(shared_options, eval_str=True).parameters
    own = list(inspect.signature(body, eval_str=True).parameters.values())[1:]

    @wraps(body)
    def run(**given: Any) -> int | None:
        options = {name: given.pop(name) for name in shared}
        invocation = Invocation(shared_options(**options))
        invocation.targets()
        with logs.to_stderr(invocation):
            return body(invocation, **given)

    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared.values())]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    return run
