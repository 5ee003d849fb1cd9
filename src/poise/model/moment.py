"""Moments that providers gave as text, and how long ago they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def moment_of(text: str) -> datetime:
    """Return the time of an ISO 8601 text; one without a zone is UTC. Raises ``ValueError`` for any other text."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def end_of(value: str | date) -> datetime:
    """Return the moment at which something ends, UTC: after the whole of a day, or at a time.

    A time without a zone is UTC. Raises ``ValueError`` for anything else, also for a day that is too far away.
    """
    if isinstance(value, str):
        text = value.strip()
        value = date.fromisoformat(text) if len(text) == len("2026-12-31") else datetime.fromisoformat(text)
    try:
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, date):
            return datetime.combine(value, time.min, UTC) + timedelta(days=1)
    except OverflowError as problem:
        raise ValueError(f"{value} is too far away") from problem
    raise ValueError(f"{value!r} is no date")


def days_after(text: str, days: int) -> datetime:
    """Return the moment so many days after the time of an ISO 8601 text."""
    return moment_of(text) + timedelta(days=days)


def age_days(text: str, now: datetime) -> int:
    """Return the whole days from the time of an ISO 8601 text to ``now``."""
    return (now - moment_of(text)).days
