"""Properties of nodes as queries compare them: their values, and comparison with three truth values."""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

from poise.model.graph import Node
from poise.model.query import Operator

IDENTITY = ("id", "name", "kind", "provider", "scope", "region")
"""Properties that every node has."""
TAG = "tag."
"""What the name of a tag's property begins with."""
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LESS: lambda a, b: a < b,
    Operator.AT_MOST: lambda a, b: a <= b,
    Operator.MORE: lambda a, b: a > b,
    Operator.AT_LEAST: lambda a, b: a >= b,
}
_TEXT: dict[Operator, Callable[[str, str], bool]] = {
    Operator.CONTAINS: lambda a, b: b in a,
    Operator.STARTS: str.startswith,
    Operator.ENDS: str.endswith,
}


def lookup(node: Node, name: str) -> Any:
    """Return the value of a property, or None if the node lacks it. Empty identity is None."""
    if name in IDENTITY:
        return getattr(node, name) or None
    if name.startswith(TAG):
        return node.tags.get(name.removeprefix(TAG))
    return node.insights.get(name)


def lowered(text: str) -> str:
    """Return text with the letters A to Z in lower case and every other one as it is, as each store can."""
    return text.translate(_LOWER)


def compare(have: Any, operator: Operator, want: Any) -> bool | None:
    """Compare a property with a value; None where the node lacks it or the two cannot be compared."""
    if operator is Operator.EXISTS:
        return have is not None
    if have is None:
        return None
    if operator is Operator.IN:
        return _in(have, want)
    if operator is Operator.UNEQUAL:
        equal = _equal(have, want)
        return None if equal is None else not equal
    if operator is Operator.EQUAL:
        return _equal(have, want)
    if operator in _TEXT:
        return _textual(have, operator, want)
    return _ordered(have, operator, want)


def _in(have: Any, wanted: tuple[Any, ...]) -> bool | None:
    found = [_equal(have, each) for each in wanted]
    if True in found:
        return True
    return None if None in found else False


def _equal(have: Any, want: Any) -> bool | None:
    if isinstance(have, str) and isinstance(want, str):
        return lowered(have) == lowered(want)
    if isinstance(have, bool) and isinstance(want, bool):
        return have is want
    if _is_number(have) and _is_number(want):
        return bool(have == want)
    return None


def _textual(have: Any, operator: Operator, want: str) -> bool | None:
    if isinstance(have, str):
        return _TEXT[operator](lowered(have), lowered(want))
    if isinstance(have, list | tuple) and operator is Operator.CONTAINS:
        return any(isinstance(each, str) and lowered(each) == lowered(want) for each in have)
    return None


def _ordered(have: Any, operator: Operator, want: Any) -> bool | None:
    if isinstance(have, str) and isinstance(want, str):
        return _ORDER[operator](lowered(have), lowered(want))
    if _is_number(have) and _is_number(want):
        return _ORDER[operator](have, want)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
