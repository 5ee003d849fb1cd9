"""When something is done again and again. Times are UTC, so no clock change of any zone skips or repeats one."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from poise.model.errors import UsageError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY = re.compile(r"every (\d{1,4})([mhd])")
AT = re.compile(r"(daily|weekly (" + "|".join(DAYS) + r")) (\d{2}):(\d{2})")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def next_after(schedule: str, moment: datetime) -> datetime:
    """Return the first moment after another at which a schedule is due.

    A schedule is ``every 15m`` (or h, d), ``daily 03:00`` or ``weekly mon 08:00``. What was missed is not made up for:
    the next moment is always to come. Raises :class:`UsageError` for any other text.
    """
    found = EVERY.fullmatch(schedule)
    if found and int(found[1]):
        return moment + int(found[1]) * UNITS[found[2]]
    found = AT.fullmatch(schedule)
    if not found or int(found[3]) > 23 or int(found[4]) > 59:
        raise UsageError(f"{schedule!r} is no schedule.", "Expected 'every 15m', 'daily 03:00' or 'weekly mon 08:00'.")
    at = time(int(found[3]), int(found[4]), tzinfo=moment.tzinfo)
    first = datetime.combine(moment.date(), at)
    days = (DAYS.index(found[2]) - first.weekday()) % 7 if found[2] else 0
    following = first + timedelta(days=days)
    return following if following > moment else following + timedelta(days=7 if found[2] else 1)
