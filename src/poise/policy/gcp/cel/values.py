"""Values of expressions that Python has no type for, and what stands for a value that is not there."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

NANOS = 10**9
INT = range(-(2**63), 2**63)
UINT = range(2**64)
MOMENTS = range(-62_135_596_800 * NANOS, 253_402_300_800 * NANOS)
"""From 0001-01-01 to 9999-12-31, in nanoseconds."""
SPANS = INT
"""Nanoseconds of a duration: about 292 years, as the reference implementation holds it."""
MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
SPAN = re.compile(r"([+-]?)((?:\d+(?:\.\d*)?|\.\d+)(?:h|ms|m|s|us|µs|ns))+", re.ASCII)
SPAN_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)", re.ASCII)
UNITS = {"h": 3600 * NANOS, "m": 60 * NANOS, "s": NANOS, "ms": 10**6, "us": 1000, "µs": 1000, "ns": 1}
OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)


class Failure(msgspec.Struct, frozen=True):
    """What an evaluation gives that fails."""

    text: str


class Unknown(msgspec.Struct, frozen=True):
    """What an evaluation gives that needs something unknown."""

    needs: str
    """The attribute or function that is not known."""


class Uint(int):
    """An unsigned number."""


class Type(msgspec.Struct, frozen=True):
    """A type, as `type()` gives it."""

    name: str


class Moment(msgspec.Struct, frozen=True, order=True):
    """A timestamp."""

    nanos: int
    """Since 1970."""

    @classmethod
    def at(cls, when: datetime) -> Moment:
        """Make it of a time; one without zone is UTC."""
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        whole = (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
        return cls(whole * 1000)

    def local(self, zone: str) -> datetime | None:
        """Return it as a time of a zone (`Europe/Paris`, `-02:00`), to the microsecond; None if there is no such."""
        found = _zone(zone)
        if found is None:
            return None
        try:
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.nanos // 1000)).astimezone(found)
        except OverflowError:
            return None


class Span(msgspec.Struct, frozen=True, order=True):
    """A duration."""

    nanos: int


Missing = Failure | Unknown


def is_missing(value: Any) -> bool:
    """Say whether there is no value."""
    return isinstance(value, (Failure, Unknown))


def read_moment(text: str) -> Moment | Failure:
    """Read a time as RFC 3339 writes it."""
    found = MOMENT.fullmatch(text)
    if found is None:
        return Failure(f"{text[:40]!r} is no timestamp")
    *parts, fraction, sign, hours, minutes = found.groups()
    try:
        at = datetime(*map(int, parts), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        return Failure(f"{text[:40]!r} is no timestamp")
    seconds = int((at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1))
    if sign:
        seconds -= (1 if sign == "+" else -1) * (int(hours) * 3600 + int(minutes) * 60)
    moment: Moment | Failure = in_range(Moment(seconds * NANOS + int((fraction or "0").ljust(9, "0"))))
    return moment


def read_span(text: str) -> Span | Failure:
    """Read a duration such as `1h30m` or `-1.5s`."""
    found = SPAN.fullmatch(text) if len(text) <= 100 else None
    if found is None:
        return Failure(f"{text[:40]!r} is no duration")
    total = 0
    for amount, unit in SPAN_PART.findall(text):
        whole, _, part = amount.partition(".")
        total += int(whole or 0) * UNITS[unit] + int(part or 0) * UNITS[unit] // 10 ** len(part)
    span: Span | Failure = in_range(Span(-total if found.group(1) == "-" else total))
    return span


def in_range(value: Any) -> Any:
    """Return a number, time or span, or the failure of one that is too large for its type."""
    if isinstance(value, (Moment, Span)):
        allowed = MOMENTS if isinstance(value, Moment) else SPANS
        return value if value.nanos in allowed else Failure("range error")
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    allowed = UINT if isinstance(value, Uint) else INT
    return value if int(value) in allowed else Failure("return error for overflow")


def kind_of(value: Any) -> str:
    """Return the name of the type of a value."""
    for kind, name in KINDS:
        if isinstance(value, kind):
            return name
    return "null_type" if value is None else "dyn"


KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "bool"),
    (Uint, "uint"),
    (int, "int"),
    (float, "double"),
    (str, "string"),
    (bytes, "bytes"),
    (list, "list"),
    (dict, "map"),
    (Moment, "google.protobuf.Timestamp"),
    (Span, "google.protobuf.Duration"),
    (Type, "type"),
)
NUMBERS = frozenset({"int", "uint", "double"})


def equal(one: Any, other: Any) -> bool:
    """Compare as CEL does: numbers of different types by value, other different types are different."""
    first, second = kind_of(one), kind_of(other)
    if first in NUMBERS and second in NUMBERS:
        return bool(one == other)
    if first != second:
        return False
    if first == "list":
        return len(one) == len(other) and all(map(equal, one, other))
    if first == "map":
        return len(one) == len(other) and all(key in other and equal(one[key], other[key]) for key in one)
    return bool(one == other)


def is_below(one: Any, other: Any) -> bool | None:
    """Say whether one value is smaller; None if the two cannot be ordered. With a double, both count as doubles."""
    first, second = kind_of(one), kind_of(other)
    numbers = first in NUMBERS and second in NUMBERS
    if numbers and "double" in (first, second):
        return float(one) < float(other)
    ordered = first == second and first not in ("list", "map", "type", "null_type", "dyn")
    if not (numbers or ordered):
        return None
    if first == "string":
        return bool(one.encode("utf-8", "surrogatepass") < other.encode("utf-8", "surrogatepass"))
    return bool(one < other)


def is_nan(value: Any) -> bool:
    """Say whether a value is not a number."""
    return isinstance(value, float) and math.isnan(value)


def _zone(text: str) -> Any:
    if not text or text == "UTC":
        return UTC
    if found := OFFSET.fullmatch(text):
        minutes = int(found.group(2)) * 60 + int(found.group(3))
        return timezone(timedelta(minutes=-minutes if found.group(1) == "-" else minutes)) if minutes < 1440 else None
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
