"""The command `poise`: runs a command and turns what went wrong into words and an exit code.

====  ==================================================================
code  meaning
====  ==================================================================
0     done; nothing at or above ``--fail-on``
1     an unhealthy finding is at or above ``--fail-on``
2     a flag, setting, file or id is wrong
3     the scan ran but could not read everything, and that was required
4     credentials are missing, expired or refused
5     a fault of Poise
130   interrupted
====  ==================================================================
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence

import typer

from poise.cli.completing import COMPLETE_VARIABLE, prepare
from poise.cli.invocation import complain, say
from poise.cli.tree import root
from poise.model.errors import PoiseError

INTERRUPTED = 130
INTERNAL = 5


def main() -> None:
    """Run the command line of this process and exit, without waiting for calls that hang."""
    code = run(sys.argv[1:])
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; return the exit code."""
    if COMPLETE_VARIABLE in os.environ:
        prepare()
    try:
        code = typer.main.get_command(root).main(
            arguments, prog_name="poise", complete_var=COMPLETE_VARIABLE, standalone_mode=False
        )
    except PoiseError as problem:
        complain(problem.what, problem.do)
        return problem.exit_code
    except typer.TyperException as problem:
        return _usage(problem)
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except Exception as fault:  # noqa: BLE001 - the last boundary: a fault of ours becomes words and the exit code 5
        return _internal(fault, arguments)
    return _interrupted() if code == INTERRUPTED else int(code or 0)


def _usage(problem: typer.TyperException) -> int:
    message = problem.format_message()
    if problem.__class__.__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{message}\n")
        return problem.exit_code
    context = getattr(problem, "ctx", None)
    complain(message, f"`{context.command_path} --help` shows how." if context else "")
    return problem.exit_code


def _interrupted() -> int:
    say("Interrupted. What was read completely is kept; the next scan goes on from there.")
    return INTERRUPTED


def _internal(fault: Exception, arguments: Sequence[str]) -> int:
    import secrets
    import traceback

    number = secrets.token_hex(4)
    place = traceback.extract_tb(fault.__traceback__)[-1]
    complain(
        f"Poise failed: {type(fault).__name__}: {fault} (fault {number}, {place.name}, line {place.lineno}).",
        "Nothing that was stored is lost. Run again with -vv to see the trace, and report it with that.",
    )
    if "-vv" in arguments or arguments.count("-v") + arguments.count("--verbose") > 1:
        sys.stderr.write("".join(traceback.format_exception(fault)))
    return INTERNAL
