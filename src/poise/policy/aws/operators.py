"""Condition operators over a context: yes, no, or the condition itself if a value is not known.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Single-valued vs. multivalued
context keys". A missing key fails a plain operator, passes a negated one, `...IfExists` and `ForAllValues`.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import ipaddress
from collections.abc import Callable
from functools import lru_cache

from poise.policy import globs
from poise.policy.aws.conditions import Condition, Kind, Quantifier
from poise.policy.aws.context import Context, expand, literal
from poise.policy.residual import Truth, condition

_ORDERS: dict[str, Callable[[float, float], bool]] = {
    "": lambda have, want: have == want,
    "lt": lambda have, want: have < want,
    "le": lambda have, want: have <= want,
    "gt": lambda have, want: have > want,
    "ge": lambda have, want: have >= want,
}


def holds(one: Condition, context: Context, *, variables: bool = True) -> Truth:
    """Say whether a condition holds."""
    if not context.knows(one.key):
        return condition(str(one), one)
    have = context.get(one.key)
    if one.operator.kind is Kind.NULL:
        return any((value.lower() == "true") is not bool(have) for value in one.values)
    if not have:
        return if_missing(one)
    wanted = [expand(value, context, variables=variables) for value in one.values]
    texts = [text for text in wanted if isinstance(text, str)]
    found = _of_values(one, have, texts)
    if None in wanted and _of_values(one, have, [*texts, *have]) is not found:
        return condition(str(one), one)
    return found


def if_missing(one: Condition) -> bool:
    """Say what a condition other than `Null` gives when its key is missing."""
    if one.quantifier is Quantifier.ALL or one.if_exists:
        return True
    return one.operator.is_negated and one.quantifier is not Quantifier.ANY


def _of_values(one: Condition, have: tuple[str, ...], texts: list[str]) -> bool:
    matched = [any(matches(one, value, text) for text in texts) for value in have]
    if one.quantifier is Quantifier.NONE:
        return any(matched) is not one.operator.is_negated
    passed = [match is not one.operator.is_negated for match in matched]
    return all(passed) if one.quantifier is Quantifier.ALL else any(passed)


def matches(one: Condition, have: str, want: str) -> bool:
    """Say whether one value of the request matches one of the policy, negation and quantifier left aside."""
    kind = one.operator.kind
    if kind in (Kind.TEXT, Kind.BINARY, Kind.TEXT_ANY_CASE, Kind.BOOL):
        return _equal(kind, have, want)
    if kind is Kind.LIKE:
        return globs.matches(want, literal(have))
    if kind is Kind.ARN:
        return arn_matches(want, literal(have))
    if kind is Kind.IP:
        return _inside(have, want)
    return _ordered(one, have, want)


def arn_matches(pattern: str, arn: str) -> bool:
    """Match ARNs field by field: a star does not cross the first five colons."""
    fields, parts = pattern.split(":", 5), arn.split(":", 5)
    if len(fields) < 6 or len(parts) < 6:
        return globs.matches(pattern, arn)
    return all(map(globs.matches, fields, parts))


def _equal(kind: Kind, have: str, want: str) -> bool:
    if kind is Kind.BINARY:
        return _bytes(have) == _bytes(want)
    have = literal(have)
    want = literal(want)
    return have == want if kind is Kind.TEXT else have.lower() == want.lower()


def _bytes(text: str) -> bytes | str:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return text


def _inside(have: str, want: str) -> bool:
    try:
        network = _network(want)
        address = ipaddress.ip_address(have)
    except ValueError:
        return False
    return address.version == network.version and address in network


@lru_cache(maxsize=4096)
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)


def _ordered(one: Condition, have: str, want: str) -> bool:
    read = number if one.operator.kind is Kind.NUMBER else moment
    left, right = read(have), read(want)
    return left is not None and right is not None and _ORDERS[one.operator.order](left, right)


def number(text: str) -> float | None:
    """Read a number; None if it is none."""
    try:
        return float(text)
    except ValueError:
        return None


def moment(text: str) -> float | None:
    """Read a moment, ISO 8601 or seconds since 1970, as seconds since 1970; None if it is none."""
    seconds = number(text)
    if seconds is not None:
        return seconds
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=dt.UTC)).timestamp()
