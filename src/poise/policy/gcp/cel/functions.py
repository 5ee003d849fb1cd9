"""Functions and methods.

Source: cel-spec, "Language Definition", section "Functions"; Google Cloud, "Attribute reference for IAM Conditions"
for `extract`, `date` and `hasOnly`. A pattern of `matches` runs on our own automaton, in time linear in the text; one
that the automaton does not take leaves the expression unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Any

from poise.policy.gcp.cel.arithmetic import NO_OVERLOAD
from poise.policy.gcp.cel.patterns import search
from poise.policy.gcp.cel.values import (
    INT,
    NANOS,
    UINT,
    Failure,
    Moment,
    Span,
    Type,
    Uint,
    Unknown,
    equal,
    in_range,
    kind_of,
    read_moment,
    read_span,
)

MISSING_FUNCTION = Failure("unbound function")


def call(name: str, target: Any, arguments: list[Any]) -> Any:
    """Call a method on a value."""
    if isinstance(target, (Moment, Span)) and name.startswith("get"):
        return _clock(name, target, arguments)
    if name == "size" and not arguments:
        return _size(target)
    if name == "hasOnly" and isinstance(target, list) and len(arguments) == 1 and isinstance(arguments[0], list):
        return all(any(equal(one, allowed) for allowed in arguments[0]) for one in target)
    found = METHODS.get(name)
    if found is None:
        return MISSING_FUNCTION
    if len(arguments) != 1 or not isinstance(target, str) or not isinstance(arguments[0], str):
        return NO_OVERLOAD
    return found(target, arguments[0])


def apply(name: str, arguments: list[Any]) -> Any:
    """Apply a function that stands for itself."""
    if name == "matches" and len(arguments) == 2:
        return call(name, arguments[0], arguments[1:])
    found = FUNCTIONS.get(name)
    if found is None:
        return MISSING_FUNCTION
    return found(arguments[0]) if len(arguments) == 1 else NO_OVERLOAD


def _matches(text: str, pattern: str) -> Any:
    found = search(pattern, text)
    return Unknown(f"matches({pattern[:80]!r})") if found is None else found


def extract(text: str, template: str) -> Any:
    """Return what stands where a template has its `{name}`, or nothing."""
    before, opening, rest = template.partition("{")
    name, closing, after = rest.partition("}")
    if not opening or not closing or not name or "{" in after or "}" in after or "}" in before:
        return Failure(f"{template[:40]!r} is no template")
    start = text.find(before)
    if start < 0:
        return ""
    start += len(before)
    end = text.find(after, start) if after else len(text)
    return "" if end < 0 else text[start:end]


def _size(value: Any) -> Any:
    return len(value) if isinstance(value, (str, bytes, list, dict)) else NO_OVERLOAD


def _int(value: Any) -> Any:
    if isinstance(value, Moment):
        return value.nanos // NANOS
    return _number(value, int, INT)


def _uint(value: Any) -> Any:
    return _number(value, Uint, UINT)


def _number(value: Any, make: Callable[[Any], Any], allowed: range) -> Any:
    kind = kind_of(value)
    if kind == "string":
        digits = value[1:] if value[:1] == "-" else value
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 40):
            return Failure("cannot convert string to a number")
        value = int(value)
    elif kind == "double":
        if not math.isfinite(value) or not (allowed.start < value < allowed.stop - 1 or value == 0):
            return Failure("range error")
        value = math.trunc(value)
    elif kind not in ("int", "uint"):
        return NO_OVERLOAD
    return make(value) if int(value) in allowed else Failure("range error")


def _double(value: Any) -> Any:
    if kind_of(value) in ("int", "uint", "double"):
        return float(value)
    if kind_of(value) != "string" or len(value) > 100:
        return NO_OVERLOAD
    try:
        return float(value)
    except ValueError:
        return Failure("cannot convert string to double")


def _string(value: Any) -> Any:
    kind = kind_of(value)
    if kind == "bool":
        return "true" if value else "false"
    if kind in ("int", "uint", "string"):
        return str(value)
    if kind == "double":
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if kind == "bytes":
        try:
            return str(value, "utf-8")
        except UnicodeDecodeError:
            return Failure("invalid UTF-8")
    if isinstance(value, Moment):
        return _written(value)
    return _seconds(value) if isinstance(value, Span) else NO_OVERLOAD


def _written(moment: Moment) -> Any:
    local = moment.local("UTC")
    if local is None:
        return Failure("range error")
    fraction = f".{moment.nanos % NANOS:09d}".rstrip("0").rstrip(".")
    return f"{local.replace(tzinfo=None, microsecond=0).isoformat()}{fraction}Z"


def _seconds(span: Span) -> str:
    whole, part = divmod(abs(span.nanos), NANOS)
    fraction = f".{part:09d}".rstrip("0").rstrip(".")
    return f"{'-' if span.nanos < 0 else ''}{whole}{fraction}s"


def _bool(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    known = {"true": True, "True": True, "TRUE": True, "t": True, "1": True}
    known |= {"false": False, "False": False, "FALSE": False, "f": False, "0": False}
    if not isinstance(value, str):
        return NO_OVERLOAD
    return known.get(value, Failure("Type conversion error"))


def _timestamp(value: Any) -> Any:
    if isinstance(value, str):
        return read_moment(value)
    if isinstance(value, Moment):
        return value
    return in_range(Moment(value * NANOS)) if kind_of(value) == "int" else NO_OVERLOAD


def _date(value: Any) -> Any:
    return read_moment(f"{value}T00:00:00Z") if isinstance(value, str) else NO_OVERLOAD


def _duration(value: Any) -> Any:
    if isinstance(value, Span):
        return value
    return read_span(value) if isinstance(value, str) else NO_OVERLOAD


def _bytes(value: Any) -> Any:
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else NO_OVERLOAD


def _clock(name: str, target: Moment | Span, arguments: list[Any]) -> Any:
    if isinstance(target, Span):
        size = {"getHours": 3600 * NANOS, "getMinutes": 60 * NANOS, "getSeconds": NANOS}.get(name)
        if name == "getMilliseconds" and not arguments:
            return int(math.fmod(target.nanos, NANOS)) // 10**6
        return int(target.nanos / size) if size and not arguments else NO_OVERLOAD
    zone = arguments[0] if arguments else "UTC"
    part = CLOCK.get(name)
    if part is None or len(arguments) > 1 or not isinstance(zone, str):
        return NO_OVERLOAD
    local = target.local(zone)
    return Failure(f"{zone[:40]!r} is no time zone") if local is None else part(local)


CLOCK: dict[str, Callable[[datetime], int]] = {
    "getFullYear": lambda at: at.year,
    "getMonth": lambda at: at.month - 1,
    "getDate": lambda at: at.day,
    "getDayOfMonth": lambda at: at.day - 1,
    "getDayOfWeek": lambda at: (at.weekday() + 1) % 7,
    "getDayOfYear": lambda at: at.timetuple().tm_yday - 1,
    "getHours": lambda at: at.hour,
    "getMinutes": lambda at: at.minute,
    "getSeconds": lambda at: at.second,
    "getMilliseconds": lambda at: at.microsecond // 1000,
}
METHODS: dict[str, Callable[[str, str], Any]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda text, part: part in text,
    "matches": _matches,
    "extract": extract,
}
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "size": _size,
    "int": _int,
    "uint": _uint,
    "double": _double,
    "string": _string,
    "bytes": _bytes,
    "bool": _bool,
    "timestamp": _timestamp,
    "date": _date,
    "duration": _duration,
    "type": lambda value: Type(kind_of(value)),
    "dyn": lambda value: value,
}
