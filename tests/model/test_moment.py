"""Times that providers gave as text."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from poise.model.moment import age_days, days_after, end_of, moment_of

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-25T12:00:00Z",
        "2026-11-25T12:00:00+00:00",
        "2026-11-25 12:00:00+00:00",
        "2026-11-25T12:00:00",
        "2026-11-25T13:00:00+01:00",
    ],
)
def test_each_spelling_is_the_same_moment(text):
    assert moment_of(text) == NOON


def test_a_zone_is_kept():
    assert moment_of("2026-11-25T13:00:00+01:00").tzinfo == timezone(timedelta(hours=1))


@pytest.mark.parametrize("text", ["N/A", "", "yesterday", "25.11.2026"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="Invalid isoformat"):
        moment_of(text)


def test_age_counts_whole_days():
    assert age_days("2026-11-24T12:00:01Z", NOON) == 0
    assert age_days("2026-11-24T12:00:00Z", NOON) == 1
    assert days_after("2026-11-24T12:00:00Z", 1) == NOON


@pytest.mark.parametrize(
    ("value", "end"),
    [
        ("2026-12-31", datetime(2027, 1, 1, tzinfo=UTC)),
        (date(2028, 2, 28), datetime(2028, 2, 29, tzinfo=UTC)),
        ("2026-12-31T23:00:00+02:00", datetime(2026, 12, 31, 21, tzinfo=UTC)),
        (datetime(2026, 1, 1, 5), datetime(2026, 1, 1, 5, tzinfo=UTC)),
        (datetime(2026, 1, 1, 5, tzinfo=timezone(timedelta(hours=-5))), datetime(2026, 1, 1, 10, tzinfo=UTC)),
    ],
)
def test_a_day_is_covered_whole_and_a_moment_is_taken_in_utc(value, end):
    assert end_of(value) == end


@pytest.mark.parametrize("value", ["tomorrow", "2026-13-01", "9999-12-32", "9999-12-31", 3, None, True])
def test_what_is_no_date_is_refused(value):
    with pytest.raises(ValueError):
        end_of(value)
