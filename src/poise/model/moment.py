"""Moments that providers gave as text, and how long ago they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def moment_of(text: str) -> datetime:
    """Return the time of an ISO 8601 text; one without a zone is UTC. Raises ``ValueError`` for any other text."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def days_after(text: str, days: int) -> datetime:
    """Return the moment so many days after the time of an ISO 8601 text."""
    return moment_of(text) + timedelta(days=days)


def age_days(text: str, now: datetime) -> int:
    """Return the whole days from the time of an ISO 8601 text to ``now``."""
    return (now - moment_of(text)).days
