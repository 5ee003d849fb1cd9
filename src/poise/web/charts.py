"""Pictures as numbers: the geometry of the gauge and of the trend. Templates write them as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from poise.web.words import day, percent


@dataclass(frozen=True)
class Gauge:
    """Lengths along an arc of length 100."""

    value: float
    """Where the score ends."""
    low: float
    """The score if all that is unknown were unhealthy."""
    high: float
    """The score if all that is unknown were healthy."""

    @property
    def reach(self) -> str:
        """The dash pattern that draws only the part from low to high, at least a hair wide."""
        return f"0 {self.low:.2f} {max(self.high - self.low, 0.6):.2f} 200"


@dataclass(frozen=True)
class Point:
    """One day of the trend, in a box of 100 by 100."""

    x: float
    y: float
    says: str
    """What a reader of the chart is told."""


@dataclass(frozen=True)
class Mark:
    """A day on which something happened that may explain a step of the line."""

    x: float
    says: str


@dataclass(frozen=True)
class Trend:
    """A line with the band of what is unknown around it, in a box of 100 by 100."""

    points: tuple[Point, ...]
    line: str
    """Path of the score."""
    band: str
    """Path of the area between low and high."""
    first: str
    """First day."""
    last: str
    """Last day."""
    change: str
    """What became of the score from the first day to the last."""
    marks: tuple[Mark, ...] = ()
    """What happened beside: check packs, new scopes, exemptions."""


def gauge(percentage: float, low: float, high: float) -> Gauge:
    """Lay out a gauge from fractions of 0 to 1."""
    return Gauge(round(percentage * 100, 2), low * 100, high * 100)


def trend(history: Sequence[tuple[datetime, float, float, float]]) -> Trend:
    """Lay out (time, score, low, high), oldest first, as a line; fractions of 0 to 1."""
    start, end = history[0][0], history[-1][0]
    span = (end - start).total_seconds()
    across = [100.0 if not span else (when - start).total_seconds() / span * 100 for when, *_ in history]
    points = tuple(
        Point(round(x, 2), _down(score), f"{day(when)}: {percent(score)}, between {percent(low)} and {percent(high)}")
        for x, (when, score, low, high) in zip(across, history, strict=True)
    )
    upper = [(round(x, 2), _down(row[3])) for x, row in zip(across, history, strict=True)]
    lower = [(round(x, 2), _down(row[2])) for x, row in zip(across, history, strict=True)]
    return Trend(
        points,
        _path([(point.x, point.y) for point in points]),
        f"{_path([*upper, *reversed(lower)])}Z",
        day(start),
        day(end),
        _change(history[0][1], history[-1][1]),
    )


def marked(made: Trend, span: tuple[datetime, datetime], events: Sequence[tuple[datetime, str]]) -> Trend:
    """Put marks on a line that goes over a span; what happened on one day is one mark."""
    start, end = span
    by_day: dict[str, list[tuple[float, str]]] = {}
    for when, says in events:
        if start.date() <= when.date() <= end.date():
            whole = (end - start).total_seconds()
            x = min(max((when - start).total_seconds() / whole * 100, 0.0), 100.0) if whole else 0.0
            by_day.setdefault(day(when), []).append((round(x, 2), says))
    marks = tuple(Mark(found[0][0], f"{at}: {_joined([says for _, says in found])}") for at, found in by_day.items())
    return replace(made, marks=marks)


MOST_MARKS = 3


def _joined(texts: Sequence[str]) -> str:
    shown = "; ".join(texts[:MOST_MARKS])
    return f"{shown}; {len(texts) - MOST_MARKS} more" if len(texts) > MOST_MARKS else shown


def _change(first: float, last: float) -> str:
    points = round((last - first) * 100, 2)
    if not points:
        return "Unchanged"
    return f"{'Up' if points > 0 else 'Down'} {abs(points):g} point{'' if abs(points) == 1 else 's'}"


def _down(fraction: float) -> float:
    return round(100 - fraction * 100, 2)


def _path(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in corners)
