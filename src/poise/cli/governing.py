"""Governance in words and rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from poise.cli.output.answer import Column
from poise.cli.output.words import counted, level_style
from poise.model.governance import Condition, OwnerSource, Place, Rule

if TYPE_CHECKING:
    from poise.app.governing import DryRun
    from poise.app.governing_file import Synced


def _or_none(value: Any) -> str:
    return str(value) if value else "(none)"


PLANNED_COLUMNS = (
    Column("Risk", "finding.risk.level", style=level_style),
    Column("Asset", "finding.asset.name"),
    Column("Title", "finding.title"),
    Column("Owner", "owner", _or_none),
    Column("Due", "due"),
    Column("Rule", "rule"),
    Column("Before", "others"),
)
RULE_COLUMNS = (
    Column("Priority", "priority"),
    Column("Name", "name"),
    Column("Scope", "where"),
    Column("Conditions", "what"),
    Column("Owner", "who"),
    Column("Days", "days"),
    Column("Grace", "is_grace"),
    Column("On", "is_enabled"),
)
REPORT_COLUMNS = (
    Column("By", "by"),
    Column("Name", "name", _or_none),
    Column("Completed", "completed"),
    Column("Late", "completed_late"),
    Column("On time", "on_time"),
    Column("Overdue", "overdue"),
    Column("Unassigned", "unassigned"),
    Column("With ETA", "with_eta"),
    Column("Mean days", "mean_days"),
)


def rule_row(rule: Rule) -> dict[str, Any]:
    """Return a rule as a row, with words for people."""
    row: dict[str, Any] = msgspec.to_builtins(rule)
    conditions = " or ".join(_condition(condition) for condition in rule.conditions) or "every finding"
    left_out = "" if rule.excluded.is_everywhere else f" without {_place(rule.excluded)}"
    return row | {"where": _place(rule.scope) + left_out, "what": conditions, "who": _owner(rule.owner)}


def _place(place: Place) -> str:
    named = [*place.nodes, *place.accounts, *place.groups, *place.assets]
    named += [f"{name}={value}" for name, value in sorted(place.tags.items())]
    return ", ".join(named) or "everywhere"


def _condition(condition: Condition) -> str:
    lists = (condition.severities, condition.risks, condition.checks, condition.categories)
    texts = [", ".join(values) for values in (*lists, condition.providers, condition.kinds) if values]
    texts += [f"{name}={value}" for name, value in sorted(condition.tags.items())]
    return " and ".join(texts) or "every finding"


def _owner(owner: OwnerSource) -> str:
    if owner.address:
        return owner.address
    otherwise = f", else {owner.default}" if owner.default and owner.tag else owner.default
    return f"tag {owner.tag}{otherwise}" if owner.tag else otherwise or "(none)"


def dry_run_words(found: DryRun, verb: str) -> Iterator[str]:
    """Yield what a run does, or would do."""
    yield f"{counted(found.taken, 'finding')} {verb}, {found.kept:,} stay as they are."
    if found.unowned:
        yield f"{found.unowned:,} without an owner."
    if found.overdue:
        yield f"{found.overdue:,} overdue from the start: days are counted from when a finding was first seen."
    for name, count in sorted(found.lost.items()):
        yield f"{name} wins over it for {counted(count, 'finding')}."
    for name, count in sorted(found.yielding.items()):
        yield f"{name} gives way for {counted(count, 'finding')}."
    yield from (f"Careful: {warning}." for warning in found.warnings)


def synced_words(found: Synced, *, dry_run: bool) -> str:
    """Return what a file changes."""
    would = "would be " if dry_run else ""
    return (
        f"{len(found.added)} {would}added, {len(found.changed)} {would}changed, "
        f"{len(found.removed)} {would}removed, {found.kept} as before."
    )
