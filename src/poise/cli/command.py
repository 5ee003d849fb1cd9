"""Makes commands of functions: options that all have, options that belong together, filters that pages have too."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from poise.cli import logs
from poise.cli.invocation import Invocation
from poise.cli.shared import Shared
from poise.model.errors import PoiseError

Body = Callable[..., int | None]
"""A command: takes an :class:`Invocation` first, returns an exit code or None for 0.

An argument whose type is a dataclass stands for options, one for each of its fields.
"""
Command = Callable[..., int | None]
Parameters = list[inspect.Parameter]


def command(body: Body) -> Command:
    """Make a command of a function."""
    return _made(body, {})


def listing(filters: Mapping[str, str]) -> Callable[[Body], Command]:
    """Make a command that takes filters: name -> what it takes, as pages and the API have them.

    The function gets them as one argument, ``filters``: name -> values.
    """
    return lambda body: _made(body, filters)


def _made(body: Body, filters: Mapping[str, str]) -> Command:
    arguments = list(inspect.signature(body, eval_str=True).parameters.values())[1:]
    bundles: dict[str, Any] = {a.name: a.annotation for a in arguments if is_dataclass(a.annotation)}
    bundles["shared"] = Shared
    plain = [a for a in arguments if a.name not in (*bundles, "filters")]

    @wraps(body)
    def run(**given: Any) -> int | None:
        values: dict[str, Any] = {name: given.pop(name) for name in list(given) if name in {a.name for a in plain}}
        for name, kind in bundles.items():
            values[name] = kind(**{field.name: given.pop(field.name) for field in fields(kind)})
        if filters:
            values["filters"] = {name: texts for name, texts in given.items() if texts}
        invocation = Invocation(values.pop("shared"))
        with logs.to_stderr(invocation):
            return _guarded(invocation, lambda: body(invocation, **values))

    options = [*_filter_options(filters), *(p for kind in bundles.values() for p in _options_of(kind))]
    every = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*plain, *options)]
    run.__signature__ = inspect.Signature(every)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in every}
    return run


def _guarded(invocation: Invocation, body: Callable[[], int | None]) -> int | None:
    """Run a command; tell an error for a person in the form that the invocation asks for."""
    try:
        return body()
    except PoiseError as problem:
        invocation.complain(problem)
        return problem.exit_code


def _options_of(kind: type[Any]) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(kind, include_extras=True)
    for field in fields(kind):
        default = inspect.Parameter.empty if field.default is MISSING else field.default
        yield inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[field.name]
        )


def _filter_options(filters: Mapping[str, str]) -> Iterator[inspect.Parameter]:
    for name, takes in filters.items():
        option = typer.Option(f"--{name.replace('_', '-')}", metavar="VALUE", help=f"{takes}. Repeatable.")
        kind = Annotated[list[str] | None, option]
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
