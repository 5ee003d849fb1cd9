"""`poise completion`: the completion script of a shell."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from poise.cli.command import command
from poise.cli.completing import SHELLS, script
from poise.cli.invocation import Invocation
from poise.model.errors import UsageError


@command
def completion(run: Invocation, shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print the completion script of a shell.

    For bash: poise completion bash > ~/.local/share/bash-completion/completions/poise
    """
    if shell not in SHELLS:
        raise UsageError(f"There is no completion for {shell!r}.", f"Choose from {', '.join(SHELLS)}.")
    sys.stdout.write(f"{script(shell)}\n")
