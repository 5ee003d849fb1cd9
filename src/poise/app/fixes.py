"""Fix texts with an asset's own ids filled in, for one asset or for all of a check. They are printed, never run.

Names come from clouds and may be hostile: :mod:`poise.model.filling` sees to it that pasting a text never runs what
a name holds.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.app import queries
from poise.app.workspace import Workspace
from poise.model import filling
from poise.model.check import Check, Fix
from poise.model.errors import UsageError
from poise.model.finding import AssetRef, Effect, Finding
from poise.model.listings import FindingFilter
from poise.model.text import printable
from poise.model.verdict import State

SCRIPTS = ("cli", "terraform")
"""Ways that a script can be made of."""
CHOOSING = ("provider", "scope", "region", "severity", "risk", "asset")
"""Names of the filters that choose among the findings of a check."""


class FixText(msgspec.Struct, frozen=True):
    """How to cure one asset, for each way people work."""

    console: str
    cli: str
    terraform: str
    impact: str


class BulkFix(msgspec.Struct, frozen=True):
    """A script that cures findings of a check. It is shown, and never run."""

    check: str
    way: str
    findings: tuple[str, ...]
    """Ids of the findings that it cures."""
    script: str


def bulk_fix(workspace: Workspace, check: Check, way: str, wanted: FindingFilter) -> BulkFix:
    """Return the script that cures the findings of a check. Raises :class:`UsageError` if there is none."""
    if way not in SCRIPTS:
        raise UsageError(f"There is no script for {way}.", f"Choose from {', '.join(SCRIPTS)}.")
    found = tuple(to_fix(workspace, check, wanted))
    return BulkFix(check.id, way, tuple(one.id for one in found), "".join(script(check, way, iter(found))))


def filled(fix: Fix, asset: AssetRef) -> FixText:
    """Return the texts of a fix with ``{id}``, ``{name}``, ``{scope}`` and ``{region}`` of an asset."""
    return FixText(
        console=filling.filled(fix.console.strip(), asset),
        cli=filling.filled_command(fix.cli.strip(), asset),
        terraform=filling.filled_terraform(fix.terraform.strip(), asset),
        impact=filling.filled(fix.impact.strip(), asset),
    )


def to_fix(workspace: Workspace, check: Check, wanted: FindingFilter) -> Iterator[Finding]:
    """Yield the open unhealthy findings of a check that count, of those that a filter leaves."""
    chosen = msgspec.structs.replace(
        wanted,
        checks=frozenset({check.id}),
        states=frozenset({State.UNHEALTHY}),
        effects=frozenset({Effect.COUNTED, Effect.GRACE}),
    )
    return queries.all_findings(workspace, chosen)


def script(check: Check, way: str, findings: Iterator[Finding]) -> Iterator[str]:
    """Yield the lines that cure every finding of a check: commands of a shell, or Terraform.

    Each asset stands in a comment before its lines. Raises :class:`UsageError` if the check has no such text.
    """
    text = getattr(check.fix, way).strip()
    if not text:
        raise UsageError(f"{check.id} has no fix for {way}.", "`poise fix` on one finding shows what there is.")
    if way == "cli":
        yield "#!/bin/sh\n# Read every line before you run this. It stops at the first command that fails.\nset -eu\n"
    yield f"# {printable(check.title)}\n"
    if check.fix.impact:
        yield "".join(f"# {printable(line)}\n" for line in check.fix.impact.strip().splitlines())
    for number, finding in enumerate(findings, 1):
        texts = filled(check.fix, finding.asset)
        yield f"\n# {number}. {printable(finding.asset.name)} in {printable(finding.asset.scope)}\n"
        yield f"# {printable(finding.reason)}\n{getattr(texts, way)}\n"
