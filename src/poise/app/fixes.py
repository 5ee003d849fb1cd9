"""Fix texts with an asset's own ids filled in. They are printed, never run.

Names come from clouds and may be hostile: in a shell command a value that is not plain is quoted, in Terraform it is
escaped, so that pasting a text never runs what a name holds.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable

import msgspec

from poise.model.check import Fix
from poise.model.finding import AssetRef

PLACEHOLDERS = re.compile(r"\{(id|name|scope|region)\}")
PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


class FixText(msgspec.Struct, frozen=True):
    """How to cure one asset, for each way people work."""

    console: str
    cli: str
    terraform: str
    impact: str


def filled(fix: Fix, asset: AssetRef) -> FixText:
    """Return the texts of a fix with ``{id}``, ``{name}``, ``{scope}`` and ``{region}`` of an asset."""
    return FixText(
        console=_fill(fix.console, asset, _one_line),
        cli=_fill(fix.cli, asset, _for_shell),
        terraform=_fill(fix.terraform, asset, _for_terraform),
        impact=_fill(fix.impact, asset, _one_line),
    )


def _fill(text: str, asset: AssetRef, written: Callable[[str], str]) -> str:
    # One pass: a name that holds "{id}" is not filled again.
    return PLACEHOLDERS.sub(lambda match: written(getattr(asset, match[1])), text.strip())


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _for_shell(value: str) -> str:
    return value if PLAIN.fullmatch(value) and not value.startswith("-") else shlex.quote(value)


def _for_terraform(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")
