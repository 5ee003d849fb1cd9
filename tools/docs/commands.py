"""Reference of the command line: every command with its options, and every setting."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from poise.cli import main, settings, tree
from poise.cli.command import command
from poise.cli.invocation import Invocation


def commands() -> str:
    """Return the page of commands."""
    shared = {name for parameter in _parameters(_nothing) for name in parameter.opts}
    sections = ["# Commands", "## Options of every command", _options(_parameters(_nothing))]
    for words, leaf, module in tree.leaves():
        made = tree.loaded(leaf, module)
        own = [p for p in made.params if not shared & set(p.opts)]
        usage = " ".join(["poise", words, *(_argument(p) for p in own if p.param_type_name == "argument")])
        sections.append(f"## poise {words}\n\n```sh\n{usage} [OPTIONS]\n```\n\n{inspect.cleandoc(made.help)}")
        if own:
            sections.append(_options(own))
    return "\n\n".join([*sections, _exit_codes()]) + "\n"


@command
def _nothing(run: Invocation) -> None:
    """Do nothing; it has the options that every command has."""


def _parameters(function: Any) -> list[Any]:
    import typer

    app = typer.Typer(add_completion=False)
    app.command()(function)
    return list(typer.main.get_command(app).params)


def _argument(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _options(parameters: list[Any]) -> str:
    rows = (f"| {_names(p)} | {(p.help or '').replace('|', chr(92) + '|')} |" for p in parameters)
    return "\n".join(("| option | meaning |", "|---|---|", *rows))


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{_argument(parameter)}`"
    takes = "" if parameter.is_flag or parameter.count else f" {parameter.metavar or 'VALUE'}"
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    return (names[:-1] + takes.replace("|", "\\|") + "`") if takes else names


def _exit_codes() -> str:
    lines = (inspect.getdoc(main) or "").splitlines()
    rules = [number for number, line in enumerate(lines) if line.startswith("====")]
    rows = [line.split(maxsplit=1) for line in lines[rules[1] + 1 : rules[2]]]
    table = (f"| {code} | {meaning.replace('``', '`')} |" for code, meaning in rows)
    return "\n".join(("## Exit codes\n", "| code | meaning |", "|---|---|", *table))


def settings_page() -> str:
    """Return the page of settings."""
    rows = list(_settings())
    intro = (
        "A flag wins over the environment, the environment over the project's file, that over your own file, that over "
        "the default. The project's file is `poise.toml`, or the table `[tool.poise]` of `pyproject.toml`, in the "
        "current folder or above it; your own is `poise.toml` in the platform's configuration folder. "
        "`poise doctor --config` shows every value with its origin. An unknown key is an error."
    )
    head = ("| setting | variable | default | meaning |", "|---|---|---|---|")
    example = (
        '```toml\nfail_on = "high"\n\n[aws]\nprofile = "audit"\nregion = ["eu-west-1", "eu-central-1"]\n\n'
        '[parameters."aws.iam.access_key_too_old"]\nmax_age_days = 60\n\n'
        '[scopes."111122223333".parameters."aws.iam.access_key_too_old"]\nmax_age_days = 30\n```'
    )
    return "\n\n".join(("# Settings", intro, "\n".join((*head, *rows)), f"## An example\n\n{example}")) + "\n"


def _settings() -> Iterator[str]:
    for setting in settings.SETTINGS:
        default = "" if setting.default in (None, (), {}) else f"`{str(setting.default).lower()}`"
        choices = f" One of {', '.join(setting.choices)}." if setting.choices else ""
        variable = "" if isinstance(setting.default, dict) else f"`{setting.variable}`"
        yield f"| `{setting.name}` | {variable} | {default} | {setting.meaning}{choices} |"
