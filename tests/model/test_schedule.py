"""When work is due: always later than now, in UTC."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poise.model.errors import UsageError
from poise.model.schedule import next_after

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # a Sunday; clocks in Berlin go forward half an hour later


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("every 15m", "2026-03-29T00:45"),
        ("every 6h", "2026-03-29T06:30"),
        ("every 2d", "2026-03-31T00:30"),
        ("daily 01:30", "2026-03-29T01:30"),
        ("daily 00:30", "2026-03-30T00:30"),
        ("daily 00:00", "2026-03-30T00:00"),
        ("weekly sun 02:30", "2026-03-29T02:30"),
        ("weekly sun 00:30", "2026-04-05T00:30"),
        ("weekly mon 08:00", "2026-03-30T08:00"),
        ("weekly sat 08:00", "2026-04-04T08:00"),
    ],
)
def test_the_next_moment(schedule, expected):
    assert next_after(schedule, NOW) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(
    st.sampled_from(["every 1m", "daily 02:30", "weekly tue 23:59"]),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
)
def test_it_is_always_to_come_and_never_skips_one(schedule, moment):
    found = next_after(schedule, moment)
    longest = {"every": timedelta(minutes=1), "daily": timedelta(days=1), "weekly": timedelta(days=7)}
    assert moment < found <= moment + longest[schedule.split()[0]]


@pytest.mark.parametrize(
    "text", ["", "every 0m", "every 5s", "daily 24:00", "daily 3:00", "weekly 03:00", "weekly x 03:00"]
)
def test_other_texts_are_refused(text):
    with pytest.raises(UsageError):
        next_after(text, NOW)
