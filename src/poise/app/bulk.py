"""What is done to many findings at once: assign, exempt, make tickets. Each is audited as one would be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from poise.app import exemptions, queries
from poise.app.governing_assign import Decision, assign
from poise.app.notifying import sender
from poise.app.ticking_tickets import open_ticket
from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.finding import Finding
from poise.model.listings import FindingFilter
from poise.store import Change

MOST_FINDINGS = 5_000
"""Findings that are changed at once."""
MOST_TICKETS = 50


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What was ticked, in any of the views."""

    findings: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    """Scopes that the page is limited to; empty for all."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ticked."""
        return not (self.findings or self.checks or self.assets)


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """An exemption of what was ticked."""

    name: str
    kind: Kind
    reason: str
    approver: str
    until: datetime


def findings_of(workspace: Workspace, chosen: Chosen) -> tuple[Finding, ...]:
    """Return the open findings that are meant, each once.

    Raises :class:`UsageError` for an id that there is not, and if nothing or too much is meant.
    """
    found: dict[str, Finding] = {id: queries.finding(workspace, id) for id in chosen.findings}
    for wanted in _filters(workspace, chosen):
        for one in queries.all_findings(workspace, wanted):
            found[one.id] = one
            if len(found) > MOST_FINDINGS:
                raise UsageError(f"More than {MOST_FINDINGS:,} findings are meant.", "Choose fewer, or write a rule.")
    if not found:
        raise UsageError("No open finding is meant.", "Tick some rows.")
    return tuple(found.values())


def assign_many(workspace: Workspace, chosen: Chosen, decision: Decision, actor: str) -> int:
    """Assign what was ticked; return how many findings. Raises :class:`UsageError` for what cannot be."""
    return assign(workspace, [one.id for one in findings_of(workspace, chosen)], decision, actor)


def exempt_many(workspace: Workspace, chosen: Chosen, decided: Decided, actor: str) -> tuple[Exemption, ...]:
    """Exempt what was ticked, and nothing else: one exemption for each check. All or none.

    A check that was ticked is exempt with findings that come later too, in the scopes of the page.
    """
    wanted = [_exemption(decided, number, covers) for number, covers in enumerate(_covers(workspace, chosen), start=1)]
    there = {row.exemption.name for row in workspace.store.exemptions.present()}
    for one in wanted:
        if one.name in there:
            raise UsageError(f"There is an exemption {one.name!r} already.", "Take another name.")
        exemptions.preview(workspace, one)
    exemptions.change(workspace, Change(wanted, (), actor))
    return tuple(wanted)


def ticket_many(workspace: Workspace, chosen: Chosen, channel: str, actor: str) -> int:
    """Make a ticket for each finding that was ticked, unless there is one; return how many there are then."""
    found = findings_of(workspace, chosen)
    if len(found) > MOST_TICKETS:
        raise UsageError(f"{len(found):,} tickets are too many at once.", f"Choose at most {MOST_TICKETS} findings.")
    out = sender(workspace)
    return len([open_ticket(workspace, out, channel, one.id, actor) for one in found])


def _filters(workspace: Workspace, chosen: Chosen) -> Iterable[FindingFilter]:
    for id in chosen.checks:
        if id not in workspace.checks:
            raise UsageError(f"There is no check {id!r}.", "`poise checks list` shows all.")
    if chosen.checks:
        yield FindingFilter(checks=frozenset(chosen.checks), scopes=chosen.scopes)
    for id in chosen.assets:
        yield FindingFilter(asset_id=queries.asset(workspace, id).row.asset.id)


def _covers(workspace: Workspace, chosen: Chosen) -> Sequence[Covers]:
    whole = Chosen(checks=chosen.checks, scopes=chosen.scopes)
    rest = Chosen(findings=chosen.findings, assets=chosen.assets)
    by_check: dict[str, list[str]] = defaultdict(list)
    for one in () if rest.is_empty else findings_of(workspace, rest):
        if one.check not in chosen.checks:
            by_check[one.check].append(one.asset.id)
    if chosen.checks:
        findings_of(workspace, whole)
    made = [Covers(checks=(id,), scopes=tuple(sorted(chosen.scopes))) for id in chosen.checks]
    return made + [Covers(checks=(check,), assets=tuple(sorted(ids))) for check, ids in sorted(by_check.items())]


def _exemption(decided: Decided, number: int, covers: Covers) -> Exemption:
    name = decided.name if number == 1 else f"{decided.name}-{number}"
    return Exemption(
        name=name,
        kind=decided.kind,
        covers=covers,
        reason=decided.reason,
        approver=decided.approver,
        until=decided.until,
    )
