"""Exemptions in words and rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from poise.cli.output.answer import Answer, Column
from poise.cli.output.words import counted, level_style, moment

if TYPE_CHECKING:
    from poise.app.exemptions import Preview
    from poise.app.workspace import Workspace
    from poise.cli.invocation import Invocation

COVERED_COLUMNS = (
    Column("Risk", "risk.level", style=level_style),
    Column("Asset", "asset.name"),
    Column("Title", "title"),
    Column("Scope", "asset.scope"),
    Column("Id", "id"),
)
SYNCED_COLUMNS = (
    Column("Change", "change"),
    Column("Name", "name"),
    Column("Covers", "covered"),
    Column("Notes", "warnings"),
)


def covers_words(covers: Any) -> str:
    """Return what an exemption covers: `checks aws.s3; assets arn:...`."""
    parts = []
    for name, value in (covers or {}).items():
        shown = [f"{k}={v}" for k, v in value.items()] if isinstance(value, Mapping) else value
        if isinstance(shown, int | float):
            parts.append(f"{name.replace('_', ' ')} {shown:g}")
        elif shown:
            parts.append(f"{name} {', '.join(shown)}")
    return "; ".join(parts)


EXEMPTION_COLUMNS = (
    Column("Name", "name"),
    Column("Kind", "kind"),
    Column("Until", "until", moment),
    Column("Covers", "covered"),
    Column("What", "covers", covers_words),
    Column("Notes", "notes"),
    Column("Approver", "approver"),
    Column("Reason", "reason"),
)


def tell_exemptions(run: Invocation, workspace: Workspace) -> None:
    """Answer with every exemption and every check that is switched off."""
    from poise.app import exemptions

    rows = [msgspec.to_builtins(row) for row in exemptions.listed(workspace)]
    run.answer(Answer(rows, EXEMPTION_COLUMNS))
    run.say(f"{counted(len(rows), 'exemption')}.")


def preview_words(found: Preview, verb: str) -> Iterator[str]:
    """Yield what an exemption covers, and what speaks against it."""
    more = f" The first {len(found.findings)} are shown." if found.covered > len(found.findings) else ""
    until = moment(found.exemption.until.isoformat())
    yield f"{found.exemption.name} {verb} {counted(found.covered, 'open finding')} until {until}.{more}"
    for warning in found.warnings:
        yield f"Note: {warning}."
