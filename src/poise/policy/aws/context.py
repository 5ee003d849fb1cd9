"""What is known about a request: values of condition keys, known to be missing, or not known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

Value = str | Sequence[str] | None
"""One value, many, or None: the key is known to be missing."""
LITERAL = {"*": "\ue000", "?": "\ue001"}
"""Signs that stand for a star and a question mark that are no wildcards."""
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")


class Context(msgspec.Struct, frozen=True):
    """Values of condition keys. A key that is not in ``values`` is unknown, or missing if ``is_complete``."""

    values: Mapping[str, tuple[str, ...] | None]
    """By key in lower case; None: known to be missing."""
    is_complete: bool = False
    """Whether every other key is known to be missing."""

    @classmethod
    def of(cls, values: Mapping[str, Value] | None = None, *, is_complete: bool = False) -> Context:
        """Make a context from plain values, keys in any case."""
        made: dict[str, tuple[str, ...] | None] = {}
        for key, value in (values or {}).items():
            made[key.lower()] = (value,) if isinstance(value, str) else value if value is None else tuple(value)
        return cls(made, is_complete)

    def knows(self, key: str) -> bool:
        """Say whether the values of a key, or that it is missing, are known."""
        return self.is_complete or key in self.values

    def get(self, key: str) -> tuple[str, ...]:
        """Return the values of a known key; empty if it is missing."""
        return self.values.get(key) or ()


def expand(text: str, context: Context, *, variables: bool) -> str | bool | None:
    """Put values for the variables of a policy text.

    Returns the text, with signs of :data:`LITERAL` for stars that are not wildcards; None if a value is not
    known; False if a variable is missing and has no default, so that nothing can match.
    """
    if not variables or "${" not in text:
        return text
    parts: list[str] = []
    at = 0
    for found in _VARIABLE.finditer(text):
        parts.append(text[at : found.start()])
        at = found.end()
        value = _value(found[1], context)
        if not isinstance(value, str):
            return value
        parts.append(literal(value))
    return "".join((*parts, text[at:]))


def literal(text: str) -> str:
    """Return a text in which stars and question marks are no wildcards."""
    for sign, stand_in in LITERAL.items():
        text = text.replace(sign, stand_in)
    return text


def variables_in(text: str) -> Iterator[str]:
    """Yield the keys of the variables in a text, in lower case."""
    return (found[1].split(",", 1)[0].strip().lower() for found in _VARIABLE.finditer(text))


def _value(written: str, context: Context) -> str | bool | None:
    if written in ("*", "?", "$"):
        return written
    key, _, default = written.partition(",")
    key = key.strip().lower()
    if not context.knows(key):
        return None
    values = context.get(key)
    if len(values) == 1:
        return values[0]
    default = default.strip()
    quoted = len(default) >= 2 and default[0] == default[-1] == "'"
    return default[1:-1] if quoted and not values else False
