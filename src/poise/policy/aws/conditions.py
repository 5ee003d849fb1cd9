"""Condition blocks as conditions: operator, quantifier, key and values.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators". All operators and all keys must hold,
of the values of one key one must match (for a negated operator none). Names of operators and keys are read
without case, as IAM does for keys; an operator that IAM does not know is a problem.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

import msgspec

from poise.policy import globs


class Kind(enum.StrEnum):
    """How an operator compares."""

    TEXT = "text"
    TEXT_ANY_CASE = "text_any_case"
    LIKE = "like"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    BINARY = "binary"
    IP = "ip"
    ARN = "arn"
    NULL = "null"


class Operator(msgspec.Struct, frozen=True):
    """A condition operator without quantifier and `IfExists`."""

    name: str
    kind: Kind
    is_negated: bool = False
    order: str = ""
    """For numbers and dates: `lt`, `le`, `gt`, `ge`; empty for equality."""


class Quantifier(enum.StrEnum):
    """How the values of a key with many values are taken."""

    NONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


class Condition(msgspec.Struct, frozen=True):
    """One key under one operator: one test of a `Condition` block."""

    operator: Operator
    quantifier: Quantifier
    if_exists: bool
    key: str
    """Condition key in lower case."""
    values: tuple[str, ...]
    """As written; numbers and booleans as JSON writes them."""
    written: str = ""
    """The key as written, for a person."""

    @property
    def admits_all(self) -> bool:
        """Whether every present value passes: a pattern of stars alone among the values."""
        wild = self.operator.kind in (Kind.LIKE, Kind.ARN) and not self.operator.is_negated
        return wild and any(value and not value.strip(globs.MANY) for value in self.values)

    def __str__(self) -> str:
        name = f"{self.quantifier}:{self.operator.name}" if self.quantifier else self.operator.name
        values = ", ".join(value[:80] for value in self.values[:5])
        more = f" and {len(self.values) - 5} more" if len(self.values) > 5 else ""
        return f"{name}{'IfExists' if self.if_exists else ''} {self.written or self.key} [{values}{more}]"


def _operators() -> dict[str, Operator]:
    both = [
        ("StringEquals", "StringNotEquals", Kind.TEXT),
        ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", Kind.TEXT_ANY_CASE),
        ("StringLike", "StringNotLike", Kind.LIKE),
        ("ArnEquals", "ArnNotEquals", Kind.ARN),
        ("ArnLike", "ArnNotLike", Kind.ARN),
        ("NumericEquals", "NumericNotEquals", Kind.NUMBER),
        ("DateEquals", "DateNotEquals", Kind.DATE),
        ("IpAddress", "NotIpAddress", Kind.IP),
    ]
    found = [Operator(yes, kind) for yes, _, kind in both] + [Operator(no, kind, True) for _, no, kind in both]
    orders = (
        ("LessThan", "lt"),
        ("LessThanEquals", "le"),
        ("GreaterThan", "gt"),
        ("GreaterThanEquals", "ge"),
    )
    for prefix, kind in (("Numeric", Kind.NUMBER), ("Date", Kind.DATE)):
        found += [Operator(f"{prefix}{name}", kind, order=order) for name, order in orders]
    found += [Operator("Bool", Kind.BOOL), Operator("BinaryEquals", Kind.BINARY), Operator("Null", Kind.NULL)]
    return {operator.name.lower(): operator for operator in found}


OPERATORS = _operators()
LONGEST = 20_480
"""Longest value: no policy of AWS is larger than 32 KiB."""
_SUFFIX = "ifexists"


def parse_conditions(written: Any) -> tuple[tuple[Condition, ...], list[str]]:
    """Return the conditions of a `Condition` element, and what in it cannot be understood."""
    if written is None:
        return (), []
    if not isinstance(written, Mapping):
        return (), [f"Condition is a {type(written).__name__}, not a JSON object"]
    conditions: list[Condition] = []
    problems: list[str] = []
    for name, keys in written.items():
        if not isinstance(keys, Mapping):
            problems.append(f"Condition {str(name)[:80]} holds no keys")
            continue
        for key, values in keys.items():
            one = _condition(str(name), str(key), values)
            if isinstance(one, str):
                problems.append(one)
            else:
                conditions.append(one)
    return tuple(conditions), problems


def _condition(name: str, key: str, values: Any) -> Condition | str:
    quantifier, _, bare = name.rpartition(":")
    bare = bare.lower()
    if_exists = bare.endswith(_SUFFIX)
    operator = OPERATORS.get(bare.removesuffix(_SUFFIX))
    known = next((q for q in Quantifier if q.lower() == quantifier.lower()), None)
    if operator is None or known is None or (if_exists and operator.kind is Kind.NULL):
        return f"Condition operator {name[:80]!r} is not known"
    items = values if isinstance(values, (list, tuple)) else [values]
    texts = [_text(item) for item in items]
    if None in texts:
        return f"Condition {name[:80]} {key[:80]} holds a value that cannot be one"
    return Condition(operator, known, if_exists, key.lower(), tuple(t for t in texts if t is not None), key)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 2**64:
        return None
    return str(value) if isinstance(value, (str, int, float)) and len(str(value)) <= LONGEST else None
