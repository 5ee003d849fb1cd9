"""`poise completion`: the completion script of a shell."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer import completion as scripts

from poise.cli.command import command
from poise.cli.invocation import Invocation
from poise.cli.tree import COMPLETE_VARIABLE
from poise.model.errors import UsageError

SHELLS = ("bash", "zsh", "fish")


@command
def completion(run: Invocation, shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")]) -> None:
    """Print the completion script of a shell.

    For bash: poise completion bash > ~/.local/share/bash-completion/completions/poise
    """
    if shell not in SHELLS:
        raise UsageError(f"There is no completion for {shell!r}.", f"Choose from {', '.join(SHELLS)}.")
    text = scripts.get_completion_script(prog_name="poise", complete_var=COMPLETE_VARIABLE, shell=shell)
    sys.stdout.write(f"{text}\n")
