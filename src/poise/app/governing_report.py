"""The report of governance: who is on time and who is not, and how long fixing takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from poise.app.workspace import Workspace
from poise.model.governance import DueState
from poise.model.verdict import Severity
from poise.store.governance import ReportRow

LOOKED_BACK = timedelta(days=90)
"""Mean times are taken over what was fixed within this."""
LEVELS = tuple(sorted(Severity, key=lambda level: -level.rank))


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One owner, rule or account with its findings by state."""

    name: str
    """Address, rule or account; empty for findings without an owner, or that no rule has assigned."""
    completed: int
    completed_late: int
    """Of the completed ones, those that were fixed after their due date."""
    on_time: int
    overdue: int
    unassigned: int
    with_eta: int
    """Open ones for which an expected date is given."""
    overdue_by_risk: Mapping[str, int]
    mean_days: float | None = None
    """Mean days from being seen to being fixed; None where nothing was fixed."""

    @property
    def open(self) -> int:
        """Findings that are not fixed."""
        return self.on_time + self.overdue + self.unassigned


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Governance at one moment."""

    total: Line
    owners: tuple[Line, ...]
    rules: tuple[Line, ...]
    accounts: tuple[Line, ...]
    mean_days_by_risk: Mapping[str, float]
    """Over what was fixed in the last 90 days."""


def report(workspace: Workspace) -> Report:
    """Count findings by owner, rule and account. What is exempted, or unknown, is nobody's work and left out."""
    store = workspace.store.governance
    rows = store.report(workspace.viewer)
    times = store.fix_times(workspace.viewer, workspace.clock() - LOOKED_BACK)
    by_owner: dict[str, list[float]] = defaultdict(list)
    by_risk: dict[int, list[float]] = defaultdict(list)
    for owner, risk, days in times:
        by_owner[owner].append(days)
        by_risk[risk].append(days)
    means = {owner: _mean(days) for owner, days in by_owner.items()}
    return Report(
        total=_line("", rows, _mean([days for *_, days in times])),
        owners=_lines(rows, "owner", means),
        rules=_lines(rows, "rule"),
        accounts=_lines(rows, "account"),
        mean_days_by_risk={
            level.value: found for level in LEVELS if (found := _mean(by_risk.get(level.rank, []))) is not None
        },
    )


def _lines(rows: Iterable[ReportRow], field: str, means: Mapping[str, float | None] | None = None) -> tuple[Line, ...]:
    found: dict[str, list[ReportRow]] = defaultdict(list)
    for row in rows:
        found[getattr(row, field)].append(row)
    lines = (_line(name, some, (means or {}).get(name)) for name, some in found.items())
    return tuple(sorted(lines, key=lambda line: (-line.overdue, -line.open, line.name)))


def _line(name: str, rows: Sequence[ReportRow], mean: float | None) -> Line:
    counts = {state: sum(row.findings for row in rows if row.state is state) for state in DueState}
    overdue = [row for row in rows if row.state is DueState.OVERDUE]
    by_risk = {level.value: sum(row.findings for row in overdue if row.risk == level.rank) for level in LEVELS}
    return Line(
        name=name,
        completed=counts[DueState.COMPLETED],
        completed_late=sum(row.late for row in rows),
        on_time=counts[DueState.ON_TIME],
        overdue=counts[DueState.OVERDUE],
        unassigned=counts[DueState.UNASSIGNED],
        with_eta=sum(row.with_eta for row in rows if row.state is not DueState.COMPLETED),
        overdue_by_risk={level: count for level, count in by_risk.items() if count},
        mean_days=mean,
    )


def _mean(days: Sequence[float]) -> float | None:
    return round(sum(days) / len(days), 2) if days else None


def report_rows(found: Report) -> list[dict[str, Any]]:
    """Return the report as rows of one table: ``by`` says what a row stands for."""
    parts = (("all", (found.total,)), ("owner", found.owners), ("rule", found.rules), ("account", found.accounts))
    return [{"by": by, **msgspec.to_builtins(line), "open": line.open} for by, lines in parts for line in lines]
