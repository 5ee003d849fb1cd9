"""Completion of words in shells: the script that a shell loads, and the words it then asks for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

COMPLETE_VARIABLE = "_POISE_COMPLETE"
"""Set by the script when it asks for words."""
SHELLS = ("bash", "zsh", "fish")


def script(shell: str) -> str:
    """Return the script of a shell."""
    text: str = _typer().get_completion_script(prog_name="poise", complete_var=COMPLETE_VARIABLE, shell=shell)
    return text


def prepare() -> None:
    """Make ready to answer a shell."""
    _typer().completion_init()


def item(word: str, help: str) -> Any:
    """Return a word that a shell may offer."""
    return import_module("typer.core").CompletionItem(word, help=help)


def _typer() -> Any:
    # Typer offers these only together with options of its own on every command.
    return import_module("typer.completion")
