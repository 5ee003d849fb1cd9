"""The score over time, as far as it was kept."""

from __future__ import annotations

from datetime import UTC, datetime

from poise.app.scores import kept_for, score_history
from poise.app.timeline import markers
from poise.web import charts
from poise.web.visit import Visit

DAYS = (7, 30, 90, 365)
USUAL_DAYS = 30


def asked_days(visit: Visit) -> int:
    """Return how many days the address asks for."""
    asked = visit.address.first("days")
    return int(asked) if asked in {str(days) for days in DAYS} else USUAL_DAYS


def of(visit: Visit, days: int) -> charts.Trend | None:
    """Lay out the kept scores of the estate or of one scope; None where there is no line to draw.

    Several scopes together, and groups, have no history of their own.
    """
    scope = kept_for(visit.wanted_assets)
    if scope is None:
        return None
    rows = [row for row in score_history(visit.workspace, scope, days) if row.max]
    history = [
        (datetime.fromisoformat(row.day).replace(tzinfo=UTC), row.current / row.max, row.low, row.high) for row in rows
    ]
    if len(history) < 2:
        return None
    events = [(one.at, one.says) for one in markers(visit.workspace, history[0][0], visit.wanted_assets)]
    return charts.marked(charts.trend(history), (history[0][0], history[-1][0]), events)
