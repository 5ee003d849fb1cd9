"""Operators on values. Source: cel-spec, "Language Definition", section "List of Standard Definitions"."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from poise.policy.gcp.cel.values import NUMBERS, Failure, Moment, Span, Uint, equal, in_range, is_below, is_nan, kind_of

NO_OVERLOAD = Failure("no matching overload")
DIVIDED_BY_ZERO = Failure("division by zero")
MOMENT, SPAN = "google.protobuf.Timestamp", "google.protobuf.Duration"
LARGEST = 1_000_000
"""Longest text or list that an addition makes."""


def operate(sign: str, one: Any, other: Any) -> Any:
    """Apply an operator to two values."""
    return OPERATORS[sign](one, other)


def minus(value: Any) -> Any:
    """Return the negative."""
    if kind_of(value) == "double":
        return -value
    return in_range(-value) if kind_of(value) == "int" else NO_OVERLOAD


def item(holder: Any, key: Any) -> Any:
    """Return an item of a list or map."""
    if isinstance(holder, list):
        if isinstance(key, float) and key.is_integer():
            key = int(key)
        if isinstance(key, bool) or not isinstance(key, int):
            return NO_OVERLOAD
        return holder[key] if 0 <= key < len(holder) else Failure("invalid_argument")
    if not isinstance(holder, dict):
        return NO_OVERLOAD
    return holder[key] if has_key(holder, key) else Failure(f"no such key: {key!s:.40}")


def has_key(holder: dict[Any, Any], key: Any) -> bool:
    """Say whether a map has a key; true is not 1."""
    try:
        return key in holder and any(equal(key, one) for one in holder if one == key)
    except TypeError:
        return False


def _is_in(one: Any, holder: Any) -> Any:
    if isinstance(holder, list):
        return any(equal(one, value) for value in holder)
    return has_key(holder, one) if isinstance(holder, dict) else NO_OVERLOAD


def _compared(pick: Callable[[bool, bool], bool]) -> Callable[[Any, Any], Any]:
    def compare(one: Any, other: Any) -> Any:
        below = is_below(one, other)
        if below is None:
            return NO_OVERLOAD
        if is_nan(one) or is_nan(other):
            return False
        return pick(below, not below and not is_below(other, one))

    return compare


def _add(one: Any, other: Any) -> Any:
    first, second = kind_of(one), kind_of(other)
    if first == second and first in ("string", "bytes", "list"):
        return one + other if len(one) + len(other) <= LARGEST else Failure("the result is too large")
    if {first, second} == {MOMENT, SPAN}:
        return in_range(Moment(one.nanos + other.nanos))
    if first == second == SPAN:
        return in_range(Span(one.nanos + other.nanos))
    return _numbers(one, other, lambda a, b: a + b)


def _subtract(one: Any, other: Any) -> Any:
    first, second = kind_of(one), kind_of(other)
    if first == second == MOMENT:
        return in_range(Span(one.nanos - other.nanos))
    if second == SPAN and first in (MOMENT, SPAN):
        return in_range(type(one)(one.nanos - other.nanos))
    return _numbers(one, other, lambda a, b: a - b)


def _divide(one: Any, other: Any) -> Any:
    if kind_of(one) == kind_of(other) == "double":
        return _float_division(one, other)
    if kind_of(other) in ("int", "uint") and other == 0:
        return DIVIDED_BY_ZERO
    return _numbers(one, other, _quotient)


def _rest(one: Any, other: Any) -> Any:
    if kind_of(one) == "double" or kind_of(other) == "double":
        return NO_OVERLOAD
    if kind_of(other) in ("int", "uint") and other == 0:
        return Failure("modulus by zero")
    return _numbers(one, other, lambda a, b: a - b * _quotient(a, b))


def _quotient(one: int, other: int) -> int:
    found = abs(one) // abs(other)
    return found if (one < 0) == (other < 0) else -found


def _float_division(one: float, other: float) -> float:
    if other != 0:
        return one / other
    if one == 0 or math.isnan(one):
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1, other)


def _numbers(one: Any, other: Any, compute: Callable[[Any, Any], Any]) -> Any:
    kind = kind_of(one)
    if kind != kind_of(other) or kind not in NUMBERS:
        return NO_OVERLOAD
    if kind == "double":
        return compute(one, other)
    found = compute(int(one), int(other))
    return in_range(Uint(found) if kind == "uint" else found)


OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": equal,
    "!=": lambda one, other: not equal(one, other),
    "<": _compared(lambda below, same: below),
    "<=": _compared(lambda below, same: below or same),
    ">": _compared(lambda below, same: not below and not same),
    ">=": _compared(lambda below, same: not below),
    "in": _is_in,
    "+": _add,
    "-": _subtract,
    "*": lambda one, other: _numbers(one, other, lambda a, b: a * b),
    "/": _divide,
    "%": _rest,
    "[]": item,
}
