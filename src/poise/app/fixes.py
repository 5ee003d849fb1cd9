"""Fix texts with an asset's own ids filled in. They are printed, never run.

Names come from clouds and may be hostile: :mod:`poise.model.filling` sees to it that pasting a text never runs what
a name holds.
"""

from __future__ import annotations

import msgspec

from poise.model import filling
from poise.model.check import Fix
from poise.model.finding import AssetRef


class FixText(msgspec.Struct, frozen=True):
    """How to cure one asset, for each way people work."""

    console: str
    cli: str
    terraform: str
    impact: str


def filled(fix: Fix, asset: AssetRef) -> FixText:
    """Return the texts of a fix with ``{id}``, ``{name}``, ``{scope}`` and ``{region}`` of an asset."""
    return FixText(
        console=filling.filled(fix.console.strip(), asset),
        cli=filling.filled_command(fix.cli.strip(), asset),
        terraform=filling.filled_terraform(fix.terraform.strip(), asset),
        impact=filling.filled(fix.impact.strip(), asset),
    )
