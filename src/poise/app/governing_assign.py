"""Assigns findings by hand: owner, due date, grace period, and the date on which the owner expects it to be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec

from poise.app import queries
from poise.app.governing_facts import candidates
from poise.app.workspace import Workspace
from poise.govern.rules import end_of_day
from poise.model.errors import UsageError
from poise.model.governance import Assignment, is_address
from poise.store.audit import Deed
from poise.store.governance import Assigned, Candidate, Wanted

MOST_CHARACTERS = 2_000
"""Length of a justification."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decides, as it was typed; what is None stays as it is."""

    owner: str | None = None
    due: str | None = None
    """A day, ISO 8601: until its last second, UTC."""
    is_grace: bool | None = None
    eta: str | None = None
    """A day; empty takes the expected date away."""
    justification: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is decided."""
        return self.owner is None and self.due is None and self.is_grace is None and self.eta is None


def targets(workspace: Workspace, ids: Sequence[str]) -> Sequence[Candidate]:
    """Return the open findings that are meant by ids of findings and of checks.

    Raises :class:`UsageError` for an id that is neither, or for which there is no open finding.
    """
    checks = {id for id in ids if id in workspace.checks}
    found = list(candidates(workspace, Wanted(checks=sorted(checks)))) if checks else []
    rest = [id for id in ids if id not in checks]
    found += candidates(workspace, Wanted(ids=rest)) if rest else []
    missing = set(rest) - {one.id for one in found}
    for id in sorted(missing):
        queries.finding(workspace, id)
        raise UsageError(f"The finding {id!r} is fixed: there is nothing to assign.")
    if not found:
        raise UsageError(f"There is no open finding of {', '.join(sorted(checks)) or 'nothing'}.")
    return list({one.key: one for one in found}.values())


def assign(workspace: Workspace, ids: Sequence[str], decision: Decision, actor: str) -> int:
    """Assign findings, or all open findings of checks; return how many. Audited; grace acts at once.

    Raises :class:`UsageError` for an owner that is no address, a day that is past, an expected date without
    justification, or an id that there is not. Nothing is changed then.
    """
    if decision.is_empty:
        raise UsageError("Nothing is to be assigned.", "Give --owner, --due, --grace or --eta.")
    now = workspace.clock()
    due = _day(decision.due, "due", now) if decision.due else None
    eta = _day(decision.eta, "eta", now) if decision.eta else None
    _require_owner(decision)
    _require_justification(decision)
    found = targets(workspace, ids)
    rows = [_assigned(one, decision, (due, eta), (now, actor)) for one in found]
    _require_due(rows)
    detail = {"findings": [one.id for one in found[:100]], "count": len(found)} | msgspec.to_builtins(decision)
    target = ids[0] if len(ids) == 1 else f"{len(found)} findings"
    workspace.store.governance.assign(rows, Deed(actor, "findings assigned", target, detail))
    return len(rows)


def unassign(workspace: Workspace, ids: Sequence[str], actor: str) -> int:
    """Take owner and due date away; a rule may assign them again when it runs. Return of how many findings."""
    found = [one for one in targets(workspace, ids) if one.present is not None]
    detail = {"findings": [one.id for one in found[:100]], "count": len(found)}
    target = ids[0] if len(ids) == 1 else f"{len(found)} findings"
    workspace.store.governance.clear([one.key for one in found], Deed(actor, "findings unassigned", target, detail))
    return len(found)


def assignment_of(workspace: Workspace, id: str) -> Assignment | None:
    """Return what is assigned to an open finding; None if nothing is."""
    return next((one.present for one in candidates(workspace, Wanted(ids=(id,)))), None)


def _assigned(
    one: Candidate, decision: Decision, days: tuple[datetime | None, datetime | None], who: tuple[datetime, str]
) -> Assigned:
    present = one.present or Assignment(owner="", due=None, assigned_at=who[0])
    moves_work = decision.owner is not None or decision.due is not None or decision.is_grace is not None
    made = Assignment(
        owner=present.owner if decision.owner is None else decision.owner.strip(),
        due=days[0] if decision.due else (present.due if decision.due is None else None),
        is_grace=present.is_grace if decision.is_grace is None else decision.is_grace,
        rule="" if moves_work else present.rule,
        eta=present.eta if decision.eta is None else days[1],
        justification=present.justification if decision.eta is None else decision.justification.strip(),
        assigned_at=who[0],
        assigned_by=who[1],
    )
    return Assigned(one.key, one.round, one.opened_at, made)


def _require_owner(decision: Decision) -> None:
    if decision.owner and not is_address(decision.owner.strip()):
        raise UsageError(f"{decision.owner!r} is no mail address.", "Give one like ann@example.org.")


def _require_justification(decision: Decision) -> None:
    if decision.eta and not decision.justification.strip():
        raise UsageError("An expected date needs a justification.", "Give --justification TEXT.")
    if decision.justification and not decision.eta:
        raise UsageError("A justification is for an expected date.", "Give --eta DAY.")
    if len(decision.justification) > MOST_CHARACTERS:
        raise UsageError(f"The justification is longer than {MOST_CHARACTERS:,} characters.")


def _require_due(rows: Sequence[Assigned]) -> None:
    if any(row.assignment.is_grace and row.assignment.due is None for row in rows):
        raise UsageError("A grace period needs a due date.", "Give --due DAY.")


def _day(text: str, name: str, now: datetime) -> datetime:
    try:
        day = date.fromisoformat(text.strip())
        end = end_of_day(datetime(day.year, day.month, day.day, tzinfo=UTC))
    except (ValueError, OverflowError) as problem:
        raise UsageError(f"--{name} is {text!r}.", "Give a day such as 2027-01-31.") from problem
    if end < now:
        raise UsageError(f"{text.strip()} is past: now it is {now:%Y-%m-%d %H:%M} UTC.", "Give a day that is to come.")
    return end
