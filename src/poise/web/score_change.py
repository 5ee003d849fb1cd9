"""The change log of a score: which moments are asked for, and what lay behind each part."""

from __future__ import annotations

from dataclasses import dataclass

from poise.app import changes
from poise.app.changes import Formula, ScoreChange, Span
from poise.model.errors import UsageError
from poise.web.visit import Visit

DAYS = (1, 7, 30, 90)


@dataclass(frozen=True)
class ChangeLog:
    """What the change log of a page shows."""

    first: str
    then: str
    change: ScoreChange | None
    problem: str
    check: str = ""
    """The check whose assets are all shown; empty for the first ones of each."""
    days: tuple[int, ...] = DAYS


def of(visit: Visit, formula: Formula) -> ChangeLog:
    """Return the change between the moments of the address; none if it names none."""
    first, then = visit.address.first("from"), visit.address.first("to")
    check = visit.address.first("behind")
    if not first:
        return ChangeLog("", then, None, "")
    try:
        now = visit.workspace.clock()
        moments = (changes.moment_of(first, now), changes.moment_of(then or "now", now))
        change = changes.score_change(visit.workspace, Span(*moments, visit.wanted_assets, formula, check))
    except UsageError as problem:
        return ChangeLog(first, then, None, problem.what)
    return ChangeLog(first, then, change, "", check)
