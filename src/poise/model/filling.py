"""Fills fix texts with the asset's own values, which whoever made the asset has chosen."""

from __future__ import annotations

import re
import shlex

from poise.model.finding import AssetRef
from poise.model.text import printable

PLACEHOLDER = re.compile(r"\{(id|name|scope|region)\}")
SAFE_IN_A_SHELL = re.compile(r"[\w@%+=:,./-]+", re.ASCII)


def filled(text: str, asset: AssetRef) -> str:
    """Return a text for people with ``{id}``, ``{name}``, ``{scope}`` and ``{region}`` filled; other braces stay."""
    return PLACEHOLDER.sub(lambda found: printable(getattr(asset, found[1])), text)


def filled_command(text: str, asset: AssetRef) -> str:
    """Return a text for a shell, filled.

    A value that a shell would not read as one plain word is quoted where it stands alone; inside a longer word or
    inside quotes its placeholder is left for the person, so that no name can become a command.
    """
    return PLACEHOLDER.sub(lambda found: _in_command(found, getattr(asset, found[1])), text)


def filled_terraform(text: str, asset: AssetRef) -> str:
    """Return a configuration text, filled; quotes, backslashes and `${` in values are escaped for HCL strings."""
    return PLACEHOLDER.sub(lambda found: _in_hcl(getattr(asset, found[1])), text)


def _in_command(found: re.Match[str], value: str) -> str:
    if SAFE_IN_A_SHELL.fullmatch(value) and not value.startswith("-"):
        return value
    return shlex.quote(value) if _stands_alone(found) else found[0]


def _stands_alone(found: re.Match[str]) -> bool:
    before, after = found.string[: found.start()], found.string[found.end() :]
    is_quoted = before.count("'") % 2 or before.count('"') % 2
    return not is_quoted and before[-1:] in ("", " ", "\t", "\n", "=") and (not after or after[0].isspace())


def _in_hcl(value: str) -> str:
    shown = printable(value).replace("\\", "\\\\").replace('"', '\\"')
    return shown.replace("${", "$${").replace("%{", "%%{")
